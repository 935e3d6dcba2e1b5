"""Shuffled time: the same inputs in another order, to see whether a problem lives on order."""

from dataclasses import replace
from typing import Literal

import torch
from torch import Tensor

from rnncore.seeding import generator as seeded
from rnncore.tasks import Batch

Shuffle = Literal["none", "same", "new"]


def as_read(inputs: Tensor, how: Shuffle, seed: int) -> Tensor:
    """Return a question's inputs ``(time, 1, ...)`` in the order in which a run's network reads its examples."""
    return shuffled(Batch(inputs, inputs), how, seed, seeded(seed, "question order")).inputs


def shuffled(batch: Batch, how: Shuffle, seed: int, generator: torch.Generator | None) -> Batch:
    """Return a batch whose input steps stand in another order; the answers stay where they are.

    Parameters
    ----------
    batch
        Examples; the padding of short ones stays at their end.
    how
        ``none`` leaves all as it is; ``same`` puts every example of a run in one order drawn from `seed`; ``new``
        draws an order for each example from `generator`.
    seed, generator
        Where the order comes from.
    """
    steps, n = batch.inputs.shape[:2]
    if how == "none" or steps == 1:
        return batch
    if how == "same":
        keys = torch.rand(steps, 1, generator=seeded(seed, "one order")).expand(-1, n)
    else:
        keys = torch.rand(steps, n, generator=generator)
    if batch.lengths is not None:
        keys = torch.where(torch.arange(steps)[:, None] < batch.lengths, keys, 2.0)
    return replace(batch, inputs=batch.inputs[keys.argsort(dim=0, stable=True), torch.arange(n)])
