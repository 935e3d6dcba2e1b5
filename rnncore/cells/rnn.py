"""The vanilla recurrent network (Elman, 1990) with tanh, ReLU or sigmoid."""

from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from rnncore.cells.base import CELLS, Cell, State
from rnncore.cells.fast import Floats, MatrixLayer


class RNNLayer(MatrixLayer):
    """h' = tanh(W_ih x + b_ih + W_hh h + b_hh) in NumPy; both biases go with the input."""

    def step(self, projected: Floats) -> None:
        """Take one step."""
        np.dot(self.weight_hh, self.h, out=self.sums)
        self.sums += projected
        np.tanh(self.sums, out=self.h)


@CELLS.register("rnn")
class RNN(Cell):
    """Vanilla RNN with tanh, as `torch.nn.RNN`.

    .. math:: h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)

    ``x_t (batch, input)``, ``h_t (batch, hidden)``. Elman, "Finding structure in time" (1990).
    """

    label = "Vanilla RNN"
    short = "RNN"
    order = 10
    colours = ("#B8560C", "#FF8A3D")
    dash: ClassVar[tuple[int, ...]] = (2, 2)
    summary = "One layer of tanh units that also sees its own last output. Simple, and quick to forget."
    equations = ("a = W_ih x + b_ih + W_hh h + b_hh", "h = tanh(a)")
    source = "Elman (1990)"
    kernel: ClassVar[Any] = staticmethod(torch.rnn_tanh)
    fast = RNNLayer
    steepest: ClassVar[float | None] = 1.0

    def activation(self, a: Tensor) -> Tensor:
        """Return the unit's answer to its summed input."""
        return torch.tanh(a)

    def compute(self, projected: Tensor, state: State) -> dict[str, Tensor]:
        """Return ``a`` and ``h``; see the class for the equation."""
        a = projected + F.linear(state[0], self.weight_hh, self.bias_hh)
        return {"a": a, "h": self.activation(a)}

    def slope(self, values: dict[str, Tensor]) -> Tensor | None:
        """Return the derivative of `activation` at every one of the values ``a``."""
        with torch.enable_grad():
            a = values["a"].detach().requires_grad_()
            return torch.autograd.grad(self.activation(a).sum(), a)[0]

    def fused(self, x: Tensor, state: State) -> tuple[Tensor, State] | None:
        """Run the whole sequence in PyTorch's kernel, where it has one for this activation."""
        if self.kernel is None:
            return None
        output, h = self.kernel(x, state[0][None], self.weights(), self.bias, 1, 0.0, self.training, False, False)
        return output, (h[0],)


@CELLS.register("rnn_relu")
class ReLURNN(RNN):
    """Vanilla RNN with ReLU, as ``torch.nn.RNN(nonlinearity="relu")``.

    .. math:: h_t = max(0, W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)

    With the identity as its recurrent matrix it is the IRNN of Le, Jaitly and Hinton (2015).
    """

    label = "ReLU RNN"
    short = "ReLU"
    order = 60
    colours = ("#735A00", "#F5BE4B")
    dash = (8, 2, 2, 2)
    instead = ("tanh in place of ReLU, which has no upper bound", "rnn")
    summary = "A vanilla RNN that cuts off at zero instead of squashing. Remembers longer, explodes sooner."
    equations = ("a = W_ih x + b_ih + W_hh h + b_hh", "h = max(0, a)")
    source = "Le, Jaitly and Hinton (2015)"
    kernel: ClassVar[Any] = staticmethod(torch.rnn_relu)

    def activation(self, a: Tensor) -> Tensor:
        """Return max(0, a)."""
        return torch.relu(a)

    def saturated(self, h: Tensor) -> Tensor:
        """Return which units are off (exactly 0, where the slope is 0)."""
        return h == 0


@CELLS.register("rnn_sigmoid")
class SigmoidRNN(RNN):
    """Vanilla RNN with the logistic sigmoid; PyTorch has no module for it.

    .. math:: h_t = 1 / (1 + exp(-(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)))

    Its slope is at most 1/4, so gradients vanish at least four times faster per step than the weights alone say.
    """

    label = "Sigmoid RNN"
    short = "Sigm."
    order = 70
    colours = ("#7E4746", "#D9A574")
    dash = (1, 3)
    summary = "A vanilla RNN with the historical sigmoid. Its slope never exceeds 1/4, so it forgets fastest."
    equations = ("a = W_ih x + b_ih + W_hh h + b_hh", "h = sigmoid(a)")
    kernel: ClassVar[Any] = None
    steepest: ClassVar[float | None] = 0.25

    def activation(self, a: Tensor) -> Tensor:
        """Return the logistic sigmoid of a."""
        return torch.sigmoid(a)

    def saturated(self, h: Tensor) -> Tensor:
        """Return which units lie within 0.025 of 0 or 1 (slope under a tenth of its maximum)."""
        return (h < 0.025) | (h > 0.975)
