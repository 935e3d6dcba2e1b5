"""The log of what clients did wrong: one line for each kind and minute, and nothing that they sent."""

import logging
import re
import threading
import time
from collections.abc import Callable

from playground.session import faults

MINUTE = 60.0
FOREIGN = ("streamlit", "uvicorn", "websockets", "starlette", "multipart", "python_multipart", "asyncio")
MOST_KINDS = 500
SLOT = re.compile(r"%[-#0 +]*[\d.]*[a-zA-Z]")

log = logging.getLogger(__name__)


class Minutes:
    """Lets one of each kind through a minute, and counts the others."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def due(self, kind: str) -> int | None:
        """Return how many of this kind were held back since the last one, or None while it is to be held back."""
        now = self._clock()
        with self._lock:
            since, held = self._seen.get(kind, (-MINUTE, 0))
            if now - since < MINUTE:
                self._seen[kind] = since, held + 1
                return None
            if len(self._seen) >= MOST_KINDS:
                self._seen.clear()
            self._seen[kind] = now, 0
            return held


_minutes = Minutes()


def client_fault(kind: str) -> None:
    """Note that a client did something that no page of ours does."""
    held = _minutes.due(kind)
    if held is not None:
        log.warning("a client: %s%s", kind, f" ({held:,} more like it since the last line)" if held else "")


class Quiet(logging.Filter):
    """Keeps in what the libraries below say to one line a kind and minute, without what a client sent.

    Their messages are templates: the template is kept and what would be filled in is not. A traceback tells of a
    mistake of ours; it comes once, with a number, as `playground.session.faults` has it.
    """

    def __init__(self, minutes: Minutes) -> None:
        super().__init__()
        self._minutes = minutes

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a message is written, after taking out of it what a client may have sent."""
        if record.levelno < logging.WARNING:
            return True
        error = record.exc_info[1] if record.exc_info else None
        record.msg = SLOT.sub("…", str(record.msg).partition("\n")[0])
        record.args = ()
        record.exc_info = None
        if error is not None:
            faults.report(error)
            record.msg = f"{record.msg} ({faults.number(error)})"
        held = self._minutes.due(f"{record.name} {record.msg}")
        if held:
            record.msg = f"{record.msg} ({held:,} more like it since the last line)"
        return held is not None


_quiet = Quiet(_minutes)


def quieten() -> None:
    """Put the filter on every logger that the libraries below have made by now."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in FOREIGN:
            logging.getLogger(name).addFilter(_quiet)  # adding it twice adds it once
