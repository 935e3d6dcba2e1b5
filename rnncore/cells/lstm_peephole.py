"""LSTM whose gates also see the cell state, with one weight per unit or with full matrices."""

from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rnncore.cells.base import CELLS, Cell, State
from rnncore.cells.lstm import GATE_WORDS


@CELLS.register("lstm_peephole")
class PeepholeLSTM(Cell):
    """LSTM with diagonal peepholes; gate order i, f, g, o.

    .. math::
        i = sigmoid(W_ii x_t + b_ii + W_hi h_{t-1} + b_hi + w_ci * c_{t-1})
        f = sigmoid(W_if x_t + b_if + W_hf h_{t-1} + b_hf + w_cf * c_{t-1})
        g = tanh(W_ig x_t + b_ig + W_hg h_{t-1} + b_hg)
        c_t = f * c_{t-1} + i * g
        o = sigmoid(W_io x_t + b_io + W_ho h_{t-1} + b_ho + w_co * c_t)
        h_t = o * tanh(c_t)

    ``weight_ci``, ``weight_cf``, ``weight_co (hidden)``: each gate sees its own unit's cell only.
    i and f look at the old cell state, o at the new one. Gers, Schraudolph and Schmidhuber (2002).
    Differs from some lecture slides, which write full matrices on c: see `FullPeepholeLSTM`.
    """

    label = "Peephole LSTM"
    short = "Peep."
    gated = True
    order = 40
    colours = ("#BE498C", "#E8A5CB")
    dash: ClassVar[tuple[int, ...]] = (10, 2, 2, 2, 2, 2)
    summary = "An LSTM whose gates may look at the cell state itself. Made for counting and exact timing."
    equations = (
        "i = sigmoid(W_ii x + b_ii + W_hi h + b_hi + w_ci * c)",
        "f = sigmoid(W_if x + b_if + W_hf h + b_hf + w_cf * c)",
        "g = tanh(W_ig x + b_ig + W_hg h + b_hg)",
        "c' = f * c + i * g",
        "o = sigmoid(W_io x + b_io + W_ho h + b_ho + w_co * c')",
        "h' = o * tanh(c')",
    )
    source = "Gers, Schraudolph and Schmidhuber (2002)"
    blocks = 4
    block_names = ("i", "f", "g", "o")
    candidate = "g"
    gate_words = GATE_WORDS
    state_names = ("h", "c")

    weight_ci: Tensor
    weight_cf: Tensor
    weight_co: Tensor

    def peephole_shape(self) -> tuple[int, ...]:
        """Return the shape of each of the three peephole weights."""
        return (self.hidden_size,)

    def add_weights(self) -> None:
        """Create the three peepholes."""
        for gate in "ifo":
            self.register_parameter(f"weight_c{gate}", nn.Parameter(torch.empty(self.peephole_shape())))

    def peep(self, weight: Tensor, c: Tensor) -> Tensor:
        """Return what a gate sees of the cell state."""
        return weight * c

    def compute(self, projected: Tensor, state: State) -> dict[str, Tensor]:
        """Return the gates i, f, g, o and the new c and h."""
        h, c = state
        i, f, g, o = (projected + F.linear(h, self.weight_hh, self.bias_hh)).chunk(4, dim=-1)
        i = torch.sigmoid(i + self.peep(self.weight_ci, c))
        f = torch.sigmoid(f + self.peep(self.weight_cf, c))
        g = torch.tanh(g)
        # c_t = f * c_{t-1} + i * g
        c = f * c + i * g
        # the output gate looks at the new cell state
        o = torch.sigmoid(o + self.peep(self.weight_co, c))
        return {"i": i, "f": f, "g": g, "o": o, "c": c, "h": o * torch.tanh(c)}

    def retention_gate(self, values: dict[str, Tensor]) -> Tensor | None:
        """Return the share of the old state that is kept: the forget gate."""
        return values["f"]


@CELLS.register("lstm_peephole_full")
class FullPeepholeLSTM(PeepholeLSTM):
    """Peephole LSTM with full matrices on the cell state, as lecture slides often write it.

    As `PeepholeLSTM`, but ``W_ci c_{t-1}``, ``W_cf c_{t-1}`` and ``W_co c_t`` with
    ``weight_ci``, ``weight_cf``, ``weight_co (hidden, hidden)``: each gate sees every unit's cell.
    """

    label = "Peephole LSTM (full)"
    short = "Peep. F"
    order = 90
    colours = ("#76418F", "#F7CBE4")
    dash = (4, 2)
    summary = "The peephole LSTM of many lecture slides: every gate sees every unit's cell state."
    equations = (
        "i = sigmoid(W_ii x + b_ii + W_hi h + b_hi + W_ci c)",
        "f = sigmoid(W_if x + b_if + W_hf h + b_hf + W_cf c)",
        "g = tanh(W_ig x + b_ig + W_hg h + b_hg)",
        "c' = f * c + i * g",
        "o = sigmoid(W_io x + b_io + W_ho h + b_ho + W_co c')",
        "h' = o * tanh(c')",
    )
    source = "lecture notation of Gers, Schraudolph and Schmidhuber (2002)"

    def peephole_shape(self) -> tuple[int, ...]:
        """Return the shape of each of the three peephole matrices."""
        return (self.hidden_size, self.hidden_size)

    def peep(self, weight: Tensor, c: Tensor) -> Tensor:
        """Return what a gate sees of the cell state."""
        return F.linear(c, weight)
