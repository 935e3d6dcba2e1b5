"""Results that are asked for many times within one click, kept for the last few texts without keeping the texts."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Generic, TypeVar

T = TypeVar("T")
LONG = 200  # characters


class Kept(Generic[T]):
    """The latest results by text and choices; errors are not kept.

    A text is known by its length and by Python's own hash, which each string object computes once and which is keyed
    anew in every process: asking costs no copy and no reading of megabytes.
    """

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._found: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, text: str, choices: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` returned for this text and these choices, calling it if that is not at hand."""
        key = (hash(text), len(text), choices)
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        made = make()
        with self._lock:
            self._found[key] = made
            if len(self._found) > self._most:
                self._found.popitem(last=False)
        return made


def without_texts(values: Mapping[str, Any]) -> tuple[tuple[str, Hashable], ...]:
    """Return settings as a key that holds no long text, but its length and hash instead."""
    return tuple(
        (name, (hash(value), len(value)) if isinstance(value, str) and len(value) > LONG else value)
        for name, value in values.items()
    )
