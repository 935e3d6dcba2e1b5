"""Turns: pages run one at a time, and one that computes for long lets the others go first."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType


class Turn:
    """A lock that its holder may take again, and give away in between.

    Python lets only one thread compute at a time anyway, but left to itself it switches between all that want to,
    which with 30 viewers cost 15 times the latency of letting each page finish.

    Attributes
    ----------
    waited
        Seconds that a turn has lately been waited for: a mean in which the last hundred turns count most.
    """

    def __init__(self) -> None:
        self.waited = 0.0
        self._lock = threading.Lock()
        self._mine = threading.local()

    def __enter__(self) -> None:
        if not self._depth:
            asked = time.perf_counter()
            self._lock.acquire()
            self.waited += (time.perf_counter() - asked - self.waited) / 100
        self._mine.depth = self._depth + 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._mine.depth -= 1
        if not self._depth:
            self._lock.release()

    @property
    def taken(self) -> bool:
        """Whether somebody has the turn at this moment."""
        return self._lock.locked()

    @property
    def _depth(self) -> int:
        return getattr(self._mine, "depth", 0)

    @contextmanager
    def given_away(self) -> Iterator[None]:
        """Let others run for the length of a computation."""
        depth = self._depth
        if depth:
            self._mine.depth = 0
            self._lock.release()
        try:
            yield
        finally:
            if depth:
                self._lock.acquire()
                self._mine.depth = depth
