"""Room in a pool: whether there is any for one more race, and how it is made."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rnncore.errors import LimitError
from rnncore.pool.entry import Entry
from rnncore.training.limits import Limits


def freed_for(
    entry: Entry[Any], others: Mapping[int, Entry[Any]], limits: Limits, is_there: Callable[[str], bool]
) -> list[int]:
    """Return the numbers of the races that must be freed so that there is room for one more.

    Races may be freed that their owners have put aside, then those of owners who are not there, the idle ones first;
    of each kind those of the same visitor first, then the oldest.

    Raises
    ------
    LimitError
        If there is no room even then; nothing need be freed.
    """

    def reluctance(number: int) -> tuple[bool, bool, bool]:
        return not others[number].spare, others[number].runnable, others[number].visitor != entry.visitor

    may_go = [number for number, other in others.items() if other.spare or not is_there(other.owner)]
    may_go.sort(key=reluctance)
    left, freed = dict(others), []
    while refusal := no_room(entry, left.values(), limits):
        if not may_go:
            raise LimitError(refusal)
        freed.append(may_go.pop(0))
        del left[freed[-1]]
    return freed


def no_room(entry: Entry[Any], others: Iterable[Entry[Any]], limits: Limits) -> str:
    """Return why there is no room for a race beside the others, in one sentence, or "" if there is.

    Of memory only what cannot leave it is counted: a race that does not fit beside those that move waits in line.
    """
    there = list(others)
    mine = sum(other.owner == entry.owner for other in there)
    if mine >= limits.races_per_session:
        return f"You already have {mine} runs here, the most for one tab: reset one of them first."
    mine = sum(other.visitor == entry.visitor for other in there)
    if mine >= limits.races_per_visitor:
        return f"You already have {mine} runs in your tabs, the most for one visitor: close one of these tabs first."
    if len(there) >= limits.races:
        return f"All {limits.races} places of this server are taken: try again in a minute."
    all_ = [entry, *there]
    if sum(other.memory_aside for other in all_) > limits.memory:
        return "This server's memory is full at the moment: try a smaller set-up, or again in a minute."
    if sum(other.in_files for other in all_) > limits.files:
        return "This server has no more room for large networks: try a smaller hidden size, or again in a minute."
    return ""


def make_room(
    entries: Sequence[Entry[Any]], waiting: Sequence[Entry[Any]], limits: Limits, needed: Entry[Any] | None = None
) -> None:
    """Let races leave memory until the others fit, those first that need it least; never one that has a place.

    Parameters
    ----------
    entries
        All races.
    waiting
        Those that wait for a place, in order.
    limits
        How much memory there is.
    needed
        The one that is about to come back into memory.
    """
    idle = [entry for entry in entries if not entry.runnable and entry is not needed]
    idle.sort(key=lambda entry: (not entry.spare, entry.queued))
    held = sum(each.memory_aside if each.aside and each is not needed else each.memory for each in entries)
    for entry in [*idle, *reversed(waiting)]:
        if held <= limits.memory:
            return
        if not entry.aside and entry is not needed and entry.lock.acquire(blocking=False):
            try:
                entry.trainee.put_aside()
                entry.aside = True
            finally:
                entry.lock.release()
            held -= entry.memory - entry.memory_aside
