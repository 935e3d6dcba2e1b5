"""Results that are asked for many times within one click, kept for the last few texts without keeping the texts."""

from collections.abc import Callable, Hashable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from rnncore.caching.once import Latest
from rnncore.errors import ConfigError

T = TypeVar("T")
LONG = 200  # characters


@dataclass(frozen=True)
class _Refused:
    """Why a text was refused; the error itself would keep the text alive."""

    why: str


class CacheByText(Generic[T]):
    """The latest results by text and choices; of a text that was refused, why.

    A text is known by its length and by Python's own hash, which each string object computes once and which is keyed
    anew in every process: asking costs no copy and no reading of megabytes.
    """

    def __init__(self, most: int) -> None:
        self._latest: Latest[T | _Refused] = Latest(most)

    def get(
        self, text: str, choices: Hashable, make: Callable[[], T],
        meanwhile: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> T:  # fmt: skip
        """Return what `make` returned for this text and these choices, calling it if that is not at hand.

        Only while it is made, or waited for because somebody else makes it, `meanwhile` is entered.

        Raises
        ------
        ConfigError
            As `make` did; a bad table is not read again for each thing that is tried with it.
        """
        made = self._latest.get((hash(text), len(text), choices), lambda: _made(make), meanwhile)
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
