"""Batch: some examples of a task, time first."""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Batch:
    """Examples, time first.

    Attributes
    ----------
    inputs
        ``(time, batch, features)`` real numbers, or ``(time, batch)`` symbol numbers (int64).
    targets
        Many-to-one: ``(batch, ...)``. All others: ``(time, batch, ...)``. int64 for classes, else float32.
    mask
        Not for many-to-one: ``(time, batch)`` bool, which answers count; None if all do.
    lengths
        ``(batch,)`` int64, the true length of each padded example; None if all are full.
    place
        ``(batch,)`` int64, where in a series each example begins; None if the examples are independent of each other.
    number
        ``(batch,)`` int64, which of a task's few held-out examples each is; None if it is one of endlessly many.
    """

    inputs: Tensor
    targets: Tensor
    mask: Tensor | None = None
    lengths: Tensor | None = None
    place: Tensor | None = None
    number: Tensor | None = None

    @property
    def size(self) -> int:
        """Number of examples."""
        return self.inputs.shape[1]

    def select(self, index: slice | Tensor, many_to_one: bool) -> "Batch":
        """Return some of the examples as a batch of their own."""
        return Batch(
            self.inputs[:, index],
            self.targets[index] if many_to_one else self.targets[:, index],
            None if self.mask is None else self.mask[:, index],
            None if self.lengths is None else self.lengths[index],
            None if self.place is None else self.place[index],
            None if self.number is None else self.number[index],
        )


def join(batches: list[Batch], many_to_one: bool) -> Batch:
    """Return the examples of some batches as one batch."""

    def cat(parts: list[Tensor | None], dim: int) -> Tensor | None:
        return None if parts[0] is None else torch.cat([p for p in parts if p is not None], dim)

    inputs = cat([b.inputs for b in batches], 1)
    targets = cat([b.targets for b in batches], 0 if many_to_one else 1)
    assert inputs is not None and targets is not None  # noqa: S101
    return Batch(inputs, targets, cat([b.mask for b in batches], 1), cat([b.lengths for b in batches], 0),
                 cat([b.place for b in batches], 0), cat([b.number for b in batches], 0))  # fmt: skip


def as_double(batch: Batch) -> Batch:
    """Return a batch whose real numbers have double precision."""

    def double(tensor: Tensor) -> Tensor:
        return tensor.double() if tensor.is_floating_point() else tensor

    return Batch(double(batch.inputs), double(batch.targets), batch.mask, batch.lengths, batch.place, batch.number)
