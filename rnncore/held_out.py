"""The examples a run is measured on and never trained on: drawn once, and the same ones for all who ask the same."""

from collections.abc import Hashable
from weakref import WeakValueDictionary

from torch import Tensor

from rnncore.config import RunConfig
from rnncore.randomness import generator
from rnncore.shuffle import shuffled
from rnncore.tables.kept import without_texts
from rnncore.tasks import Batch, Task

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
