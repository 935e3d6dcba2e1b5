"""SequenceModel: input encoding, a stack of recurrent layers, a read-out; and the one loop over time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rnncore.cells import CELLS, Cell
from rnncore.cells.base import State
from rnncore.config import RunConfig


class Sizes(Protocol):
    """A problem, as far as a network has to know it; every task is one."""

    @property
    def input_size(self) -> int:
        """Numbers per step, or different symbols."""

    @property
    def output_size(self) -> int:
        """Numbers per answer, or classes."""

    @property
    def many_to_one(self) -> bool:
        """Whether there is one answer per sequence, not one per step."""


class Examples(Protocol):
    """A batch, as far as a network has to know it."""

    @property
    def inputs(self) -> Tensor:
        """Real numbers ``(time, batch, features)`` or symbols ``(time, batch)``."""

    @property
    def targets(self) -> Tensor:
        """The right answers."""

    @property
    def lengths(self) -> Tensor | None:
        """The true length of each padded example."""


@dataclass
class Trace:
    """The states of one cell at each step of a pass, in the order in which it read: kept for measuring gradients.

    `inputs (time, batch, input)`, `projected` (what `Cell.project` made of each step) and `states`
    (after each step) hang together by autograd; `start` is the state before the first step, and `writing` says that
    the cell is one of those that write.
    """

    layer: int
    direction: int
    cell: Cell
    inputs: Tensor
    start: State
    writing: bool = False
    projected: list[Tensor] = field(default_factory=list)
    states: list[State] = field(default_factory=list)


class SequenceModel(nn.Module):
    """A network for one task: one-hot or real inputs, recurrent layers, a linear read-out.

    Parameters
    ----------
    config
        Cell, sizes and initialisation.
    task
        Gives the sizes of input and output, and whether there is one answer per step or per sequence.
    generator
        Source of the initial weights; None draws from PyTorch's default generator.

    Notes
    -----
    ``layers[l][d]`` is the cell of layer l and direction d (0 forward, 1 backward). Padding is handled by
    turning each example around within its own length, so padded steps never reach the backward direction
    before real ones. The read-out starts from U(-1/sqrt(n), 1/sqrt(n)), as `torch.nn.Linear`.
    """

    def __init__(self, config: RunConfig, task: Sizes, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.input_size, self.many_to_one = task.input_size, task.many_to_one
        self.dropout, self.truncate = config.dropout, config.truncate
        directions = 2 if config.bidirectional else 1
        width = directions * config.hidden_size
        self.layers = nn.ModuleList()
        for layer in range(config.num_layers):
            cells = nn.ModuleList()
            for _ in range(directions):
                cell = build_cell(config, task.input_size if layer == 0 else width, generator, first=layer == 0)
                cells.append(cell)
            self.layers.append(cells)
        self.readout = Readout(width, task.output_size, generator)

    def forward(self, inputs: Tensor, lengths: Tensor | None = None, dropout: torch.Generator | None = None) -> Tensor:
        """Return the answers: ``(batch, outputs)`` for many-to-one, else ``(time, batch, outputs)``.

        `inputs` and `lengths` are those of a `Batch`; `dropout` is the generator of the dropout masks,
        None switches dropout off.
        """
        outputs, final = self.hidden(inputs, lengths, dropout)
        return self.readout(final if self.many_to_one else outputs)

    def answer(
        self, batch: Examples, dropout: torch.Generator | None = None, traces: list[Trace] | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return the answers to a batch, and the top layer's ``h`` at every step ``(time, batch, width)``."""
        return self.answer_from(batch, *self.read(batch.inputs, batch.lengths, dropout, traces), dropout)

    def answer_from(
        self,
        batch: Examples,
        hidden: Tensor,
        final: Tensor,
        states: list[list[State]],
        dropout: torch.Generator | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Return what `answer` does, given what `read` has made of the batch's inputs."""
        return self.readout(final if self.many_to_one else hidden), hidden

    def hidden(
        self,
        inputs: Tensor,
        lengths: Tensor | None = None,
        dropout: torch.Generator | None = None,
        traces: list[Trace] | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Return the top layer's ``h`` at every step ``(time, batch, width)`` and at the end ``(batch, width)``.

        A list of `traces` gets one per layer and direction, at the price of the step-by-step loop.
        """
        return self.read(inputs, lengths, dropout, traces)[:2]

    def read(
        self,
        inputs: Tensor,
        lengths: Tensor | None = None,
        dropout: torch.Generator | None = None,
        traces: list[Trace] | None = None,
    ) -> tuple[Tensor, Tensor, list[list[State]]]:
        """Return what `hidden` does, and the state after the last step, by layer and direction."""
        x = self.encode(inputs)
        final, states = x, []
        for number, cells in enumerate(self.layers):
            x = self._dropped(x, dropout) if number else x
            parts, finals, ends = zip(
                *(self._direction(cell, x, lengths, (number, d), traces) for d, cell in enumerate(cells_of(cells))),
                strict=True,
            )
            x = parts[0] if len(parts) == 1 else torch.cat(parts, dim=-1)
            final = finals[0] if len(finals) == 1 else torch.cat(finals, dim=-1)
            states.append(list(ends))
        return x, final, states

    def first_state(self, cell: Cell, batch: int) -> State:
        """Return the state of one of its cells before the first step that it reads."""
        return cell.initial_state(batch)

    def carry(
        self, inputs: Tensor, states: list[State] | None = None, dropout: torch.Generator | None = None
    ) -> tuple[Tensor, list[State]]:
        """Read on where the last piece ended: ``(time, batch)`` to answers ``(time, batch, outputs)`` and the state.

        One state per layer, None for the beginning; forward networks only. `dropout` acts between the layers and
        before the read-out.
        """
        x, after = self.encode(inputs), []
        for number, cells in enumerate(self.layers):
            (cell,) = cells_of(cells)
            x = self._dropped(x, dropout) if number else x
            x, state = unroll(cell, x, states[number] if states else cell.initial_state(x.shape[1]))
            after.append(state)
        return self.readout(self._dropped(x, dropout)), after

    def _dropped(self, x: Tensor, dropout: torch.Generator | None) -> Tensor:
        if dropout is None or not self.dropout:
            return x
        keep = torch.rand(x.shape, generator=dropout) >= self.dropout
        return x * keep / (1 - self.dropout)

    def encode(self, inputs: Tensor) -> Tensor:
        """Return inputs as ``(time, batch, features)`` real numbers; symbols become one-hot vectors."""
        if inputs.dtype == torch.int64:
            return F.one_hot(inputs, self.input_size).to(self.readout.weight.dtype)
        return inputs

    def saturated(self, hidden: Tensor, lengths: Tensor | None = None) -> float:
        """Return the share of the top layer's values, ``hidden (time, batch, width)``, that are saturated.

        What counts as saturated is the cell's to say: see `Cell.saturated`. Padded steps do not count.
        """
        (cell, *_) = cells_of(self.layers[-1])
        flat = cell.saturated(hidden).float().mean(dim=-1)  # (time, batch)
        if lengths is None:
            return flat.mean().item()
        return flat[torch.arange(len(hidden))[:, None] < lengths].mean().item()

    def _direction(
        self, cell: Cell, x: Tensor, lengths: Tensor | None, place: tuple[int, int], traces: list[Trace] | None
    ) -> tuple[Tensor, Tensor, State]:
        backward = bool(place[1])
        if backward:
            x = _reverse(x, lengths)
        start = self.first_state(cell, x.shape[1])
        trace = None if traces is None else Trace(*place, cell, x, start)
        if traces is not None and trace is not None:
            traces.append(trace)
        outputs, end = unroll(cell, x, start, truncate=self.truncate, trace=trace)
        each = torch.arange(x.shape[1])
        final = outputs[-1] if lengths is None else outputs[lengths - 1, each]
        return (_reverse(outputs, lengths) if backward else outputs), final, end


class Readout(nn.Module):
    """A linear layer like `torch.nn.Linear`, whose initial weights come from a generator of one's own."""

    def __init__(self, width: int, outputs: int, generator: torch.Generator | None) -> None:
        super().__init__()
        bound = 1 / math.sqrt(width)
        self.weight = nn.Parameter(torch.empty(outputs, width).uniform_(-bound, bound, generator=generator))
        self.bias = nn.Parameter(torch.empty(outputs).uniform_(-bound, bound, generator=generator))

    def forward(self, h: Tensor) -> Tensor:
        """Return ``W h + b``: ``(..., width)`` to ``(..., outputs)``."""
        return F.linear(h, self.weight, self.bias)


def cells_of(layer: nn.Module) -> list[Cell]:
    """Return the cells of one layer, forward first."""
    return [cast(Cell, cell) for cell in layer.children()]


def build_cell(config: RunConfig, input_size: int, generator: torch.Generator | None, *, first: bool) -> Cell:
    """Return an initialised cell for one layer; only the first layer of a feed-forward net has a window over 1."""
    kind = CELLS[config.cell]
    available: dict[str, Any] = {"bias": config.bias, "window": config.window if first else 1}
    options = {name: available[name] for name in kind.options}
    cell = kind(input_size, config.hidden_size, generator=generator, **options)
    cell.reset_parameters(generator, config.init, config.gain, config.forget_bias)
    return cell


def unroll(
    cell: Cell, x: Tensor, state: State, *, truncate: int = 0, fused: bool = True, trace: Trace | None = None
) -> tuple[Tensor, State]:
    """Run a cell over a sequence: ``x (time, batch, input)`` to ``h (time, batch, hidden)`` and the last state.

    With `truncate` > 0 the state is detached every so many steps, counted from the end, so no gradient
    travels further back than that. `fused=False` or a `trace` forces the step-by-step loop.
    """
    pieces: list[Tensor] = []
    for chunk in x.split(chunks(len(x), truncate)):
        if pieces:
            state = tuple(s.detach() for s in state)
        done = cell.fused(chunk, state) if fused and trace is None else None
        if done is None:
            steps = []
            # unbind, not x[t]: indexing would allocate a full-size gradient per step, quadratic in time
            for projected in cell.project(chunk).unbind(0):
                state = cell.step(projected, state)
                steps.append(state[0])
                if trace is not None:
                    trace.projected.append(projected)
                    trace.states.append(state)
            done = torch.stack(steps), state
        output, state = done
        pieces.append(output)
    return (pieces[0] if len(pieces) == 1 else torch.cat(pieces)), state


def chunks(time: int, truncate: int) -> Sequence[int]:
    """Return the lengths of the stretches between which `unroll` lets no gradient pass; one where it cuts nothing."""
    if not 0 < truncate < time:
        return [time]
    rest = time % truncate
    return [rest] * bool(rest) + [truncate] * (time // truncate)


def _reverse(x: Tensor, lengths: Tensor | None) -> Tensor:
    """Turn sequences around, each within its own length; padding stays at the end."""
    if lengths is None:
        return x.flip(0)
    step = torch.arange(len(x))[:, None]
    source = torch.where(step < lengths, lengths - 1 - step, step)  # (time, batch)
    return x[source, torch.arange(x.shape[1])]


def count_parameters(model: nn.Module) -> int:
    """Return the number of trainable weights."""
    return sum(p.numel() for p in model.parameters())
