"""The network that a task needs, and its answers."""

import torch
from torch import Tensor

from rnncore.config import RunConfig
from rnncore.networks.encoder_decoder import WritingModel
from rnncore.networks.sequence_model import SequenceModel
from rnncore.tasks import Batch, Task
from rnncore.tasks.writing.base import WritingTask


def build_network(config: RunConfig, task: Task, generator: torch.Generator | None = None) -> SequenceModel:
    """Return a fresh network for a task: one that writes if the task asks for it, else one that answers in place."""
    if isinstance(task, WritingTask):
        return WritingModel(config, task, generator)
    return SequenceModel(config, task, generator)


def answers(model: SequenceModel, task: Task, batch: Batch, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return the outputs for a batch, and which examples had finite ones throughout: ``(batch,)`` bool.

    Where the network writes, the first is what it wrote by itself, in the form of the targets.
    """
    if isinstance(model, WritingModel) and isinstance(task, WritingTask):
        written = model.write(batch.inputs, task, generator)
        return written.targets, written.outputs.isfinite().all(dim=-1).all(dim=0)
    outputs = model.answer(batch)[0]
    finite = outputs.isfinite().all(dim=-1)
    return outputs, finite if task.many_to_one else finite.all(dim=0)
