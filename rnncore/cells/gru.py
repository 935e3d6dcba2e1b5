"""Gated recurrent units in the two conventions that are in use."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from rnncore.cells.base import CELLS, Cell, State
from rnncore.cells.fast import HALF, Floats, MatrixLayer


class GRULayer(MatrixLayer):
    """Gate order r, z, n, the reset gate after the matrix; the rows of r and z are halved as in the LSTM."""

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        n = len(self.h)
        self._bias_hh = self.scaled(self.bias_hh())
        self._gates, self._new = self.sums[: 2 * n], self.sums[2 * n :]
        self._r, self._z, self._n = self.sums[:n], self.sums[n : 2 * n], n

    def scaled(self, rows: Floats) -> Floats:
        """Return the rows of the gates halved."""
        rows = rows.copy()
        rows[: 2 * (len(rows) // 3)] *= HALF
        return rows

    def bias(self) -> Floats:
        """Return b_ih alone: b_hh stands inside the reset gate's product."""
        return self.bias_ih()

    def step(self, projected: Floats) -> None:
        """Take one step."""
        h, gates, new = self.h, self._gates, self._new
        np.dot(self.weight_hh, h, out=self.sums)
        self.sums += self._bias_hh
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


@CELLS.register("gru")
class GRU(Cell):
    """GRU in PyTorch's convention, as `torch.nn.GRU`; gate order r, z, n.

    .. math::
        r = sigmoid(W_ir x_t + b_ir + W_hr h_{t-1} + b_hr)
        z = sigmoid(W_iz x_t + b_iz + W_hz h_{t-1} + b_hz)
        n = tanh(W_in x_t + b_in + r * (W_hn h_{t-1} + b_hn))
        h_t = (1 - z) * n + z * h_{t-1}

    ``x_t (batch, input)``; ``h_t`` and the gates ``(batch, hidden)``.
    Differs from Cho et al. (2014): the reset gate acts after the matrix, and z = 1 keeps the old state.
    """

    label = "GRU"
    short = "GRU"
    gated = True
    order = 30
    colours = ("#007F5F", "#2BD1A0")
    dash = (7, 3)
    summary = "Two gates, no separate cell state: about as good as an LSTM with a quarter fewer weights."
    equations = (
        "r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)",
        "z = sigmoid(W_iz x + b_iz + W_hz h + b_hz)",
        "n = tanh(W_in x + b_in + r * (W_hn h + b_hn))",
        "h' = (1 - z) * n + z * h",
    )
    source = "Cho et al. (2014), in the form of PyTorch and cuDNN"
    blocks = 3
    block_names = ("r", "z", "n")
    candidate = "n"
    gate_words = {
        "z": "it keeps {share} of its old state",
        "r": "its new value is made of {share} of what it sees of the old states",
    }
    fast = GRULayer

    def compute(self, projected: Tensor, state: State) -> dict[str, Tensor]:
        """Return the gates r, z, n and the new h."""
        (h,) = state
        x_r, x_z, x_n = projected.chunk(3, dim=-1)
        h_r, h_z, h_n = F.linear(h, self.weight_hh, self.bias_hh).chunk(3, dim=-1)
        r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
        # n = tanh(W_in x + b_in + r * (W_hn h + b_hn)): the reset gate comes after the matrix
        n = torch.tanh(x_n + r * h_n)
        # h_t = (1 - z) * n + z * h_{t-1}
        return {"r": r, "z": z, "n": n, "h": (1 - z) * n + z * h}

    def retention_gate(self, values: dict[str, Tensor]) -> Tensor | None:
        """Return the share of the old state that is kept: the update gate z, here."""
        return values["z"]

    def fused(self, x: Tensor, state: State) -> tuple[Tensor, State] | None:
        """Run the whole sequence in PyTorch's GRU kernel."""
        output, h = torch.gru(x, state[0][None], self.weights(), self.bias, 1, 0.0, self.training, False, False)
        return output, (h[0],)


@CELLS.register("gru_cho")
class ChoGRU(Cell):
    """GRU in the convention of Cho et al. (2014) and most lecture slides; gate order r, z, n.

    .. math::
        r = sigmoid(W_ir x_t + b_ir + W_hr h_{t-1} + b_hr)
        z = sigmoid(W_iz x_t + b_iz + W_hz h_{t-1} + b_hz)
        n = tanh(W_in x_t + b_in + W_hn (r * h_{t-1}) + b_hn)
        h_t = (1 - z) * h_{t-1} + z * n

    Differs from PyTorch: the reset gate acts before the matrix, and z = 1 takes the new candidate.
    The equation is that of Chung et al. (2014); Cho et al. write z the other way round.
    """

    label = "GRU (slides)"
    short = "GRU sl."
    gated = True
    order = 80
    colours = ("#354C00", "#A6D854")
    dash = (12, 3)
    summary = "The GRU of most lecture slides: reset before the matrix, and z lets the new value in."
    equations = (
        "r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)",
        "z = sigmoid(W_iz x + b_iz + W_hz h + b_hz)",
        "n = tanh(W_in x + b_in + W_hn (r * h) + b_hn)",
        "h' = (1 - z) * h + z * n",
    )
    source = "Cho et al. (2014); Chung et al. (2014)"
    blocks = 3
    block_names = ("r", "z", "n")
    candidate = "n"
    gate_words = {
        "z": "it takes over {share} of the new value",
        "r": "others see {share} of its old state when new values are made",
    }

    def compute(self, projected: Tensor, state: State) -> dict[str, Tensor]:
        """Return the gates r, z, n and the new h."""
        (h,) = state
        gates, candidate = 2 * self.hidden_size, self.hidden_size
        weight_rz, weight_n = self.weight_hh.split([gates, candidate])
        bias_rz, bias_n = self.bias_hh.split([gates, candidate]) if self.bias_hh is not None else (None, None)
        x_rz, x_n = projected.split([gates, candidate], dim=-1)
        r, z = torch.sigmoid(x_rz + F.linear(h, weight_rz, bias_rz)).chunk(2, dim=-1)
        # n = tanh(W_in x + b_in + W_hn (r * h) + b_hn): the reset gate comes before the matrix
        n = torch.tanh(x_n + F.linear(r * h, weight_n, bias_n))
        # h_t = (1 - z) * h_{t-1} + z * n
        return {"r": r, "z": z, "n": n, "h": (1 - z) * h + z * n}

    def retention_gate(self, values: dict[str, Tensor]) -> Tensor | None:
        """Return the share of the old state that is kept: 1 - z, here."""
        return 1 - values["z"]
