"""Which network a task needs, and what it answers."""

import torch
from torch import Tensor

from rnncore.config import RunConfig
from rnncore.model import SequenceModel
from rnncore.tasks import Batch, Task
from rnncore.tasks.writing import WritingTask
from rnncore.writing import WritingModel


def build_network(config: RunConfig, task: Task, generator: torch.Generator | None = None) -> SequenceModel:
    """Return a fresh network for a task: one that writes if the task asks for it, else one that answers in place."""
    if isinstance(task, WritingTask):
        return WritingModel(config, task, generator)
    return SequenceModel(config, task, generator)


def answers(model: SequenceModel, task: Task, batch: Batch, generator: torch.Generator) -> Tensor:
    """Return the outputs for a batch; where the network writes, what it wrote by itself, in the form of the targets."""
    if isinstance(model, WritingModel) and isinstance(task, WritingTask):
        return model.write(batch.inputs, task, generator).targets
    return model.answer(batch)[0]
