"""Randomness: one seed, one independent generator per purpose, no global state."""

import hashlib

import torch
from torch import Tensor

GRID = 2**20


def generator(seed: int, purpose: str) -> torch.Generator:
    """Return a fresh `torch.Generator` for one purpose of one seed.

    The purpose is hashed together with the seed, so that drawing more numbers for one purpose
    (say, dropout) never shifts the numbers of another (say, the training data).

    Parameters
    ----------
    seed
        The run's seed.
    purpose
        A word such as ``"data"``, ``"init"``, ``"dropout"`` or ``"held-out"``.
    """
    digest = hashlib.sha256(f"{seed}/{purpose}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1)


def settled(values: Tensor) -> Tensor:
    """Return float64 numbers below 16 as float32 ones that are the same on every processor: multiples of 2**-20.

    The last digits of sines and of normal numbers differ between processors, and on all digits of an example it depends
    on which side of training and held-out it falls.
    """
    return (values * GRID).round_().div_(GRID).float()
