"""A network unrolled over one example: every state and every gate at every step, and what it answers there."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from rnncore.analysis.state_pass import read_states
from rnncore.networks.build import write
from rnncore.networks.sequence_model import SequenceModel, Trace, cells_of
from rnncore.seeding import generator
from rnncore.tasks import Batch, Shown, Task
from rnncore.tasks.shuffle import as_read
from rnncore.training.run import Run

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class LayerTrace:
    """One cell over the steps, in the order in which they were read or written.

    Attributes
    ----------
    layer, direction
        Counted from 0; direction 1 reads from the end, its values stand in the order of the example all the same.
    writing
        Whether it is one of the layers that write.
    states
        Names of its state, ``h`` first.
    values
        Its states, or every intermediate value of its equations that has one number per unit, by name: ``(steps,
        hidden)`` each.
    """

    layer: int
    direction: int
    writing: bool
    states: tuple[str, ...]
    values: dict[str, Floats]

    @property
    def h(self) -> Floats:
        """The hidden state after each step, ``(steps, hidden)``."""
        return self.values["h"]


@dataclass(frozen=True, eq=False)
class Unrolled:
    """A network over one example, as it was after some update.

    Attributes
    ----------
    step
        Updates that it had done.
    cell
        The kind of cell.
    read, inputs
        What stands at each step that was read, in a few letters, and the numbers that the network gets for it
        ``(read steps, input)``.
    marked
        Steps that the task marks: those that the answer depends on.
    wrote
        What was written at each step; empty where the network answers what it reads in place.
    layers
        The cells that read, layer by layer, then those that write.
    outputs
        The read-out after each step, ``(steps, outputs)``: of those that write where there are any. With one answer per
        sequence: what it would answer had the sequence ended there.
    shown
        The example with the network's answer.
    """

    step: int
    cell: str
    read: tuple[str, ...]
    inputs: Floats
    marked: tuple[int, ...]
    wrote: tuple[str, ...]
    layers: tuple[LayerTrace, ...]
    outputs: Floats
    shown: Shown

    @property
    def finite(self) -> bool:
        """Whether all numbers are finite."""
        return bool(np.isfinite(self.outputs).all()) and all(np.isfinite(layer.h).all() for layer in self.layers)


def layers_of(found: Unrolled) -> int:
    """Return how many layers a network has."""
    return 1 + max(layer.layer for layer in found.layers)


def layer_values(found: Unrolled, layer: int) -> dict[str, Floats]:
    """Return the states of a layer counted from 0 or from the end, ``(steps, hidden)`` each, of the forward direction.

    Those in writing follow those in reading.
    """
    at = layer % layers_of(found)
    parts = [each for each in found.layers if each.layer == at and not each.direction]
    return {name: np.concatenate([part.values[name] for part in parts]) for name in parts[0].states}


def held_out_example(run: Run, number: int = 0) -> Batch:
    """Return a held-out example as a batch of one; numbers go round."""
    at = number % run.held_out.size
    return run.held_out.select(slice(at, at + 1), run.task.many_to_one)


def typed_example(run: Run, inputs: Tensor) -> Batch:
    """Return inputs of a visitor's own ``(time, 1)`` or ``(time, 1, features)`` in the order in which a run reads."""
    inputs = as_read(inputs, run.config.shuffle, run.config.seed)
    return Batch(inputs, torch.zeros(0))


@torch.no_grad()
def unrolled(run: Run, example: Batch, *, gates: bool = True) -> Unrolled:
    """Return a run's network over a batch of one example, from one pass that keeps every value.

    Without the `gates` it keeps the states alone, which takes a third of the time.
    """
    task, model = run.task, run.model
    inputs = read_inputs(example)
    traces: list[Trace] = []
    layers: tuple[LayerTrace, ...] = ()
    wrote: tuple[str, ...] = ()
    if task.writes:
        written = write(model, task, inputs, generator(run.config.seed, "writing"), traces)
        outputs, answer = written.outputs[:, 0], written.targets[:, 0]
        wrote = _symbols(task.symbols, answer) if task.writes_symbols else tuple(map(str, range(1, len(outputs) + 1)))
    else:
        if gates:
            hidden, _, _ = model.read(inputs, traces=traces)
        else:
            layers, hidden = _states_alone(model, inputs)
        outputs = _as_if_ended(model, inputs, hidden)
        padding = outputs.new_zeros(len(example.inputs) - len(inputs), outputs.shape[1])
        answer = outputs[-1] if task.many_to_one else torch.cat([outputs, padding])
    known = bool(len(example.targets))
    shown = task.show(example, answer) if known else Shown("", "", None, None)
    marked = _marked(shown) if known else _marked_in(task, inputs)
    return Unrolled(
        step=run.step, cell=run.config.cell, read=task.steps(inputs), inputs=model.encode(inputs)[:, 0].float().numpy(),
        marked=tuple(sorted(marked)), wrote=wrote, layers=layers or tuple(_layer(trace, gates) for trace in traces),
        outputs=outputs.float().numpy(), shown=shown,
    )  # fmt: skip


def read_inputs(example: Batch) -> Tensor:
    """Return the inputs of a batch of one example, without padding: ``(time, 1)`` or ``(time, 1, features)``."""
    return example.inputs if example.lengths is None else example.inputs[: int(example.lengths[0])]


def _states_alone(model: SequenceModel, inputs: Tensor) -> tuple[tuple[LayerTrace, ...], Tensor]:
    """Return every cell that reads with its states, and the top layer's ``h (time, 1, width)``."""
    found = read_states(model, inputs)
    layers = tuple(LayerTrace(number, direction, False, tuple(values), values)
                   for number, layer in enumerate(found) for direction, values in enumerate(layer))  # fmt: skip
    return layers, torch.from_numpy(np.concatenate([values["h"] for values in found[-1]], axis=1))[:, None]


def _marked(shown: Shown) -> set[int]:
    return {step for track in shown.tracks if track.role == "input" for step in track.marked}


def _marked_in(task: Task, inputs: Tensor) -> set[int]:
    marks = task.marks(inputs)
    return set() if marks is None else set(torch.nonzero(marks[:, 0])[:, 0].tolist())


def _as_if_ended(model: SequenceModel, inputs: Tensor, hidden: Tensor) -> Tensor:
    """Return the read-out after each step ``(time, outputs)``, as if the sequence had ended there.

    A network that reads from the end, too, is run once for every length, since its other half would start elsewhere.
    """
    if len(cells_of(model.layers[0])) == 1 or not model.many_to_one:
        found: Tensor = model.readout(hidden[:, 0])
        return found
    steps = len(inputs)
    return model(inputs.expand(-1, steps, *inputs.shape[2:]), torch.arange(1, steps + 1))


def _layer(trace: Trace, gates: bool) -> LayerTrace:
    cell = trace.cell
    if not gates:
        parts = zip(cell.state_names, zip(*trace.states, strict=True), strict=True)
        kept = {name: torch.stack([part[0] for part in each]) for name, each in parts}
        shown = {name: part.float().numpy() for name, part in kept.items() if part.shape[1] == cell.hidden_size}
        shown = {name: part[::-1] if trace.direction else part for name, part in shown.items()}
        return LayerTrace(trace.layer, trace.direction, trace.writing, tuple(shown), shown)
    before = [trace.start, *trace.states[:-1]]
    each = [cell.compute(projected, state) for projected, state in zip(trace.projected, before, strict=True)]
    if trace.direction:
        each.reverse()
    names = [name for name, value in each[0].items() if value.shape[-1] == cell.hidden_size]
    values = {name: torch.stack([values[name][0] for values in each]).float().numpy() for name in names}
    states = tuple(name for name in cell.state_names if name in values)
    return LayerTrace(trace.layer, trace.direction, trace.writing, states, values)


def _symbols(symbols: tuple[str, ...], numbers: Tensor) -> tuple[str, ...]:
    """Return written symbols up to the one that ends the answer, which is said as such."""
    names = [symbols[int(number)] for number in numbers]
    return tuple([*names[: names.index(symbols[0])], "end"] if symbols[0] in names else names)
