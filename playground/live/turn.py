"""Turns: pages run one at a time, and one that computes for long lets the others go first."""

import math
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from types import TracebackType

MEMORY_SECONDS = 10.0  # after which what somebody used counts for a third
MODEST_SECONDS = 0.5  # lately used; a page takes 0.02 to 0.1, and to send it as much again
MUCH_SECONDS = 1.0
SPACING_SECONDS = 0.5  # between the pages of somebody who had much
LONGEST_WAIT = 5.0  # seconds
SENDING_SECONDS = 0.05  # what Streamlit takes to begin a page, to send it and to end it
MOST_KNOWN = 2000


class Turn:
    """A lock that its holder may take again, and give away in between; next is who has used it least lately.

    Python lets only one thread compute at a time anyway, but left to itself it switches between all that want to,
    which with 30 viewers cost 15 times the latency of letting each page finish. In the order in which they come,
    somebody whose page is asked for without a pause would make everybody else wait.

    Parameters
    ----------
    who
        Tells for whom this thread asks. None is nobody in particular, and comes first.
    others_want
        Tells whether anybody but this one wants to compute: then who had much of the time lately waits a moment.

    Attributes
    ----------
    waited
        Seconds that a turn has lately been waited for: a mean in which the last hundred turns count most.
    """

    def __init__(
        self, who: Callable[[], Hashable] = lambda: None, others_want: Callable[[Hashable], bool] = lambda _: False
    ) -> None:
        self.waited = 0.0
        self._who, self._others_want = who, others_want
        self._state = threading.Lock()
        self._held = False
        self._holder: Hashable = None
        self._away = 0
        self._waiting: list[tuple[Hashable, threading.Lock]] = []
        self._used: dict[Hashable, tuple[float, float]] = {}  # seconds, and when they were that
        self._free_at: dict[Hashable, float] = {}  # of those who had much: when their next page may begin
        self._mine = threading.local()

    def __enter__(self) -> None:
        if not self._depth:
            self._restrain()
            asked = time.perf_counter()
            self._acquire()
            self.waited += (time.perf_counter() - asked - self.waited) / 100
        self._mine.depth = self._depth + 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._mine.depth -= 1
        if not self._depth:
            self._release(SENDING_SECONDS)

    def _restrain(self) -> None:
        """Let somebody wait who had much of the time lately, while others want to compute: all tabs in one line."""
        who, now = self._who(), time.perf_counter()
        if who is None:
            return
        with self._state:
            free_at = max(now, self._free_at.pop(who, now))
            if self._lately(who, now) < MUCH_SECONDS or not self._others_want(who):
                return
            self._free_at[who] = min(free_at + SPACING_SECONDS, now + LONGEST_WAIT)
            while len(self._free_at) > MOST_KNOWN:
                self._free_at.pop(next(iter(self._free_at)))
        with self._counted_as_away():
            time.sleep(free_at - now)

    @contextmanager
    def _counted_as_away(self) -> Iterator[None]:
        with self._state:
            self._away += 1
        try:
            yield
        finally:
            with self._state:
                self._away -= 1

    def _acquire(self) -> None:
        who = self._who()
        with self._state:
            free, self._held = not self._held, True
            if not free:
                ready = threading.Lock()
                ready.acquire()
                self._waiting.append((who, ready))
        if not free:
            ready.acquire()  # until it is handed over
        self._holder = who
        self._mine.who, self._mine.since = who, time.perf_counter()

    def _release(self, more: float = 0.0) -> None:
        now = time.perf_counter()
        with self._state:
            if self._mine.who is not None:
                self._note(self._mine.who, now - self._mine.since + more, now)
            if not self._waiting:
                self._held = False
                return
            next_one = min(self._waiting, key=lambda each: self._lately(each[0], now))
            self._waiting.remove(next_one)
        next_one[1].release()

    def _lately(self, who: Hashable, now: float) -> float:
        used, then = self._used.get(who, (0.0, now))
        return used * math.exp((then - now) / MEMORY_SECONDS)

    def _note(self, who: Hashable, seconds: float, now: float) -> None:
        total = self._lately(who, now) + seconds
        self._used.pop(who, None)
        self._used[who] = total, now
        while len(self._used) > MOST_KNOWN:
            self._used.pop(next(iter(self._used)))

    @property
    def taken(self) -> bool:
        """Whether somebody has the turn at this moment."""
        return self._held

    @property
    def taken_by_modest(self) -> bool:
        """Whether somebody has the turn who did not have most of it lately: others make room for them."""
        holder = self._holder
        return self._held and (holder is None or self._lately(holder, time.perf_counter()) < MODEST_SECONDS)

    @property
    def queue(self) -> int:
        """The number of those who wait for it at this moment."""
        return len(self._waiting)

    @property
    def away(self) -> int:
        """The number of those who have given it away at this moment, while something is computed for them."""
        return self._away

    @property
    def _depth(self) -> int:
        return getattr(self._mine, "depth", 0)

    @contextmanager
    def given_away(self) -> Iterator[None]:
        """Let others run for the length of a computation."""
        depth = self._depth
        if depth:
            self._mine.depth = 0
            self._release()
        try:
            with self._counted_as_away():
                yield
        finally:
            if depth:
                self._acquire()
                self._mine.depth = depth
