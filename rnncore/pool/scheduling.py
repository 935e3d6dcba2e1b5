"""The order of races in a pool: who moves, who waits, and whose turn at a core it is."""

import time
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from rnncore.pool.entry import Entry, Place
from rnncore.training.limits import Limits

Entries = list[Entry[Any]]


class Schedule:
    """Shares places and processor time among visitors, not among races: who has ten tabs gets one part.

    A place lets a race move; there are `limits.moving`, first one for every visitor, then the second ones. Large
    races besides share half of `limits.memory`, and who does not fit waits for another large one, while small ones
    pass by. Where somebody waits, a place is given up after `limits.turn_seconds`.

    Parameters
    ----------
    limits
        How many places there are, and how much memory.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._swapped = 0.0  # when a place last changed hands
        self._used: dict[str, float] = {}  # processor seconds by visitor

    def places(self, entries: Iterable[Entry[Any]]) -> tuple[Entries, Entries]:
        """Return the races that have a place and those that wait for one, both in order."""
        runnable = [entry for entry in entries if entry.runnable]
        now = time.monotonic()
        moving, waiting = self._share_out(runnable)
        if waiting and now - self._swapped >= self._limits.turn_seconds / len(moving):
            first = min(moving, key=lambda e: now if e.slot_since is None else e.slot_since)
            if first.slot_since is not None and now - first.slot_since > self._limits.turn_seconds:
                first.queued, first.slot_since, self._swapped = now, None, now
                moving, waiting = self._share_out(runnable)
        for entry in moving:
            entry.slot_since = now if entry.slot_since is None else entry.slot_since
        for entry in waiting:
            entry.slot_since = None
        return moving, waiting

    def _share_out(self, runnable: Entries) -> tuple[Entries, Entries]:
        moving, waiting, room = Entries(), Entries(), self._limits.memory / 2
        for entry in in_turns(runnable):
            memory = entry.memory
            small = memory <= self._limits.memory / 2 / self._limits.moving
            if len(moving) == self._limits.moving or not (small or memory <= room or not moving):
                waiting.append(entry)
                continue
            moving.append(entry)
            room -= 0 if small else memory
        return moving, waiting

    def place(self, entry: Entry[Any], moving: Entries, waiting: Entries) -> Place | None:
        """Return where a race stands in the line of those that wait; None if it does not."""
        if entry not in waiting:
            return None
        number, now = waiting.index(entry) + 1, time.monotonic()
        each = self._limits.turn_seconds / len(moving)
        longest = max(now - (now if other.slot_since is None else other.slot_since) for other in moving)
        return Place(number, max(self._limits.turn_seconds - longest, each) + (number - 1) * each, len(moving))

    def charge(self, visitor: str, seconds: float) -> None:
        """Count processor time that was used for a visitor."""
        self._used[visitor] = self._used.get(visitor, 0.0) + seconds

    def joins(self, entry: Entry[Any], others: Sequence[Entry[Any]]) -> None:
        """Let a race that starts, and its visitor, be level with those that are moving."""
        moving = [other for other in others if other.runnable]
        entry.used = max(entry.used, min((other.used for other in moving), default=entry.used))
        if all(other.visitor != entry.visitor for other in moving):
            least = min((self._used.get(other.visitor, 0.0) for other in moving), default=0.0)
            self._used[entry.visitor] = max(self._used.get(entry.visitor, 0.0), least)

    def first(self, ready: Sequence[Entry[Any]]) -> Entry[Any]:
        """Return whose turn it is: of the visitor who has used least, the race that has."""
        return min(ready, key=lambda e: (self._used.get(e.visitor, 0.0), e.used))

    def forget_all_but(self, visitors: Collection[str]) -> None:
        """Forget what visitors who are gone have used."""
        self._used = {visitor: used for visitor, used in self._used.items() if visitor in visitors}


def in_turns(entries: Iterable[Entry[Any]]) -> Entries:
    """Return the first race of every visitor, then the second of each, and so on; by when they joined the line."""
    ranks = Counter[str]()
    ranked = []
    for entry in sorted(entries, key=lambda e: e.queued):
        ranked.append((ranks[entry.visitor], entry.queued, entry))
        ranks[entry.visitor] += 1
    return [entry for _, _, entry in sorted(ranked, key=lambda each: each[:2])]
