"""Results that are asked for many times within one click, kept for the last few texts without keeping the texts."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from rnncore.errors import ConfigError

T = TypeVar("T")
LONG = 200  # characters


@dataclass(frozen=True)
class _Refused:
    """Why a text was refused; the error itself would keep the text alive."""

    why: str


class Kept(Generic[T]):
    """The latest results by text and choices; of a text that was refused, why.

    A text is known by its length and by Python's own hash, which each string object computes once and which is keyed
    anew in every process: asking costs no copy and no reading of megabytes.
    """

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._found: OrderedDict[Hashable, T | _Refused] = OrderedDict()

    def get(self, text: str, choices: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` returned for this text and these choices, calling it if that is not at hand.

        Raises
        ------
        ConfigError
            As `make` did; a bad table is not read again for each thing that is tried with it.
        """
        key = (hash(text), len(text), choices)
        with self._lock:
            if known := key in self._found:
                self._found.move_to_end(key)
                made = self._found[key]
        if not known:
            made = _made(make)
            with self._lock:
                self._found[key] = made
                if len(self._found) > self._most:
                    self._found.popitem(last=False)
        if isinstance(made, _Refused):
            raise ConfigError(made.why)
        return made


def _made(make: Callable[[], T]) -> T | _Refused:
    try:
        return make()
    except ConfigError as error:
        return _Refused(str(error))


def without_texts(values: Mapping[str, Any]) -> tuple[tuple[str, Hashable], ...]:
    """Return settings as a key that holds no long text, but its length and hash instead."""
    return tuple(
        (name, (hash(value), len(value)) if isinstance(value, str) and len(value) > LONG else value)
        for name, value in values.items()
    )
