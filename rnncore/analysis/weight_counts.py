"""How many weights a layer has and why, counted on layers that are built without memory (PyTorch's meta device)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch

from rnncore.cells import CELLS, Cell
from rnncore.seeding import generator

WINDOWED = next(name for name, kind in CELLS.items() if not kind.recurrent)


@dataclass(frozen=True)
class Matrix:
    """A weight matrix or vector of a layer: PyTorch's name, its shape, and how many blocks lie in it, one a gate."""

    name: str
    shape: tuple[int, ...]
    blocks: int

    @property
    def count(self) -> int:
        """How many numbers it has."""
        return torch.Size(self.shape).numel()


@lru_cache(256)
def matrices(cell: str, inputs: int, units: int, *, bias: bool = True, window: int = 1) -> tuple[Matrix, ...]:
    """Return the weights of a layer, as it is built; `window` counts for one that sees so many steps at once."""
    with torch.device("meta"):
        made = _built(cell, inputs, units, bias, window)
    return tuple(Matrix(name, tuple(each.shape), made.blocks if name in _BLOCKED else 1)
                 for name, each in made.named_parameters())  # fmt: skip


_BLOCKED = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def _built(cell: str, inputs: int, units: int, bias: bool, window: int) -> Cell:
    kind = CELLS[cell]
    options: dict[str, Any] = {"bias": bias, "window": window}
    return kind(inputs, units, generator=generator(0, "size"), **{name: options[name] for name in kind.options})


def count(cell: str, inputs: int, units: int, *, bias: bool = True, window: int = 1) -> int:
    """Return how many weights a layer has."""
    return sum(each.count for each in matrices(cell, inputs, units, bias=bias, window=window))


def growth(
    cell: str, inputs: int, units: int, steps: Sequence[int], *, bias: bool = True
) -> list[tuple[int, int, int]]:
    """Return for each number of steps: itself, the weights of a layer, and those of a window over all steps."""
    own = count(cell, inputs, units, bias=bias)
    return [(each, own, count(WINDOWED, inputs, units, bias=bias, window=each)) for each in steps]
