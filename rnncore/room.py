"""Whether a pool has room for one more race."""

from collections.abc import Iterable
from typing import Any

from rnncore.entry import Entry
from rnncore.limits import Limits


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
