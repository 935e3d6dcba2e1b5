"""Entries of the pool: anything that learns update by update, and what the scheduler knows of it."""

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, Protocol, TypeVar

from rnncore.pool.pace import Pace
from rnncore.training.run_state import Status

Speed = Literal["slow", "medium", "full"]


T = TypeVar("T")
V = TypeVar("V", covariant=True)


class Trainable(Protocol[V]):
    """A race, or whatever else learns update by update in the pool, with a view of its own."""

    @property
    def number(self) -> int:
        """Distinguishes it within this process."""

    @property
    def status(self) -> Status:
        """Its state."""

    @property
    def step(self) -> int:
        """Updates that it has done."""

    @property
    def memory(self) -> int:
        """Bytes that it holds while it moves, estimated."""

    @property
    def memory_aside(self) -> int:
        """Bytes that it holds after `put_aside`, estimated."""

    @property
    def in_files(self) -> int:
        """Bytes that it may come to hold in files, estimated."""

    @property
    def aside(self) -> bool:
        """Whether it has left memory."""

    def put_aside(self) -> None:
        """Leave memory, as far as possible."""

    def take_back(self) -> None:
        """Be as before `put_aside`."""

    def start(self) -> None:
        """Say that it should go on."""

    def pause(self) -> None:
        """Say that it should stop after the update in hand."""

    def advance_one(self, *, even_if_paused: bool = False, before: Callable[[], None] | None = None) -> bool:
        """Do the next update; `before` is called right before any that takes time. False at its end."""

    @property
    def revision(self) -> Hashable:
        """Another value whenever its view may be another."""

    def view(self, *asked: Any, **named: Any) -> V:
        """Return it as it stands, as plain data."""

    def set(self, *unnamed: Any, **changes: Any) -> None:
        """Change settings from the next update on."""


class Measurement(Generic[T]):
    """Something to be measured on a race between two of its updates, by whoever trains it, so that nobody waits.

    Parameters
    ----------
    measure
        Is given the race; it must neither change it nor draw from its generators.

    Attributes
    ----------
    done
        Set when it has been taken.
    value, error
        What `measure` returned, or what it raised; both None before.
    seconds
        Processor time that it took; what others took meanwhile does not count.
    dropped
        Whether its owner has gone.
    """

    def __init__(self, measure: Callable[[Any], T]) -> None:
        self._measure = measure
        self.done = threading.Event()
        self.value: T | None = None
        self.error: Exception | None = None
        self.seconds = 0.0
        self.dropped = False

    def take(self, race: Any) -> None:
        """Measure, whatever comes of it."""
        started = time.thread_time()
        try:
            self.value = self._measure(race)
        except Exception as error:  # told to whoever asked; the race goes on
            self.error = error
        finally:
            self.seconds = time.thread_time() - started
            self.done.set()

    def drop(self, *, begun: bool) -> None:
        """Say that nobody waits for it any more; one that has not begun will not be taken."""
        self.dropped = True
        if not begun:
            self.error = RuntimeError("Nobody waits for this measurement any more.")
            self.done.set()

    def wait(self) -> T:
        """Return its value once it has been taken; raises what it raised."""
        self.done.wait()
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]  # None only where T has it


@dataclass
class Entry(Generic[V]):
    """A race in the pool, and what the scheduler knows of it.

    Who owns it reads its `view`, `status` and `step`, and has the pool do the rest; `trainee` is the pool's alone.
    """

    trainee: Trainable[V]
    owner: str
    visitor: str = ""
    speed: Speed = "full"
    used: float = 0.0  # processor seconds, as the scheduler counts them
    queued: float = 0.0  # when it joined the queue, or last gave its place away
    slot_since: float | None = None  # when it got its present place
    due: float = 0.0  # not before this moment
    single_steps: int = 0
    busy: bool = False
    advancing: bool = False  # a worker looks whether it is to move, or does an update of it
    done: int = 0  # updates that the pool has made it do
    pace: Pace = field(default_factory=Pace)
    holds: int = 0  # visitors who are changing or saving it; workers leave it alone meanwhile
    measurement: Measurement[Any] | None = None  # the next thing to be measured on it
    failure: str | None = None
    aside: bool = False  # it has left memory, and comes back when it is needed
    still: bool = False  # nobody moves it: it is not in the pool, and all who look at it share it
    spare: bool = False  # its owner has put it aside: it is freed when there is no room for another
    lock: threading.Lock = field(default_factory=threading.Lock)
    views: dict[Hashable, tuple[Hashable, V]] = field(default_factory=dict)  # the latest, by what was asked
    memory: int = 0  # these three as the race estimates them, asked once: the scheduler looks at them all the time
    memory_aside: int = 0
    in_files: int = 0

    @property
    def number(self) -> int:
        """Distinguishes it within this process."""
        return self.trainee.number

    @property
    def status(self) -> Status:
        """Its state."""
        return self.trainee.status

    @property
    def step(self) -> int:
        """Updates that it has done."""
        return self.trainee.step

    def view(self, **asked: Any) -> V:
        """Return it as it stands, as plain data; see `Race.view` and `Study.view` for what can be `asked`.

        As long as it has not moved, all who ask the same get the same view: a page asks a dozen times while it is
        drawn, and live views four times a second.
        """
        revision, wanted = self.trainee.revision, tuple(sorted(asked.items()))  # taken first: what moves, shows next
        known = self.views.get(wanted)
        if known is None or known[0] != revision:
            known = self.views[wanted] = revision, self.trainee.view(**asked)
        return known[1]

    def count(self) -> None:
        """Note that one more update has been done."""
        self.done += 1
        self.pace.note(time.monotonic(), self.done, self.speed)

    def weigh(self) -> None:
        """Ask the race what it holds; to be done again where its settings change."""
        self.memory, self.memory_aside, self.in_files = (
            self.trainee.memory,
            self.trainee.memory_aside,
            self.trainee.in_files,
        )

    @property
    def pausing(self) -> bool:
        """Whether it is to rest, but its update in hand may not be done."""
        return self.advancing and not self.single_steps and self.trainee.status in ("paused", "ready")

    @property
    def moving(self) -> bool:
        """Whether what is to be seen of it may change by itself."""
        return self.trainee.status == "running" or self.pausing

    @property
    def runnable(self) -> bool:
        """Whether a worker could do something for it."""
        return self.failure is None and (self.trainee.status == "running" or self.single_steps > 0)


def at_rest(trainee: Trainable[V]) -> Entry[V]:
    """Return the entry of something that nobody moves, for all who look at it."""
    return Entry(trainee, owner="", still=True)


@dataclass(frozen=True)
class Place:
    """The place of a waiting race in line: `number` 1 is next, `seconds` how long it waits if nobody stops earlier.

    `of` is how many have a place meanwhile: fewer where networks are so large that their memory is full.
    """

    number: int
    seconds: float
    of: int


@dataclass(frozen=True)
class Sharing:
    """Among whom the cores are shared: `races` that move, of `owners`; `full` if all go as fast as they can."""

    races: int
    owners: int
    cores: int
    full: bool
