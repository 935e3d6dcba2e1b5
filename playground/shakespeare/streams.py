"""The texts that models are writing for visitors. One goes on only while somebody looks at it."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from playground.language_models.shipped_models import language, preferred
from playground.live.process import page_turn
from playground.session.owned import Owned
from playground.shakespeare.settings import LATE, PER_SECOND, ShakespeareSettings, read_settings
from rnncore.text.sampling import Written, write

AT_ONCE = 0.05  # seconds of writing at most, before others have their turn
LATE_PART = 3  # quarters of a text before its late part


@dataclass
class TextStream:
    """A text in the making: what is asked, what is written, and when it was last added to."""

    settings: ShakespeareSettings
    source: Iterator[Written]
    written: list[Written] = field(default_factory=list)
    stopped: bool = False
    at: float = field(default_factory=time.monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def moving(self) -> bool:
        """Whether there is more to come."""
        return not self.stopped and len(self.written) < self.settings.length

    @property
    def text(self) -> str:
        """The opening and what is written after it."""
        return self.settings.prime + "".join(each.character for each in self.written)

    def add(self, speed: str) -> None:
        """Write what has become due at this speed since the last time, the first character at once."""
        with page_turn.given_away(), self.lock:
            now = time.monotonic()
            due = PER_SECOND[speed] * (now - self.at) if self.written else 1
            self.at = now
            while self.moving and due > 0 and time.monotonic() - now < AT_ONCE:
                self.written.append(next(self.source))
                due -= 1


def _stop(streams: list[TextStream]) -> None:
    for stream in streams:
        stream.stopped = True


_streams = Owned(_stop)


def start(owner: str, settings: ShakespeareSettings) -> list[TextStream]:
    """Begin fresh texts in place of the owner's last ones, one for each text that is asked for."""
    fresh = [
        TextStream(each.model_copy(update={"prime": each.writing.prime}), write(language(each.model), each.writing))
        for each in settings.each()
    ]
    _streams.put(owner, fresh)
    return fresh


def of(owner: str) -> list[TextStream]:
    """Return the owner's texts; none before anything was written."""
    return _streams.get(owner) or []


def on_screen(owner: str) -> list[TextStream]:
    """Return the owner's texts, or, before anything was written, the one that greets every visitor."""
    return of(owner) or [greeting(preferred())]


@lru_cache(maxsize=4)
def greeting(model: str) -> TextStream:
    """Return what a model writes with the settings that a visitor finds; written once, a tenth of a second, for all."""
    settings, _ = read_settings({"model": model})
    return TextStream(settings, iter(()), list(write(language(model), settings.writing)))


def place(stream: TextStream, at: int) -> int:
    """Return which character of a text is looked at, from 1: the chosen one, or the most surprising of a late part."""
    count = len(stream.written)
    if at != LATE:
        return min(at, count)
    return 1 + max(range(LATE_PART * count // 4, count), key=lambda i: stream.written[i].surprise, default=0)


def stop(owner: str) -> None:
    """Write no more of the owner's texts; what is written stays."""
    for stream in of(owner):
        stream.stopped = True
