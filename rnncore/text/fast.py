"""One time step of the common cells for a single stream, in NumPy: at this size half of what PyTorch takes, or less.

Each layer works in memory of its own, which is the same at every step. A test holds every cell against `Cell.step`.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rnncore.cells.base import Cell

Floats = NDArray[np.float32]
HALF = np.float32(0.5)


class Layer:
    """One layer and its state, for one stream; weights as they are when it is made. This one runs any cell.

    Attributes
    ----------
    h
        ``(hidden,)``: what the layer says; the same memory at every step.
    state
        Its parts, h and possibly c, each ``(hidden,)``, the same memory at every step.
    """

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.state: list[Floats] = [part[0].numpy().copy() for part in cell.initial_state(1)]
        self.h = self.state[0]

    def input_weights(self) -> tuple[Floats, Floats]:
        """Return what turns an input into the layer's sums: W_ih and the bias, in the form that `read` wants."""
        return array(self.cell.weight_ih), _bias(self.cell.bias_ih, self.cell.weight_ih)

    def step(self, projected: Floats) -> None:
        """Take an input's contribution ``(blocks * hidden,)`` one step on."""
        with torch.no_grad():
            state = tuple(torch.from_numpy(part)[None] for part in self.state)
            after = self.cell.step(torch.from_numpy(projected)[None], state)
        for part, new in zip(self.state, after, strict=True):
            part[:] = new[0].numpy()


class RNNLayer(Layer):
    """h' = tanh(W_ih x + b_ih + W_hh h + b_hh); both biases go with the input."""

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        self._weight_hh = self._scaled(array(cell.weight_hh))
        self._sums: Floats = np.empty(len(self._weight_hh), np.float32)

    def _scaled(self, rows: Floats) -> Floats:
        return rows

    def input_weights(self) -> tuple[Floats, Floats]:
        """Return W_ih and b_ih + b_hh."""
        weight, bias = super().input_weights()
        return self._scaled(weight), self._scaled(bias + _bias(self.cell.bias_hh, self.cell.weight_hh))

    def step(self, projected: Floats) -> None:
        """Take one step."""
        np.dot(self._weight_hh, self.h, out=self._sums)
        self._sums += projected
        np.tanh(self._sums, out=self.h)


class LSTMLayer(RNNLayer):
    """Gate order i, f, g, o. Since sigmoid(x) = (1 + tanh(x / 2)) / 2, one tanh does for all, with halved rows."""

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        n = len(self.h)
        sums = self._sums
        self._two, self._o = sums[: 2 * n], sums[3 * n :]
        self._i, self._f, self._g = sums[:n], sums[n : 2 * n], sums[2 * n : 3 * n]

    def _scaled(self, rows: Floats) -> Floats:
        rows = rows.copy()
        n = len(rows) // 4
        rows[: 2 * n] *= 0.5
        rows[3 * n :] *= 0.5
        return rows

    def step(self, projected: Floats) -> None:
        """Take one step."""
        h, c = self.state
        np.dot(self._weight_hh, h, out=self._sums)
        self._sums += projected
        np.tanh(self._sums, out=self._sums)
        self._two += 1
        c *= self._f
        self._g *= self._i
        c += self._g
        c *= HALF
        np.tanh(c, out=h)
        self._o += 1
        self._o *= HALF
        h *= self._o


class GRULayer(Layer):
    """Gate order r, z, n, the reset gate after the matrix; the rows of r and z are halved as in the LSTM."""

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        n = len(self.h)
        self._weight_hh = self._scaled(array(cell.weight_hh))
        self._bias_hh = self._scaled(_bias(cell.bias_hh, cell.weight_hh))
        self._sums: Floats = np.empty(3 * n, np.float32)
        self._gates, self._new = self._sums[: 2 * n], self._sums[2 * n :]
        self._r, self._z, self._n = self._sums[:n], self._sums[n : 2 * n], n

    def _scaled(self, rows: Floats) -> Floats:
        rows = rows.copy()
        rows[: 2 * (len(rows) // 3)] *= 0.5
        return rows

    def input_weights(self) -> tuple[Floats, Floats]:
        """Return W_ih and b_ih."""
        weight, bias = super().input_weights()
        return self._scaled(weight), self._scaled(bias)

    def step(self, projected: Floats) -> None:
        """Take one step."""
        h, gates, new = self.h, self._gates, self._new
        np.dot(self._weight_hh, h, out=self._sums)
        self._sums += self._bias_hh
        gates += projected[: 2 * self._n]
        np.tanh(gates, out=gates)
        gates += 1
        gates *= HALF
        new *= self._r
        new += projected[2 * self._n :]
        np.tanh(new, out=new)
        h -= new
        h *= self._z
        h += new


LAYERS: dict[str, type[Layer]] = {"rnn": RNNLayer, "lstm": LSTMLayer, "gru": GRULayer}


def layer_of(cell: Cell) -> Layer:
    """Return a layer for this cell: a fast one if there is one."""
    return LAYERS.get(cell.name, Layer)(cell)


def array(tensor: Tensor) -> Floats:
    """Return a copy of a tensor's values."""
    values: Floats = tensor.detach().numpy().copy()
    return values


def _bias(bias: Tensor | None, weight: Tensor) -> Floats:
    return np.zeros(len(weight), np.float32) if bias is None else array(bias)
