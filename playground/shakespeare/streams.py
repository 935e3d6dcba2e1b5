"""Sheets: the texts that models are writing for visitors. One goes on only while somebody looks at it."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from playground.language_models.shipped_models import language, preferred
from playground.live.process import page_turn
from playground.session.owned import Owned
from playground.shakespeare.settings import LATE, PER_SECOND, Pen, read_pen
from rnncore.text.sampling import Written, write

AT_ONCE = 0.05  # seconds of writing at most, before others have their turn
LATE_PART = 3  # quarters of a text before its late part


@dataclass
class Sheet:
    """A text in the making: what is asked, what is written, and when it was last added to."""

    pen: Pen
    source: Iterator[Written]
    written: list[Written] = field(default_factory=list)
    stopped: bool = False
    at: float = field(default_factory=time.monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def moving(self) -> bool:
        """Whether there is more to come."""
        return not self.stopped and len(self.written) < self.pen.length

    @property
    def text(self) -> str:
        """The opening and what is written after it."""
        return self.pen.prime + "".join(each.character for each in self.written)

    def add(self, speed: str) -> None:
        """Write what has become due at this speed since the last time, the first character at once."""
        with page_turn.given_away(), self.lock:
            now = time.monotonic()
            due = PER_SECOND[speed] * (now - self.at) if self.written else 1
            self.at = now
            while self.moving and due > 0 and time.monotonic() - now < AT_ONCE:
                self.written.append(next(self.source))
                due -= 1


def _stop(sheets: list[Sheet]) -> None:
    for sheet in sheets:
        sheet.stopped = True


_sheets = Owned(_stop)


def start(owner: str, pen: Pen) -> list[Sheet]:
    """Take fresh sheets in place of the owner's last ones, one for each text that is asked for."""
    fresh = [Sheet(each.model_copy(update={"prime": each.writing.prime}), write(language(each.model), each.writing))
             for each in pen.each()]  # fmt: skip
    _sheets.put(owner, fresh)
    return fresh


def of(owner: str) -> list[Sheet]:
    """Return the owner's sheets; none before anything was written."""
    return _sheets.get(owner) or []


def on_screen(owner: str) -> list[Sheet]:
    """Return the owner's sheets, or, before anything was written, the one that greets every visitor."""
    return of(owner) or [greeting(preferred())]


@lru_cache(maxsize=4)
def greeting(model: str) -> Sheet:
    """Return what a model writes with the settings that a visitor finds; written once, a tenth of a second, for all."""
    pen, _ = read_pen({"model": model})
    return Sheet(pen, iter(()), list(write(language(model), pen.writing)))


def place(sheet: Sheet, at: int) -> int:
    """Return which character of a sheet is looked at, from 1: the chosen one, or the most surprising of a late part."""
    count = len(sheet.written)
    if at != LATE:
        return min(at, count)
    return 1 + max(range(LATE_PART * count // 4, count), key=lambda i: sheet.written[i].surprise, default=0)


def stop(owner: str) -> None:
    """Write no more on the owner's sheets; what is written stays."""
    for sheet in of(owner):
        sheet.stopped = True
