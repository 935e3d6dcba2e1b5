"""The examples a run is measured on and never trained on: drawn once, and the same ones for all who ask the same."""

from collections.abc import Callable, Hashable
from weakref import WeakValueDictionary

import torch
from torch import Tensor

from rnncore.caching.by_text import without_texts
from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.networks.sequence_model import SequenceModel
from rnncore.seeding import generator
from rnncore.tasks import Batch, Task
from rnncore.tasks.shuffle import shuffled

PIECE_BYTES = 12 * 2**20  # of a network's hidden values; more examples than this allows are answered in pieces

_drawn: WeakValueDictionary[Hashable, Batch] = WeakValueDictionary()


def held_out(config: RunConfig, task: Task) -> Batch:
    """Return the held-out examples of a run; the networks of a race, and of a class, share them."""
    key = (config.task, config.seq_len, config.seed, config.shuffle, without_texts(config.options))
    found = _drawn.get(key)
    if found is None:
        found = task.held_out(task.held_out_size, generator(config.seed, "held-out"))
        found = shuffled(found, config.shuffle, config.seed, generator(config.seed, "held-out order"))
        _drawn[key] = found
    return found


def bytes_of(batch: Batch) -> int:
    """Return what the examples hold in memory."""
    return sum(part.numel() * part.element_size() for part in vars(batch).values() if isinstance(part, Tensor))


def answered(
    model: SequenceModel, batch: Batch, config: RunConfig, give_way: Callable[[], None] | None = None
) -> tuple[Tensor, float]:
    """Return a network's outputs for all examples, and the share of its top layer's values that are saturated.

    A large network answers some examples at a time, so that this takes no more memory than an update does;
    `give_way` is called between the pieces.
    """
    directions = 2 if config.bidirectional else 1
    each = 4 * len(batch.inputs) * config.hidden_size * directions * (CELLS[config.cell].blocks + 3)
    outputs, shares, counts = [], [], []
    for start in range(0, batch.size, count := max(1, PIECE_BYTES // each)):
        if start and give_way is not None:
            give_way()
        piece = batch if count >= batch.size else batch.select(slice(start, start + count), model.many_to_one)
        answers, hidden = model.answer(piece)
        outputs.append(answers)
        shares.append(model.saturated(hidden, piece.lengths))
        counts.append(len(hidden) * piece.size if piece.lengths is None else int(piece.lengths.sum()))
    share = sum(share * n for share, n in zip(shares, counts, strict=True)) / sum(counts)
    return (outputs[0] if len(outputs) == 1 else torch.cat(outputs, dim=0 if model.many_to_one else 1)), share
