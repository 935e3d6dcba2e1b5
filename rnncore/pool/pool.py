"""RunPool: fair time slices for all live races of the process; what their owners can do."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from rnncore.pool.asked import Asked
from rnncore.pool.entry import Entry, Measurement, Place, Sharing, Trainable
from rnncore.pool.room import freed_for
from rnncore.pool.workers import Workers

T = TypeVar("T")


class RunPool(Workers):
    """Owns every race of the process and shares the cores among them.

    One worker thread per core takes the race that has used the least processor time, advances it for at most
    one slice, and puts it back; who has a place, and whose turn it is, is said by `scheduling.Schedule`. A race
    belongs to one owner (a browser tab); nobody else can reach it. An owner belongs to a visitor (a browser).

    All races together hold `limits.memory`. Where there is no room for one that is to move, others leave memory until
    they are needed again (`aside`): first those put aside by their owners, then the finished and paused ones.

    Parameters
    ----------
    limits
        What may exist and move at once.
    workers
        Number of threads; by default one per core.
    others_wait
        Tells whether somebody else in this process has work for Python right now. Workers then wait a little
        before the next update: one that works beside page runs slows them down far more than the time it takes,
        because Python's lock changes hands at every operation.
    is_there
        Tells whether an owner is there to see its races; by default everybody is.
    """

    def add(self, owner: str, race: Trainable[Any], visitor: str = "") -> int:
        """Take in a race, freeing those that may go, and return its number; raises `LimitError` if there is no room.

        Parameters
        ----------
        owner
            The tab that it belongs to.
        race
            What is to be advanced.
        visitor
            Who has that tab open; by default the tab counts as a visitor of its own.
        """
        entry = Entry(race, owner, visitor or owner, queued=time.monotonic(), aside=race.aside)
        entry.weigh()
        with self._changed:
            for number in freed_for(entry, self._entries, self.limits, self._is_there):
                self.remove(number)
            self._entries[race.number] = entry
        self._make_room()
        return race.number

    def get(self, owner: str, number: int | None) -> Entry[Any] | None:
        """Return the owner's race of this number; None if there is none, or if it is somebody else's."""
        entry = self._entries.get(number) if number is not None else None
        return entry if entry and entry.owner == owner else None

    def start(self, entry: Entry[Any]) -> None:
        """Let a race go on; it joins the end of the queue, and starts level with those already moving."""
        entry.weigh()
        with self._changed:
            if not entry.runnable:
                entry.queued, entry.slot_since = time.monotonic(), None
                entry.pace.clear()
                self._schedule.joins(entry, list(self._entries.values()))
            entry.trainee.start()
            self._changed.notify()

    def pause(self, entry: Entry[Any]) -> None:
        """Stop a race after the update in hand; does not wait for it."""
        entry.trainee.pause()
        entry.single_steps = 0

    def step(self, entry: Entry[Any]) -> None:
        """Let a paused race do exactly one update."""
        with self._changed:
            entry.single_steps += 1
            self._changed.notify()

    def change(self, entry: Entry[Any], **changes: Any) -> None:
        """Change settings of a race from its next update on."""
        entry.trainee.set(**changes)

    def rewind(self, entry: Entry[Any]) -> None:
        """Take what diverged back to its last good state; all rest, so that they go on in lock-step."""
        self.pause(entry)
        with self.hold(entry) as race:
            race.rewind()

    def compute(self, entry: Entry[Any], function: Callable[[Any], T], *, waits: bool = True) -> T:
        """Return what a function makes of a race, which it must leave as it is.

        By default that waits for the update in hand and keeps the workers away meanwhile; what is made of parts that
        no update changes need not wait.
        """
        if entry.still or not waits:
            return function(entry.trainee)
        with self.hold(entry) as race:
            return function(race)

    @contextmanager
    def hold(self, entry: Entry[Any]) -> Iterator[Any]:
        """Keep the workers away from a race while it is changed or looked into; waits for the update in hand."""
        with self._changed:
            entry.holds += 1
        try:
            with entry.lock:
                self._have_back(entry)
                yield entry.trainee
        finally:
            with self._changed:
                entry.holds -= 1
                self._changed.notify()

    def measure(self, entry: Entry[Any], measurement: Measurement[Any]) -> None:
        """Have a worker measure something on a race, moving or not; what is still to be measured there is dropped.

        On a race that nobody moves it is measured at once.
        """
        if entry.still:
            measurement.take(entry.trainee)
            return
        with self._changed:
            entry.measurement = measurement
            self._changed.notify()

    def ask(self, owner: str, visitor: str, compute: Callable[[], T]) -> Measurement[T]:
        """Have a worker compute something for a visitor when it is the visitor's turn; it counts as any update does."""
        entry = Asked(owner, visitor, compute)
        with self._changed:
            self._schedule.joins(entry, list(self._entries.values()))
            self._asked.append(entry)
            self._changed.notify()
        return entry.asked

    def withdraw(self, wanted: Measurement[Any]) -> None:
        """Take back what was asked, unless a worker has begun with it."""
        with self._changed:
            found = [entry for entry in self._asked if entry.asked is wanted]
            self._asked = [entry for entry in self._asked if entry.busy or entry not in found]
        for entry in found:
            entry.asked.drop(begun=entry.busy)

    def moves_for_others(self, visitor: Any) -> bool:
        """Return whether a race of anybody else is to move."""
        return any(entry.runnable and entry.visitor != visitor for entry in list(self._entries.values()))

    def remove(self, number: int) -> None:
        """Stop and forget a race."""
        with self._changed:
            entry = self._entries.pop(number, None)
        if entry:
            self.pause(entry)

    def release(self, owners: Iterable[str]) -> None:
        """Stop and forget everything that belongs to these owners."""
        gone = set(owners)
        for number, entry in list(self._entries.items()):
            if entry.owner in gone:
                self.remove(number)
        with self._changed:
            dropped = [entry for entry in self._asked if entry.owner in gone]
            self._asked = [entry for entry in self._asked if entry.busy or entry not in dropped]
            self._schedule.forget_all_but({entry.visitor for entry in [*self._entries.values(), *self._asked]})
        for entry in dropped:
            entry.asked.drop(begun=entry.busy)

    def owners(self) -> set[str]:
        """Return who owns a race at present, or waits for something."""
        return {entry.owner for entry in [*self._entries.values(), *self._asked]}

    def place(self, entry: Entry[Any]) -> Place | None:
        """Return the place of a race that waits for a turn, or None if it need not wait."""
        if entry.slot_since is not None or not entry.runnable:
            return None
        with self._changed:
            return self._schedule.place(entry, *self._schedule.places(self._entries.values()))

    def sharing(self) -> Sharing:
        """Return among whom the cores are shared at this moment."""
        with self._changed:
            moving, _ = self._schedule.places(self._entries.values())
        return Sharing(len(moving), len({e.visitor for e in moving}), len(self._workers),
                       all(e.speed == "full" for e in moving))  # fmt: skip

    def __len__(self) -> int:
        return len(self._entries)
