"""Workers: the threads of the pool, which advance races in turns and compute what is asked."""

import math
import os
import threading
import time
from collections.abc import Callable
from typing import Any

import torch

from rnncore.pool.asked import Asked
from rnncore.pool.courtesy import Courtesy
from rnncore.pool.entry import Entry
from rnncore.pool.room import make_room
from rnncore.pool.scheduling import Schedule
from rnncore.training.limits import Limits

UPDATES_PER_SECOND: dict[str, float] = {"slow": 4, "medium": 30, "full": math.inf}
SLICE_SECONDS = 0.05
ROUND_SECONDS = 0.3  # all races that want to move should do so this often, if their updates are short enough
SHORTEST_SLICE = 0.005


class Workers:
    """One thread per core, all entries, and what the threads do with them; `RunPool` says what it is told.

    Each thread takes the race whose turn it is, advances it for at most one slice, and puts it back.
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

    def close(self) -> None:
        """End all workers and wait for them."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for worker in self._workers:
            worker.join()

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
