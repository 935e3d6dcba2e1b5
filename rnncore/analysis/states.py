"""The states of a network over many examples: of its present weights, or of those that it had at an earlier update."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from rnncore.analysis.probe import full_lengths
from rnncore.config import RunConfig
from rnncore.networks.build import build_network, write
from rnncore.networks.sequence_model import SequenceModel, Trace
from rnncore.seeding import generator
from rnncore.tasks import Batch, Task
from rnncore.tasks.shuffle import shuffled
from rnncore.training.held_out import held_out

PIECE_BYTES = 12 * 2**20  # of one cell's traced values


@dataclass(frozen=True)
class Place:
    """A state of a network: which layer, counted from 0 (-1 is the last), and ``h`` or ``c``.

    Of a bidirectional network it is the direction that reads from the beginning; a cell without a c gives its h.
    """

    layer: int = -1
    state: str = "h"


@dataclass(frozen=True, eq=False)
class Network:
    """A network at some update: its config, and its weights in the order of `parameters()`; None as it starts."""

    config: RunConfig
    weights: Sequence[Tensor] | None = None

    @property
    def task(self) -> Task:
        """Its task."""
        return self.config.built_task

    def build(self, dtype: torch.dtype = torch.float32) -> SequenceModel:
        """Return it as a module of its own."""
        model = build_network(self.config, self.task, generator(self.config.seed, "init"))
        for parameter, value in zip(model.parameters(), self.weights or [], strict=self.weights is not None):
            parameter.data.copy_(value)
        return model.to(dtype).eval()


def examples(config: RunConfig, n: int, purpose: str, *, training: bool = False) -> Batch:
    """Return examples that depend on the seed and a purpose alone, in the order in which a run reads them."""
    task, seed = config.built_task, config.seed
    drawn = (task.batch if training else task.held_out)(n, generator(seed, purpose))
    return shuffled(drawn, config.shuffle, seed, generator(seed, f"{purpose} order"))


def one_of(batch: Batch, number: int, task: Task) -> Batch:
    """Return one example without its padding; numbers go round."""
    at = number % batch.size
    one = batch.select(slice(at, at + 1), task.many_to_one)
    if one.lengths is None:
        return one
    length, late = int(one.lengths[0]), task.many_to_one or task.writes
    return Batch(one.inputs[:length], one.targets if late else one.targets[:length],
                 None if one.mask is None or late else one.mask[:length], None, one.place, one.number)  # fmt: skip


@torch.no_grad()
def states(model: SequenceModel, task: Task, batch: Batch, place: Place, seed: int) -> Tensor:
    """Return the states after each step, ``(steps, batch, hidden)``; those of writing follow those of reading."""
    traces: list[Trace] = []
    if task.writes:
        write(model, task, batch.inputs, generator(seed, "writing"), traces)
    else:
        model.read(batch.inputs, batch.lengths, traces=traces)
    return torch.cat([stacked(trace, place.state) for trace in chosen(traces, place)])


def chosen(traces: Sequence[Trace], place: Place) -> list[Trace]:
    """Return the forward cell of the layer that reads, and of the one that writes if there is one."""
    layers = 1 + max(trace.layer for trace in traces)
    layer = place.layer % layers if place.layer < 0 else min(place.layer, layers - 1)
    return [trace for trace in traces if trace.direction == 0 and trace.layer == layer]


def stacked(trace: Trace, state: str) -> Tensor:
    """Return a trace's states by name, ``(steps, batch, hidden)``; its h where the cell has no such state."""
    names = trace.cell.state_names
    at = names.index(state) if state in names else 0
    return torch.stack([values[at] for values in trace.states])


def in_pieces(config: RunConfig, task: Task, batch: Batch) -> Iterator[tuple[slice, Batch]]:
    """Yield a batch in pieces whose traced states take little memory."""
    each = 4 * (len(batch.inputs) + task.answer_steps) * config.hidden_size * 6 * config.num_layers
    count = max(1, PIECE_BYTES // each)
    for start in range(0, batch.size, count):
        here = slice(start, start + count)
        yield here, batch.select(here, task.many_to_one)


def lengths_of(task: Task, batch: Batch) -> Tensor:
    """Return how many states each example has, ``(batch,)``: steps read, and steps written after them."""
    return full_lengths(batch) + task.answer_steps


@dataclass(frozen=True)
class Words:
    """A held-out example in words.

    Attributes
    ----------
    read
        What stands at each step.
    name, step
        What is to be remembered, and at which step, counted from 0, it stands.
    examples
        How many held-out examples there are.
    """

    read: tuple[str, ...]
    name: str
    step: int
    examples: int


def words_of(network: Network, example: int) -> Words:
    """Return a held-out example of a network in words; numbers go round."""
    task, batch = network.task, held_out(network.config, network.task)
    one = one_of(batch, example, task)
    found = task.remembered(batch)
    return Words(task.steps(one.inputs), found.name, int(found.steps[example % batch.size]), batch.size)
