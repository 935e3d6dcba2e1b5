"""Results that are computed once for each update of a run and the settings it has then."""

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Protocol, TypeVar

from rnncore.config import RunConfig

T = TypeVar("T")
MOST = 128  # results of one kind


class Stepping(Protocol):
    """A run, a race or a view of one."""

    @property
    def number(self) -> int:
        """Distinguishes it within this process."""

    @property
    def step(self) -> int:
        """Updates that it has done."""

    @property
    def config(self) -> RunConfig:
        """Its settings; some may change between two updates."""


S = TypeVar("S", bound=Stepping)


def once_per_step(make: Callable[[S], T]) -> Callable[[S], T]:
    """Let a function make its value once for each run, its latest update and its settings; forget the oldest."""
    made: OrderedDict[int, tuple[int, RunConfig, T]] = OrderedDict()
    lock = Lock()

    @wraps(make)
    def get(run: S) -> T:
        known = made.get(run.number)
        if known is None or known[:2] != (run.step, run.config):
            known = run.step, run.config, make(run)
            with lock:
                made[run.number] = known
                if len(made) > MOST:
                    made.popitem(last=False)
        return known[2]

    return get
