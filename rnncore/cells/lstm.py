"""Long short-term memory, in PyTorch's convention."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from rnncore.cells.base import CELLS, Cell, State
from rnncore.cells.fast import HALF, Floats, MatrixLayer

GATE_WORDS = {
    "f": "it keeps {share} of what it stored",
    "i": "it lets in {share} of the new value",
    "o": "it shows {share} of what it holds",
}


class LSTMLayer(MatrixLayer):
    """Gate order i, f, g, o. Since sigmoid(x) = (1 + tanh(x / 2)) / 2, one tanh does for all, with halved rows."""

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        n, sums = len(self.h), self.sums
        self._two, self._o = sums[: 2 * n], sums[3 * n :]
        self._i, self._f, self._g = sums[:n], sums[n : 2 * n], sums[2 * n : 3 * n]

    def scaled(self, rows: Floats) -> Floats:
        """Return the rows of the gates i, f and o halved."""
        rows = rows.copy()
        n = len(rows) // 4
        rows[: 2 * n] *= HALF
        rows[3 * n :] *= HALF
        return rows

    def step(self, projected: Floats) -> None:
        """Take one step."""
        h, c = self.state
        np.dot(self.weight_hh, h, out=self.sums)
        self.sums += projected
        np.tanh(self.sums, out=self.sums)
        self._two += 1
        c *= self._f
        self._g *= self._i
        c += self._g
        c *= HALF
        np.tanh(c, out=h)
        self._o += 1
        self._o *= HALF
        h *= self._o


@CELLS.register("lstm")
class LSTM(Cell):
    """LSTM with forget gate, as `torch.nn.LSTM`; gate order i, f, g, o.

    .. math::
        i = sigmoid(W_ii x_t + b_ii + W_hi h_{t-1} + b_hi)
        f = sigmoid(W_if x_t + b_if + W_hf h_{t-1} + b_hf)
        g = tanh(W_ig x_t + b_ig + W_hg h_{t-1} + b_hg)
        o = sigmoid(W_io x_t + b_io + W_ho h_{t-1} + b_ho)
        c_t = f * c_{t-1} + i * g
        h_t = o * tanh(c_t)

    ``x_t (batch, input)``; ``h_t``, ``c_t`` and the gates ``(batch, hidden)``.
    Hochreiter and Schmidhuber (1997), forget gate by Gers et al. (2000).
    Differs in gate order from Keras (i, f, c, o) and ONNX (i, o, f, c).
    """

    label = "LSTM"
    short = "LSTM"
    gated = True
    order = 20
    colours = ("#0072B2", "#56B4E9")
    dash = (1, 0)
    summary = "Keeps a cell state that gates may keep, overwrite or read. The classic answer to forgetting."
    equations = (
        "i = sigmoid(W_ii x + b_ii + W_hi h + b_hi)",
        "f = sigmoid(W_if x + b_if + W_hf h + b_hf)",
        "g = tanh(W_ig x + b_ig + W_hg h + b_hg)",
        "o = sigmoid(W_io x + b_io + W_ho h + b_ho)",
        "c' = f * c + i * g",
        "h' = o * tanh(c')",
    )
    source = "Hochreiter and Schmidhuber (1997); forget gate: Gers et al. (2000)"
    blocks = 4
    block_names = ("i", "f", "g", "o")
    candidate = "g"
    gate_words = GATE_WORDS
    state_names = ("h", "c")
    fast = LSTMLayer

    def compute(self, projected: Tensor, state: State) -> dict[str, Tensor]:
        """Return the gates i, f, g, o and the new c and h."""
        h, c = state
        i, f, g, o = (projected + F.linear(h, self.weight_hh, self.bias_hh)).chunk(4, dim=-1)
        i, f, g, o = torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)
        # c_t = f * c_{t-1} + i * g
        c = f * c + i * g
        # h_t = o * tanh(c_t)
        return {"i": i, "f": f, "g": g, "o": o, "c": c, "h": o * torch.tanh(c)}

    def retention_gate(self, values: dict[str, Tensor]) -> Tensor | None:
        """Return the share of the old state that is kept: the forget gate."""
        return values["f"]

    def fused(self, x: Tensor, state: State) -> tuple[Tensor, State] | None:
        """Run the whole sequence in PyTorch's LSTM kernel."""
        start = [s[None] for s in state]
        output, h, c = torch.lstm(x, start, self.weights(), self.bias, 1, 0.0, self.training, False, False)
        return output, (h[0], c[0])
