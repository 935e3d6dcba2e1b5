"""The baseline without memory: a feed-forward layer over a sliding window of inputs."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rnncore.cells.base import CELLS, Cell, State


@CELLS.register("feedforward")
class FeedForward(Cell):
    """A feed-forward layer that sees the last `window` inputs and nothing older.

    .. math:: h_t = tanh(W_ih [x_{t-window+1}, ..., x_t] + b_ih)

    ``weight_ih (hidden, window * input)``, oldest input first; inputs before the first step are zeros.
    Its state is ``(h, seen)``: ``seen (batch, (window - 1) * input)`` holds the inputs still in the window.
    There is no recurrent weight: what has left the window cannot influence the answer.
    A time-delay layer (Waibel et al., 1989). In a deep network only the first layer has a window over 1.
    """

    label = "Feed-forward"
    short = "Feed-f."
    order = 50
    colours = ("#413F42", "#B5B5B5")
    dash = (3, 5)
    summary = "No memory: sees a fixed window of the last inputs, all at once. The baseline to beat."
    equations = ("a = W_ih [x(t-w+1), ..., x(t)] + b_ih", "h = tanh(a)")
    source = "Waibel et al. (1989)"
    state_names = ("h", "seen")
    options = ("bias", "window")
    recurrent = False

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        bias: bool = True,
        window: int = 10,
        generator: torch.Generator | None = None,
    ) -> None:
        self.window = window
        super().__init__(input_size, hidden_size, bias=bias, generator=generator)

    def add_weights(self) -> None:
        """Widen the input weights to the whole window."""
        self.register_parameter("weight_ih", nn.Parameter(torch.empty(self.hidden_size, self.window * self.input_size)))

    def initial_state(self, batch: int) -> State:
        """Return zeros: ``h (batch, hidden)`` and ``seen (batch, (window - 1) * input)``."""
        zeros = self.weight_ih.new_zeros
        return zeros(batch, self.hidden_size), zeros(batch, (self.window - 1) * self.input_size)

    def project(self, x: Tensor) -> Tensor:
        """Return x itself: what it contributes depends on its place in the window."""
        return x

    def compute(self, projected: Tensor, state: State) -> dict[str, Tensor]:
        """Return the window, ``a``, ``h`` and what the next step will still see."""
        window = torch.cat([state[1], projected], dim=-1)
        a = F.linear(window, self.weight_ih, self.bias_ih)
        return {"window": window, "a": a, "h": torch.tanh(a), "seen": window[:, self.input_size :]}

    def fused(self, x: Tensor, state: State) -> tuple[Tensor, State] | None:
        """Answer all steps at once: no step needs another's result."""
        time, batch, _ = x.shape
        seen = state[1].view(batch, self.window - 1, self.input_size).transpose(0, 1)
        padded = torch.cat([seen, x])  # (window - 1 + time, batch, input)
        windows = padded.unfold(0, self.window, 1).transpose(-1, -2).reshape(time, batch, -1)
        h = torch.tanh(F.linear(windows, self.weight_ih, self.bias_ih))
        return h, (h[-1], padded[time:].transpose(0, 1).reshape(batch, -1))
