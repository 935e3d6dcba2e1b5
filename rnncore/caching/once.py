"""Results that are computed once for all who ask, whichever threads they are on, and kept.

`functools.lru_cache` has everybody who comes before the first is done make it too: thirty people who opened the same
link at once waited thirty times as long. Here they wait for the first.

What makes a value must not wait for anything that somebody may hold who asks for the same value.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class _Place(Generic[T]):
    """The place of a value, filled once it is made."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.made: list[T] = []


class Latest(Generic[T]):
    """The values that were asked for last, each made once.

    Parameters
    ----------
    most
        How many are kept.
    """

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._places: OrderedDict[Hashable, _Place[T]] = OrderedDict()

    def get(
        self,
        key: Hashable,
        make: Callable[[], T],
        meanwhile: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> T:
        """Return what `make` returned for this key, calling it if nobody has, and waiting for one who does.

        Of what `make` raises nothing is kept. Only while it is made or waited for, `meanwhile` is entered.
        """
        with self._lock:
            place = self._places.setdefault(key, _Place())
            self._places.move_to_end(key)
            if len(self._places) > self._most:
                self._places.popitem(last=False)
        if place.made:
            return place.made[0]
        with meanwhile(), place.lock:
            if not place.made:
                place.made.append(make())
            return place.made[0]


def once_for_each(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Let a function make its value once for each of the `most` arguments that were asked for last."""

    def decorate(make: Callable[P, T]) -> Callable[P, T]:
        latest: Latest[T] = Latest(most)

        @wraps(make)
        def get(*args: P.args, **named: P.kwargs) -> T:
            return latest.get((args, tuple(sorted(named.items()))), lambda: make(*args, **named))

        return get

    return decorate


def once(make: Callable[[], T]) -> Callable[[], T]:
    """Let a function make its value at the first call and return the same one ever after."""
    return once_for_each(1)(make)
