"""What the pool holds: anything that learns update by update, and what the scheduler knows of it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, Literal, Protocol, TypeVar

from rnncore.measures import Status

Speed = Literal["slow", "medium", "full"]


class Moving(Protocol):
    """What the pool advances: a race, or whatever else learns update by update."""

    @property
    def number(self) -> int:
        """Distinguishes it within this process."""

    @property
    def status(self) -> Status:
        """Where it stands."""

    @property
    def memory(self) -> int:
        """Bytes that it holds, estimated."""

    def start(self) -> None:
        """Say that it should go on."""

    def pause(self) -> None:
        """Say that it should stop after the update in hand."""

    def advance_one(self, *, even_if_paused: bool = False, before: Callable[[], None] | None = None) -> bool:
        """Do the next update; `before` is called right before any that takes time. False at its end."""


M = TypeVar("M", bound=Moving)


@dataclass
class Entry(Generic[M]):
    """A race in the pool, and what the scheduler knows of it."""

    race: M
    owner: str
    speed: Speed = "full"
    used: float = 0.0  # processor seconds, as the scheduler counts them
    queued: float = 0.0  # when it joined the queue, or last gave its place away
    moved: float | None = None  # when it got its present place
    due: float = 0.0  # not before this moment
    single_steps: int = 0
    busy: bool = False
    holds: int = 0  # visitors who are changing or saving it; workers leave it alone meanwhile
    failure: str | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def runnable(self) -> bool:
        """Whether a worker could do something for it."""
        return self.failure is None and (self.race.status == "running" or self.single_steps > 0)


@dataclass(frozen=True)
class Place:
    """Where a waiting race stands: `number` 1 is next, `seconds` how long it waits if nobody stops earlier."""

    number: int
    seconds: float
