"""The base of every cell: the contract, the weights and their initialisation."""

import math
from abc import abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rnncore.registry import Registry

State = tuple[Tensor, ...]


class Cell(nn.Module):
    """One time step of a recurrent layer: ``cell(x_t, state) -> state``.

    Weights have PyTorch's names, shapes and gate order, so they move to and from `torch.nn.RNN`,
    `torch.nn.LSTM` and `torch.nn.GRU` unchanged: ``weight_ih (blocks * hidden, input)``,
    ``weight_hh (blocks * hidden, hidden)``, ``bias_ih`` and ``bias_hh (blocks * hidden)``.

    Parameters
    ----------
    input_size, hidden_size
        Features of ``x_t`` and of ``h_t``.
    bias
        False leaves both bias vectors out.
    generator
        Source of the initial weights; None draws from PyTorch's default generator, as `torch.nn` does.

    Notes
    -----
    A subclass states its equations once, in `compute`; the time step, the gates on display and the loop over time all
    use that one method. What others need to know of it, it says itself. A cell that writes text one character at a time
    in NumPy names its layer as `fast`; see `rnncore.cells.fast`.

    Attributes
    ----------
    candidate
        The block of its recurrent matrix that carries content and is no gate.
    steepest
        The largest slope that its activation has anywhere; None where gates decide.
    gated
        Whether it has gates.
    gate_words
        What each gate does, by its name, with ``{share}`` in the place of its value.
    recurrent
        Whether it has a state; else it sees the last inputs and nothing older.
    instead
        Where its numbers have no bounds: a remedy for a run that blew up, in words, and the cell that is one.
    colours
        Of its lines and its name, on a light and on a dark page: letters have 4.5 times the contrast of either.
    dash
        How its lines are drawn: lengths of line and gap in pixels.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    short: ClassVar[str]
    order: ClassVar[int] = 100
    summary: ClassVar[str]
    equations: ClassVar[tuple[str, ...]]
    source: ClassVar[str]
    blocks: ClassVar[int] = 1
    block_names: ClassVar[tuple[str, ...]] = ("h",)
    candidate: ClassVar[str] = "h"
    steepest: ClassVar[float | None] = None
    gated: ClassVar[bool] = False
    gate_words: ClassVar[Mapping[str, str]] = MappingProxyType({})
    colours: ClassVar[tuple[str, str]] = ("#5B4FA8", "#B7ABFF")
    dash: ClassVar[tuple[int, ...]] = (5, 2, 1, 2)
    state_names: ClassVar[tuple[str, ...]] = ("h",)
    options: ClassVar[tuple[str, ...]] = ("bias",)
    recurrent: ClassVar[bool] = True
    instead: ClassVar[tuple[str, str] | None] = None

    weight_ih: Tensor
    weight_hh: Tensor
    bias_ih: Tensor | None
    bias_hh: Tensor | None

    def __init__(
        self, input_size: int, hidden_size: int, *, bias: bool = True, generator: torch.Generator | None = None
    ) -> None:
        super().__init__()
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        rows = self.blocks * hidden_size
        self.weight_ih = nn.Parameter(torch.empty(rows, input_size))
        both = bias and self.recurrent
        self.register_parameter("weight_hh", nn.Parameter(torch.empty(rows, hidden_size)) if self.recurrent else None)
        self.register_parameter("bias_ih", nn.Parameter(torch.empty(rows)) if bias else None)
        self.register_parameter("bias_hh", nn.Parameter(torch.empty(rows)) if both else None)
        self.add_weights()
        self.reset_parameters(generator)

    def add_weights(self) -> None:
        """Create weights beyond the common four (peepholes)."""

    @torch.no_grad()
    def reset_parameters(
        self,
        generator: torch.Generator | None = None,
        init: str = "default",
        gain: float = 1.0,
        forget_bias: float = 0.0,
    ) -> None:
        """Draw the initial weights.

        ``default``
            Everything from U(-1/sqrt(hidden), 1/sqrt(hidden)), as PyTorch does.
        ``orthogonal``
            Every recurrent block a random orthogonal matrix times `gain` (Saxe et al., 2014); biases 0.
        ``identity``
            Every recurrent block the identity times `gain` (IRNN: Le, Jaitly and Hinton, 2015); biases 0.

        `forget_bias` is added to the forget gate's part of ``bias_ih`` only, since the two bias vectors
        act as their sum (Gers et al., 2000; Jozefowicz et al., 2015). 0 leaves PyTorch's default alone.
        """
        bound = 1 / math.sqrt(self.hidden_size)
        for parameter in self.parameters():
            parameter.uniform_(-bound, bound, generator=generator)
        if init != "default" and self.recurrent:
            for block in self.weight_hh.chunk(self.blocks):
                if init == "orthogonal":
                    nn.init.orthogonal_(block, gain, generator=generator)
                else:
                    block.copy_(gain * torch.eye(self.hidden_size))
            for vector in (self.bias_ih, self.bias_hh):
                if vector is not None:
                    vector.zero_()
        if "f" in self.block_names and self.bias_ih is not None:
            self.bias_ih.chunk(self.blocks)[self.block_names.index("f")].add_(forget_bias)

    def initial_state(self, batch: int) -> State:
        """Return the state before the first step: zeros, one ``(batch, hidden)`` tensor per state name."""
        zero = self.weight_ih.new_zeros(batch, self.hidden_size)
        return tuple(zero for _ in self.state_names)

    def project(self, x: Tensor) -> Tensor:
        """Return the input's contribution ``W_ih x + b_ih``; for a whole sequence it is one matrix product."""
        return F.linear(x, self.weight_ih, self.bias_ih)

    @abstractmethod
    def compute(self, projected: Tensor, state: State) -> dict[str, Tensor]:
        """Return every intermediate value of one step, by the name used in its equation, the new state included."""

    def step(self, projected: Tensor, state: State) -> State:
        """Advance one step, given the input's contribution from `project`."""
        values = self.compute(projected, state)
        return tuple(values[name] for name in self.state_names)

    def forward(self, x_t: Tensor, state: State) -> State:
        """Advance one step: ``x_t (batch, input)`` and the state to the next state."""
        return self.step(self.project(x_t), state)

    def gates(self, x_t: Tensor, state: State) -> dict[str, Tensor]:
        """Return every intermediate value of one step by the name used in its equation."""
        return self.compute(self.project(x_t), state)

    def fused(self, x: Tensor, state: State) -> tuple[Tensor, State] | None:
        """Run a whole sequence ``(time, batch, input)`` in one PyTorch kernel, or return None if there is none."""
        return None

    def retention_gate(self, values: dict[str, Tensor]) -> Tensor | None:
        """Return the gate that says how much of the old state is kept, out of what `compute` returned, if any."""
        return None

    def slope(self, values: dict[str, Tensor]) -> Tensor | None:
        """Return the activation's slope at every value out of what `compute` returned; None where gates decide."""
        return None

    def saturated(self, h: Tensor) -> Tensor:
        """Return which values of ``h`` sit where the activation's slope is under about a tenth."""
        return h.abs() > 0.95

    def weights(self) -> list[Tensor]:
        """Return the common weights in the order PyTorch's fused kernels take them."""
        return [w for w in (self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh) if w is not None]


CELLS: Registry[Cell] = Registry("cell")
