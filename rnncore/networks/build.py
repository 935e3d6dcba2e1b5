"""The network that a task needs, and its answers."""

from typing import cast

import torch
from torch import Tensor

from rnncore.config import RunConfig
from rnncore.networks.encoder_decoder import WritingModel, Written
from rnncore.networks.sequence_model import SequenceModel, Trace
from rnncore.tasks import Batch, Task


def build_network(config: RunConfig, task: Task, generator: torch.Generator | None = None) -> SequenceModel:
    """Return a fresh network for a task: one that writes if the task asks for it, else one that answers in place."""
    if task.writes:
        return WritingModel(config, task, generator)
    return SequenceModel(config, task, generator)


def write(
    model: SequenceModel, task: Task, inputs: Tensor, generator: torch.Generator, traces: list[Trace] | None = None
) -> Written:
    """Return what the network of a task that `writes` makes of inputs, fed with what it wrote itself."""
    return cast(WritingModel, model).write(inputs, task, generator, traces)


def answers(model: SequenceModel, task: Task, batch: Batch, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return the outputs for a batch, and which examples had finite ones throughout: ``(batch,)`` bool.

    Where the network writes, the first is what it wrote by itself, in the form of the targets.
    """
    if task.writes:
        written = write(model, task, batch.inputs, generator)
        return written.targets, written.outputs.isfinite().all(dim=-1).all(dim=0)
    outputs = model.answer(batch)[0]
    finite = outputs.isfinite().all(dim=-1)
    return outputs, finite if task.many_to_one else finite.all(dim=0)
