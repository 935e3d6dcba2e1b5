"""What a visitor wants computed beside the races: taken by the pool's workers in the same fair turns."""

from collections.abc import Callable
from typing import TypeVar

from rnncore.entry import Entry, Measurement
from rnncore.measures import Status, next_number

T = TypeVar("T")


class NoRace:
    """Stands where the pool expects something that moves, and never does."""

    status: Status = "paused"
    memory = memory_aside = in_files = 0

    def __init__(self) -> None:
        self.number = next_number()

    def start(self) -> None:
        """Do nothing."""

    pause = put_aside = take_back = start

    def advance_one(self, *, even_if_paused: bool = False, before: Callable[[], None] | None = None) -> bool:
        """Return that it has ended."""
        return False


def asked(owner: str, visitor: str, compute: Callable[[], T]) -> tuple[Entry[NoRace], Measurement[T]]:
    """Return an entry for the pool that has something to compute, and where its result will be."""
    measurement = Measurement(lambda _: compute())
    return Entry(NoRace(), owner, visitor or owner, measurement=measurement), measurement
