"""The loss of one example as a function of a network's answers: where it stands, and how its parts make one number."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from rnncore.tasks import Batch, Task


@dataclass(frozen=True)
class Objective:
    """What is to become small.

    Attributes
    ----------
    at
        The step of each answer that counts, from 0; none where a network writes after it has read.
    each
        Turns a network's outputs into the loss of each of these answers, ``(answers,)``.
    summed
        Whether the loss is their sum or their mean.
    """

    at: tuple[int, ...]
    each: Callable[[Tensor], Tensor]
    summed: Literal["sum", "mean"]

    def total(self, each: Tensor) -> Tensor:
        """Return the loss, given that of each answer."""
        return each.sum() if self.summed == "sum" else each.mean()


def of_task(task: Task, example: Batch) -> Objective:
    """Return a task's own loss over a batch of one: the mean over all answers that count."""

    def each(outputs: Tensor) -> Tensor:
        return task.losses(*task.counted(outputs, example))

    if task.writes:
        return Objective((), each, "mean")
    steps = len(example.inputs)
    counts = range(steps) if example.mask is None else torch.nonzero(example.mask[:, 0])[:, 0].tolist()
    return Objective((steps - 1,) if task.many_to_one else tuple(counts), each, "mean")


def squared_errors(targets: Tensor) -> Objective:
    """Return the sum over the steps of (y_t - target_t)^2, for targets ``(steps, 1, outputs)``."""
    return Objective(tuple(range(len(targets))), lambda outputs: (outputs - targets).pow(2).sum(dim=(1, 2)), "sum")


def whole(example: Batch, many_to_one: bool) -> Batch:
    """Return a batch of one without its padding."""
    if example.lengths is None:
        return example
    steps = int(example.lengths[0])
    targets = example.targets if many_to_one else example.targets[:steps]
    mask = None if example.mask is None else example.mask[:steps]
    return Batch(example.inputs[:steps], targets, mask, None, example.place, example.number)
