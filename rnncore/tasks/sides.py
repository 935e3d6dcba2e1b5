"""The two sides of generated examples: a hash of the input decides which are for training and which are held out."""

from functools import lru_cache

import torch
from torch import Tensor


def is_held_out(inputs: Tensor) -> Tensor:
    """Return, per example, whether its input belongs to the held-out side: ``(batch,)`` bool.

    A hash of the whole input sequence; one in eight is held out. The same input always gets the same answer.
    """
    bits = inputs.view(torch.int32).long() if inputs.dtype == torch.float32 else inputs
    rows = bits.transpose(0, 1).flatten(1)  # (batch, time * features)
    weights = _hash_weights(rows.shape[1])
    mixed = (rows * weights).sum(dim=1)
    mixed = (mixed ^ (mixed >> 29)) * 0x1B873593
    return ((mixed ^ (mixed >> 32)) & 7) == 0


@lru_cache(maxsize=64)
def _hash_weights(n: int) -> Tensor:
    position = torch.arange(1, n + 1, dtype=torch.int64)
    mixed = position * 0x2545F4914F6CDD1D
    mixed = (mixed ^ (mixed >> 31)) * 0x5851F42D4C957F2D
    return (mixed ^ (mixed >> 27)) | 1
