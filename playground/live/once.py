"""Results that are computed once for each update of a run."""

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
