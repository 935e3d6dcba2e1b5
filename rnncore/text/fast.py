"""One time step of the common cells for a single stream, in NumPy: a fifth of what PyTorch's small operations cost.

Each function is the cell's own equation; a test holds it against `Cell.step`. Matrix products stay with PyTorch,
which keeps to its number of threads.
"""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rnncore.cells.base import Cell

Floats = NDArray[np.float32]


def _sigmoid(x: Floats) -> Floats:
    half: Floats = np.tanh(x * np.float32(0.5))
    half += 1
    half *= np.float32(0.5)
    return half


def _rnn(x: Floats, recurrent: Floats, state: list[Floats]) -> list[Floats]:
    """Return h' = tanh(W_ih x + b_ih + W_hh h + b_hh)."""
    return [np.tanh(x + recurrent)]


def _lstm(x: Floats, recurrent: Floats, state: list[Floats]) -> list[Floats]:
    """Return h' and c'; gate order i, f, g, o."""
    n = len(state[0])
    sums = x + recurrent
    g = np.tanh(sums[2 * n : 3 * n])
    gates = _sigmoid(sums)
    c = gates[n : 2 * n] * state[1] + gates[:n] * g
    return [gates[3 * n :] * np.tanh(c), c]


def _gru(x: Floats, recurrent: Floats, state: list[Floats]) -> list[Floats]:
    """Return h'; gate order r, z, n, the reset gate after the matrix."""
    n = len(state[0])
    gates = _sigmoid(x[: 2 * n] + recurrent[: 2 * n])
    new = np.tanh(x[2 * n :] + gates[:n] * recurrent[2 * n :])
    return [new + gates[n:] * (state[0] - new)]


STEPS: dict[str, Callable[[Floats, Floats, list[Floats]], list[Floats]]] = {"rnn": _rnn, "lstm": _lstm, "gru": _gru}


class FastLayer:
    """One layer and its state, for one stream; weights as they are when it is made.

    Parameters
    ----------
    cell
        One of `STEPS`, or any other cell, whose own `step` is used then.
    """

    def __init__(self, cell: Cell) -> None:
        self._cell, self._step = cell, STEPS.get(cell.name)
        self._weight_ih, self._bias_ih = cell.weight_ih.detach(), _bias(cell.bias_ih, cell.weight_ih)
        if self._step is not None:
            self._weight_hh, self._bias_hh = cell.weight_hh.detach(), _bias(cell.bias_hh, cell.weight_hh)
        self.state: list[Floats] = [part[0].numpy().copy() for part in cell.initial_state(1)]

    def project(self, x: Floats) -> Floats:
        """Return the input's contribution ``W_ih x + b_ih``, ``(blocks * hidden,)``."""
        return times(self._weight_ih, x, self._bias_ih)

    def read(self, projected: Floats) -> Floats:
        """Take the input's contribution one step on; return the new h, ``(hidden,)``."""
        if self._step is None:
            state = tuple(torch.from_numpy(part)[None] for part in self.state)
            with torch.no_grad():
                self.state = [part[0].numpy() for part in self._cell.step(torch.from_numpy(projected)[None], state)]
        else:
            self.state = self._step(projected, times(self._weight_hh, self.state[0], self._bias_hh), self.state)
        return self.state[0]


def times(weight: Tensor, x: Floats, bias: Tensor) -> Floats:
    """Return ``W x + b``."""
    product: Floats = torch.addmv(bias, weight, torch.from_numpy(x)).numpy()
    return product


def _bias(bias: Tensor | None, weight: Tensor) -> Tensor:
    return weight.new_zeros(len(weight)) if bias is None else bias.detach()
