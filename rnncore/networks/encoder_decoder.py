"""WritingModel: a network that reads a sequence, then writes another, with or without attention."""

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn

from rnncore.cells import Cell
from rnncore.cells.base import State
from rnncore.config import RunConfig
from rnncore.networks.sequence_model import Examples, Readout, SequenceModel, Sizes, Trace, build_cell, cells_of, unroll

HUGE = 1e30  # times a few is still finite in float32


class Writer(Sizes, Protocol):
    """A task in which a network writes, as far as the network has to know it."""

    @property
    def feed_size(self) -> int:
        """Numbers that describe one written step to the next."""

    @property
    def answer_steps(self) -> int:
        """Steps of the longest answer."""

    @property
    def attention(self) -> bool:
        """Whether the network may look back at what it read."""

    def feed(self, targets: Tensor) -> Tensor:
        """Return written steps as numbers for the next step."""

    def choose(self, outputs: Tensor, generator: torch.Generator) -> Tensor:
        """Return what is written, given one step's outputs."""


@dataclass(frozen=True)
class Written:
    """Symbols or numbers that a network wrote by itself.

    `targets` has the form of a batch's targets, ``(answer_steps, batch, ...)``; `outputs (answer_steps, batch,
    outputs)` are the numbers from which it was chosen; `attention (answer_steps, batch, input_steps)` sums to 1 along
    its last axis, None for a network without.
    """

    targets: Tensor
    outputs: Tensor
    attention: Tensor | None


class WritingModel(SequenceModel):
    r"""An encoder-decoder: the layers of `SequenceModel` read, as many layers of the same cell write.

    .. math:: s_0 = h_T, \quad s_t = cell([y_{t-1}; c_t], s_{t-1}), \quad o_t = V [s_t; c_t] + b

    y is what stood at the step before (zeros at the first), T the last step read. Without attention there is no c
    (Sutskever, Vinyals and Le, 2014). With it (Bahdanau, Cho and Bengio, 2015)

    .. math:: c_t = \sum_j \alpha_{tj} h_j, \quad \alpha_t = softmax_j(v^T tanh(W s_{t-1} + U h_j))

    where h_j are the top layer's states in reading and s the top layer's in writing. A bidirectional encoder's two
    last states pass a linear layer with tanh on their way into the decoder. A feed-forward network has no state to
    hand over: what it read reaches its writing only by attention.

    Parameters
    ----------
    config
        Cell, sizes and initialisation, the same for reading and writing.
    task
        Gives the sizes.
    generator
        Source of the initial weights.
    """

    def __init__(self, config: RunConfig, task: Writer, generator: torch.Generator | None = None) -> None:
        super().__init__(config, task, generator)
        directions, width = 2 if config.bidirectional else 1, config.hidden_size
        context = directions * width if task.attention else 0
        self.feed_size = task.feed_size
        self.feed = task.feed
        self.writers = nn.ModuleList(
            build_cell(config, task.feed_size + context if layer == 0 else width, generator, first=layer == 0)
            for layer in range(config.num_layers)
        )
        self.bridge = Readout(directions * width, width, generator) if directions > 1 else None
        self.look = Attention(width, context, generator) if context else None
        self.readout = Readout(width + context, task.output_size, generator)

    def answer_from(
        self,
        batch: Examples,
        hidden: Tensor,
        final: Tensor,
        states: list[list[State]],
        dropout: torch.Generator | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Return the answers with the right ones fed, ``(answer_steps, batch, outputs)``, and the decoder's ``h``."""
        read, begun = hidden, self._begin(states)
        fed = self.feed(batch.targets[:-1]).to(read.dtype)
        x = torch.cat([fed.new_zeros(1, *fed.shape[1:]), fed])
        if self.look is None:
            for number, cell in enumerate(cells_of(self.writers)):
                x = self._dropped(x, dropout) if number else x
                x, _ = unroll(cell, x, begun[number], truncate=self.truncate)
            return self.readout(x), x
        keys = self.look.keys(read)
        tops, contexts = [], []
        for y in x.unbind(0):
            context, _ = self.look(begun[-1][0], read, keys)
            begun = self._advance(torch.cat([y, context], dim=-1), begun, dropout)
            tops.append(begun[-1][0])
            contexts.append(context)
        h = torch.stack(tops)
        return self.readout(torch.cat([h, torch.stack(contexts)], dim=-1)), h

    @torch.no_grad()
    def write(
        self, inputs: Tensor, task: Writer, generator: torch.Generator, traces: list[Trace] | None = None
    ) -> Written:
        """Read inputs and write as many steps as the task's longest answer has, fed with what was written before.

        A list of `traces` gets one per layer and direction that reads, then one per layer that writes.
        """
        read, _, ends = self.read(inputs, traces=traces)
        states = self._begin(ends)
        cells = cells_of(self.writers)
        written = [Trace(i, 0, cell, read[:0], states[i], writing=True) for i, cell in enumerate(cells)]
        if traces is not None:
            traces += written
        keys = self.look.keys(read) if self.look is not None else None
        y = read.new_zeros(inputs.shape[1], self.feed_size)
        targets, outputs, weights = [], [], []
        for _ in range(task.answer_steps):
            context = y.new_zeros(len(y), 0)
            if self.look is not None and keys is not None:
                context, weight = self.look(states[-1][0], read, keys)
                weights.append(weight.T)
            states = self._advance(torch.cat([y, context], dim=-1), states, traces=None if traces is None else written)
            outputs.append(self.readout(torch.cat([states[-1][0], context], dim=-1)))
            targets.append(task.choose(_steady(outputs[-1]), generator))
            y = self.feed(targets[-1]).to(read.dtype)
        return Written(torch.stack(targets), torch.stack(outputs), torch.stack(weights) if weights else None)

    def _advance(
        self,
        x: Tensor,
        states: list[State],
        dropout: torch.Generator | None = None,
        traces: list[Trace] | None = None,
    ) -> list[State]:
        after = []
        for number, cell in enumerate(cells_of(self.writers)):
            x = self._dropped(x, dropout) if number else x
            projected = cell.project(x)
            after.append(cell.step(projected, states[number]))
            if traces is not None:
                trace = traces[number]
                trace.inputs = torch.cat([trace.inputs, x[None]]) if len(trace.projected) else x[None]
                trace.projected.append(projected)
                trace.states.append(after[-1])
            x = after[-1][0]
        return after

    def _begin(self, ends: list[list[State]]) -> list[State]:
        """Return the state in which writing begins, layer by layer."""
        return [self._handed(cell, end) for cell, end in zip(cells_of(self.writers), ends, strict=True)]

    def _handed(self, cell: Cell, ends: list[State]) -> State:
        if not cell.recurrent:
            return cell.initial_state(len(ends[0][0]))
        if self.bridge is None:
            return ends[0]
        return tuple(torch.tanh(self.bridge(torch.cat(parts, dim=-1))) for parts in zip(*ends, strict=True))


def _steady(outputs: Tensor) -> Tensor:
    """Return outputs ``(batch, outputs)`` from which something can be drawn, whatever a network that blew up says.

    A row with a number that is not finite becomes zeros; what is drawn from it counts for nothing, since `Written`
    keeps the outputs as they were.
    """
    finite = outputs.isfinite().all(dim=-1, keepdim=True)
    return torch.where(finite, outputs, 0.0).clamp(-HUGE, HUGE)


class Attention(nn.Module):
    """Additive attention (Bahdanau, Cho and Bengio, 2015): ``softmax_j(v^T tanh(W s + U h_j))``.

    Parameters
    ----------
    width
        Size of s, and of the space in which s and h are compared.
    memory
        Size of each h_j.
    generator
        Source of the initial weights.
    """

    def __init__(self, width: int, memory: int, generator: torch.Generator | None) -> None:
        super().__init__()
        self.query = Readout(width, width, generator)
        self.key = Readout(memory, width, generator)
        self.score = Readout(width, 1, generator)

    def keys(self, read: Tensor) -> Tensor:
        """Return ``U h_j`` for all steps at once, since they stay the same while the network writes."""
        projected: Tensor = self.key(read)
        return projected

    def forward(self, s: Tensor, read: Tensor, keys: Tensor) -> tuple[Tensor, Tensor]:
        """Return the weighted sum of what was read ``(batch, memory)`` and the weights ``(input_steps, batch)``."""
        weights = self.score(torch.tanh(self.query(s) + keys)).squeeze(-1).softmax(dim=0)
        return (weights[..., None] * read).sum(dim=0), weights
