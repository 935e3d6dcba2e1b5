"""Values that sessions own beside their races: one of each kind, with one end of life.

It ends when it is replaced, or when its session's browser has been gone for too long; the janitor sees to that.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

T = TypeVar("T")
_kinds: list["Owned[Any]"] = []


class Owned(Generic[T]):
    """Values of one kind, by the session that owns them.

    Parameters
    ----------
    end
        Is called with a value that is replaced, or whose owner is gone.
    """

    def __init__(self, end: Callable[[T], None] = lambda value: None) -> None:
        self._end, self._lock = end, threading.Lock()
        self._values: dict[str, T] = {}
        _kinds.append(self)

    def get(self, owner: str) -> T | None:
        """Return the owner's value, if it has one."""
        return self._values.get(owner)

    def put(self, owner: str, value: T) -> None:
        """Give the owner a value in place of its last one."""
        with self._lock:
            before = self._values.get(owner)
            self._values[owner] = value
        if before is not None:
            self._end(before)

    def release(self, owner: str) -> None:
        """End and forget the owner's value."""
        with self._lock:
            before = self._values.pop(owner, None)
        if before is not None:
            self._end(before)

    def owners(self) -> set[str]:
        """Return who owns one."""
        return set(self._values)


def owners() -> set[str]:
    """Return who owns anything here."""
    return set().union(*(kind.owners() for kind in _kinds))


def release(gone: Iterable[str]) -> None:
    """End and forget everything that belongs to these owners."""
    for owner in gone:
        for kind in _kinds:
            kind.release(owner)
