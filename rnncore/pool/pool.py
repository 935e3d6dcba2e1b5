"""RunPool: fair time slices for all live races of the process."""

import math
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import torch

from rnncore.pool.asked import Asked
from rnncore.pool.courtesy import Courtesy
from rnncore.pool.entry import Entry, M, Measurement, Place, Sharing, Trainable
from rnncore.pool.room import freed_for, make_room
from rnncore.pool.scheduling import Schedule
from rnncore.training.limits import Limits

T = TypeVar("T")
UPDATES_PER_SECOND: dict[str, float] = {"slow": 4, "medium": 30, "full": math.inf}
SLICE_SECONDS = 0.05
ROUND_SECONDS = 0.3  # all races that want to move should do so this often, if their updates are short enough
SHORTEST_SLICE = 0.005


class RunPool:
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

    def __init__(
        self,
        limits: Limits | None = None,
        workers: int | None = None,
        others_wait: Callable[[], bool] | None = None,
        is_there: Callable[[str], bool] = lambda owner: True,
    ) -> None:
        self.limits = limits or Limits()
        self._courtesy, self._is_there = Courtesy(others_wait), is_there
        self._entries: dict[int, Entry[Any]] = {}
        self._asked: list[Asked] = []
        self._changed = threading.Condition()
        self._closed = False
        self._schedule = Schedule(self.limits)
        self._workers = [self._spawn() for _ in range(workers or os.cpu_count() or 1)]

    # What visitors do

    def add(self, owner: str, race: Trainable, visitor: str = "") -> int:
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

    def _make_room(self, needed: Entry[Any] | None = None) -> None:
        with self._changed:
            entries = list(self._entries.values())
            _, waiting = self._schedule.places(entries)
        make_room(entries, waiting, self.limits, needed)

    def _have_back(self, entry: Entry[Any]) -> None:
        """Bring a race back into memory, if it had left; its lock is held."""
        if entry.aside:
            self._make_room(entry)
            entry.trainee.take_back()
            entry.aside = False

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

    @contextmanager
    def hold(self, entry: Entry[M]) -> Iterator[M]:
        """Keep the workers away from a race while it is rewound or saved; waits for the update in hand."""
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
        """Have a worker measure something on a race, moving or not; what is still to be measured there is dropped."""
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

    def close(self) -> None:
        """End all workers and wait for them."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for worker in self._workers:
            worker.join()

    # What workers do

    def replace_dead_workers(self) -> int:
        """Replace workers that have died and return how many."""
        dead = [i for i, worker in enumerate(self._workers) if not worker.is_alive()] if not self._closed else []
        for i in dead:
            self._workers[i] = self._spawn()
        return len(dead)

    def _spawn(self) -> threading.Thread:
        worker = threading.Thread(target=self._work, name="run-pool", daemon=True)
        worker.start()
        return worker

    def _next(self) -> tuple[Entry[Any] | None, float | None]:
        """Return the race to advance now, or how long to sleep until one is due."""
        now = time.monotonic()
        moving = [e for e in self._schedule.places(self._entries.values())[0] if not (e.busy or e.holds)]
        ready = [e for e in moving if e.due <= now]
        ready += [e for e in [*self._entries.values(), *self._asked]
                  if e.measurement is not None and not (e.busy or e.holds)]  # fmt: skip
        if ready:
            return self._schedule.first(ready), None
        return None, min((e.due - now for e in moving), default=None)

    def _work(self) -> None:
        torch.set_num_threads(1)
        while True:
            with self._changed:
                entry, patience = self._next()
                while entry is None and not self._closed:
                    self._changed.wait(patience)
                    entry, patience = self._next()
                if self._closed or entry is None:
                    return
                entry.busy = True
            self._serve(entry)

    def _serve(self, entry: Entry[Any]) -> None:
        started = time.thread_time()
        try:
            with entry.lock:
                self._have_back(entry)
                measurement, entry.measurement = entry.measurement, None
                if measurement is not None:
                    self._courtesy.give_way()
                    measurement.take(entry.trainee)
                entry.advancing = entry.slot_since is not None  # first, so that nobody takes it for at rest too early
                if entry.advancing and entry.runnable and entry.due <= time.monotonic():
                    self._advance(entry)
        except BaseException as error:  # whatever happened, it must not take the worker or other races along
            entry.failure = f"{type(error).__name__}: {error}"
            entry.trainee.pause()
            if not isinstance(error, Exception):
                raise
        finally:
            with self._changed:
                entry.used += (used := time.thread_time() - started)
                self._schedule.charge(entry.visitor, used)
                entry.busy = entry.advancing = False
                self._asked = [other for other in self._asked if other is not entry]
                self._changed.notify()

    def _advance(self, entry: Entry[Any]) -> None:
        race = entry.trainee
        if entry.single_steps > 0:
            race.advance_one(even_if_paused=True, before=self._courtesy.give_way)
            entry.single_steps = max(0, entry.single_steps - 1)
            return
        rate = UPDATES_PER_SECOND[entry.speed]
        if math.isfinite(rate):
            entry.due = max(entry.due + 1 / rate, time.monotonic())
            race.advance_one(before=self._courtesy.give_way)
            entry.count()
            return
        runnable = sum(other.runnable for other in list(self._entries.values()))
        deadline = time.perf_counter() + min(SLICE_SECONDS, max(SHORTEST_SLICE, ROUND_SECONDS / max(runnable, 1)))
        while race.status == "running" and not entry.holds and time.perf_counter() < deadline:
            race.advance_one(before=self._courtesy.give_way)
            entry.count()
