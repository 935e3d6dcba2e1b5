"""One time step of a cell for a single stream: of any cell by its own `step`, or in NumPy, which takes half of it.

Each layer works in memory of its own, which is the same at every step. A test holds every cell against `Cell.step`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

if TYPE_CHECKING:
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

    def __init__(self, cell: "Cell") -> None:
        self.cell = cell
        self.state: list[Floats] = [part[0].numpy().copy() for part in cell.initial_state(1)]
        self.h = self.state[0]

    def contributions(self) -> Floats:
        """Return what each symbol contributes, given as a one-hot vector: ``(inputs, sums)``, a row for `step` each."""
        with torch.no_grad():
            return array(self.cell.project(torch.eye(self.cell.input_size)))

    def projection(self) -> Callable[[Floats], Floats]:
        """Return the function from an input ``(inputs,)`` to what it contributes, ``(sums,)``, as `step` takes it."""

        def project(x: Floats) -> Floats:
            with torch.no_grad():
                return array(self.cell.project(torch.from_numpy(x)[None])[0])

        return project

    def step(self, projected: Floats) -> None:
        """Take an input's contribution one step on."""
        with torch.no_grad():
            state = tuple(torch.from_numpy(part)[None] for part in self.state)
            after = self.cell.step(torch.from_numpy(projected)[None], state)
        for part, new in zip(self.state, after, strict=True):
            part[:] = new[0].numpy()


class MatrixLayer(Layer):
    """The base of layers in NumPy: the weights of a cell as arrays, its rows scaled once, and room for its sums."""

    def __init__(self, cell: "Cell") -> None:
        super().__init__(cell)
        self.weight_hh = self.scaled(array(cell.weight_hh))
        self.sums: Floats = np.empty(len(self.weight_hh), np.float32)

    def scaled(self, rows: Floats) -> Floats:
        """Return rows of weights, or biases, in the form that `step` wants; here as they are."""
        return rows

    def bias(self) -> Floats:
        """Return the bias that goes with the input: here both."""
        return self.bias_ih() + self.bias_hh()

    def bias_ih(self) -> Floats:
        """Return the bias of the input's matrix, zeros where there is none."""
        return _bias(self.cell.bias_ih, self.cell.weight_ih)

    def bias_hh(self) -> Floats:
        """Return the bias of the recurrent matrix, zeros where there is none."""
        return _bias(self.cell.bias_hh, self.cell.weight_hh)

    def contributions(self) -> Floats:
        """Return the columns of W_ih, each with the bias."""
        return np.ascontiguousarray(self.scaled(array(self.cell.weight_ih)).T + self.scaled(self.bias()))

    def projection(self) -> Callable[[Floats], Floats]:
        """Return W_ih x and the bias as a function of x."""
        weight, bias = self.scaled(array(self.cell.weight_ih)), self.scaled(self.bias())
        return lambda x: weight @ x + bias


def layer_of(cell: "Cell") -> Layer:
    """Return a layer for this cell: the one that its class names as `fast`, if any.

    A subclass does not inherit it, since it computes something else.
    """
    kind: type[Layer] = vars(type(cell)).get("fast", Layer)
    return kind(cell)


def array(tensor: Tensor) -> Floats:
    """Return a copy of a tensor's values."""
    values: Floats = tensor.detach().numpy().copy()
    return values


def _bias(bias: Tensor | None, weight: Tensor) -> Floats:
    return np.zeros(len(weight), np.float32) if bias is None else array(bias)
