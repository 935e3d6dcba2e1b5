"""Computations that a visitor wants beside the races: taken by the pool's workers in the same fair turns."""

from collections.abc import Callable
from typing import Any

from rnncore.pool.entry import Entry, Measurement
from rnncore.training.run_state import Status, next_number


class NoRace:
    """Stands where the pool expects something that moves, and never does."""

    status: Status = "paused"
    step = revision = memory = memory_aside = in_files = 0
    aside = False

    def __init__(self) -> None:
        self.number = next_number()

    def start(self) -> None:
        """Do nothing."""

    pause = put_aside = take_back = start

    def view(self) -> None:
        """There is nothing to see."""

    def set(self) -> None:
        """There is nothing to change."""

    def advance_one(self, *, even_if_paused: bool = False, before: Callable[[], None] | None = None) -> bool:
        """Return that it has ended."""
        return False


class Asked(Entry[None]):
    """An entry that has something to compute and then is gone; `asked` is where the result will be."""

    def __init__(self, owner: str, visitor: str, compute: Callable[[], Any]) -> None:
        self.asked = Measurement(lambda _: compute())
        super().__init__(NoRace(), owner, visitor or owner, measurement=self.asked)
