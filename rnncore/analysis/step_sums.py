"""The gradient of a parameter as a sum over the steps, from the last back to the first."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

Floats = npt.NDArray[np.float64]
KEPT = 64  # numbers of a parameter up to which what each step adds is kept in full


@dataclass(frozen=True, eq=False)
class WeightGradient:
    """The gradient of the loss by one parameter, as a sum over the steps.

    Attributes
    ----------
    name
        Of the parameter.
    added
        Length of what each step adds, ``(steps,)``.
    so_far
        Length of the sum from the last step back to each, ``(steps,)``.
    total
        The gradient: the sum over all steps, in the form of the parameter.
    each
        What each step adds, ``(steps, *shape)``; None where the parameter has more than `KEPT` numbers.
    """

    name: str
    added: Floats
    so_far: Floats
    total: Floats
    each: Floats | None


class Sums:
    """Parameters' gradients while steps are gone through, the last first: the sum is kept, not every step's part."""

    def __init__(self) -> None:
        self._sums: dict[str, Tensor] = {}
        self._lengths: dict[str, list[tuple[float, float]]] = {}
        self._parts: dict[str, list[Tensor]] = {}

    def add(self, parts: Mapping[str, Tensor]) -> None:
        """Take what the next earlier step adds to each parameter."""
        for name, part in parts.items():
            self._sums[name] = self._sums[name] + part if name in self._sums else part
            self._lengths.setdefault(name, []).append((part.norm().item(), self._sums[name].norm().item()))
            if part.numel() <= KEPT:
                self._parts.setdefault(name, []).append(part)

    def gradients(self) -> tuple[WeightGradient, ...]:
        """Return all that was added, the first step first."""
        found = []
        for name, total in self._sums.items():
            added, so_far = np.array(self._lengths[name][::-1]).T
            parts = self._parts.get(name)
            each = None if parts is None else torch.stack(parts[::-1]).numpy()
            found.append(WeightGradient(name, added, so_far, total.numpy(), each))
        return tuple(found)
