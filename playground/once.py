"""What a process makes once and has until its end.

A cache of Streamlit's would not do: any browser can have those emptied, for everybody.
"""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Protocol, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")


class Stepping(Protocol):
    """A run or a race."""

    @property
    def step(self) -> int:
        """Updates that it has done."""


S = TypeVar("S", bound=Stepping)


def once(make: Callable[[], T]) -> Callable[[], T]:
    """Let a function make its value at the first call and return the same one ever after, whichever thread asks."""
    lock = threading.Lock()
    made: list[T] = []

    @wraps(make)
    def get() -> T:
        if not made:
            with lock:
                if not made:
                    made.append(make())
        return made[0]

    return get


def once_per_step(make: Callable[[S], T]) -> Callable[[S], T]:
    """Let a function make its value once for each run and update, and forget it with the run."""
    made: WeakKeyDictionary[S, tuple[int, T]] = WeakKeyDictionary()

    @wraps(make)
    def get(run: S) -> T:
        known = made.get(run)
        if known is None or known[0] != run.step:
            known = made[run] = run.step, make(run)
        return known[1]

    return get
