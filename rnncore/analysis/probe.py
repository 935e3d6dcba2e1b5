"""The start of a measurement of a network: a copy of it, examples, and each example's own loss."""

import copy
from collections.abc import Sequence

import torch
from torch import Tensor

from rnncore.config import RunConfig
from rnncore.networks.build import build_network
from rnncore.networks.sequence_model import SequenceModel
from rnncore.seeding import generator
from rnncore.tasks import Batch, Task
from rnncore.tasks.shuffle import shuffled
from rnncore.training.run import Run


def loss_steps(task: Task, batch: Batch) -> Tensor:
    """Return, per example, the last step whose answer counts: ``(batch,)`` int64."""
    if task.writes and batch.mask is None:
        return torch.full((batch.size,), len(batch.targets) - 1)
    if batch.mask is None or task.many_to_one:
        return full_lengths(batch) - 1
    steps = torch.arange(len(batch.mask))[:, None]
    return torch.where(batch.mask, steps, -1).max(dim=0).values


def prepared(
    source: RunConfig | Run, batch_size: int, dtype: torch.dtype, weights: Sequence[Tensor] | None = None
) -> tuple[SequenceModel, Task, Batch]:
    """Return a copy of the network in the precision wanted, and training examples that depend on the seed alone.

    `weights` take the place of the network's own, one tensor per parameter.
    """
    if isinstance(source, Run):
        config, task, model = source.config, source.task, copy.deepcopy(source.model)
    else:
        config, task = source, source.build_task()
        model = build_network(config, task, generator(config.seed, "init"))
    for parameter, value in zip(model.parameters(), weights or [], strict=weights is not None):
        parameter.data.copy_(value)
    model.to(dtype)
    model.zero_grad()
    drawn = task.batch(batch_size, generator(config.seed, "gradients"))
    drawn = shuffled(drawn, config.shuffle, config.seed, generator(config.seed, "gradients order"))

    def converted(tensor: Tensor) -> Tensor:
        return tensor.to(dtype) if tensor.is_floating_point() else tensor

    return model, task, Batch(converted(drawn.inputs), converted(drawn.targets), drawn.mask, drawn.lengths)


def full_lengths(batch: Batch) -> Tensor:
    """Return the length of every example, ``(batch,)`` int64, also where none is padded."""
    return batch.lengths if batch.lengths is not None else torch.full((batch.size,), len(batch.inputs))


def losses_at(task: Task, outputs: Tensor, batch: Batch, at: Tensor) -> Tensor:
    """Return each example's own loss, ``(batch,)``, at one step of each."""
    targets = batch.targets
    if not task.many_to_one:
        each = torch.arange(batch.size)
        outputs, targets = outputs[at, each], targets[at, each]
    return task.losses(outputs, targets)


def mean_losses(task: Task, outputs: Tensor, batch: Batch) -> Tensor:
    """Return each example's mean loss over all steps that count, ``(batch,)``."""
    if task.many_to_one:
        return task.losses(outputs, batch.targets)
    steps = torch.arange(len(batch.targets))[:, None]
    counts = batch.mask if batch.mask is not None else steps <= loss_steps(task, batch)
    flat = task.losses(outputs.flatten(0, 1), batch.targets.flatten(0, 1)).view(counts.shape)
    return torch.where(counts, flat, 0.0).sum(dim=0) / counts.sum(dim=0)
