"""One recurrent layer with its example as plain data: weights, inputs and start, which can be edited and run again."""

import copy
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import torch

from rnncore.analysis.equations import Floats, Named, equations, names_of, results, step
from rnncore.cells import CELLS, Cell
from rnncore.seeding import generator

OWN_STEPS, OWN_INPUTS = 6, 2
Place = tuple[str, int, int | None]  # of a number: name, row, column, counted from 0


class Part(NamedTuple):
    """One cell of a network: its layer, its direction (1 reads from the end), and whether it writes, as in a trace."""

    layer: int = 0
    direction: int = 0
    writing: bool = False


FIRST = Part()


@dataclass(frozen=True, eq=False)
class CellNetwork:
    """A layer of one cell, and an example that it reads.

    Attributes
    ----------
    cell
        Registered name of the cell.
    weights
        The cell's, by PyTorch's names, float64.
    readout
        Weight ``(outputs, hidden)`` and bias ``(outputs,)`` of the read-out; None where it does not read this layer, or
        more than this layer.
    inputs, targets
        ``(steps, input)``; and what the outputs should be, ``(steps, outputs)``, where there is one for each step.
    start
        The state before the first step, a vector for each state name.
    read
        What stands at each step, in a few letters.
    marked
        Steps that the task marks.
    update
        Updates that the network had done; None where nobody trains it.
    window
        Steps that a feed-forward layer sees.
    part, depth
        Where it stands in its network, and how many layers that has.
    reads
        What each step of `inputs` is, such as the h of the layer below; nothing where it is what the network gets.
    """

    cell: str
    weights: Named
    readout: tuple[Floats, Floats] | None
    inputs: Floats
    targets: Floats | None
    start: Named
    read: tuple[str, ...]
    marked: tuple[int, ...] = ()
    update: int | None = None
    window: int | None = None
    part: Part = FIRST
    depth: int = 1
    reads: str = ""
    edits: Mapping[Place, float] = field(default_factory=dict)

    @property
    def hidden_size(self) -> int:
        """Units of the layer."""
        return len(self.start["h"])

    @property
    def finite(self) -> bool:
        """Whether all weights and inputs are finite."""
        return all(np.isfinite(values).all() for values in (*self.weights.values(), self.inputs))

    @property
    def fingerprint(self) -> str:
        """What tells it from networks that have other numbers anywhere."""
        found = hashlib.sha256(f"{self.cell} {self.window}".encode())
        for values in (*self.weights.values(), self.inputs, *self.start.values()):
            found.update(f"{values.shape}".encode() + np.ascontiguousarray(values).tobytes())
        return found.hexdigest()

    def first(self, steps: int) -> "CellNetwork":
        """Return it with the first steps of its example only."""
        marked = tuple(at for at in self.marked if at < steps)
        return replace(self, inputs=self.inputs[:steps], read=self.read[:steps], marked=marked)

    def numbers(self) -> Named:
        """Return all that can be edited, by name: weights as the equations name them, x, and the states at the start.

        Those of `x` are ``(steps, input)``, states have a dash less than their new values.
        """
        states = {name: value for name, value in self.start.items() if name in _computed(self.cell)}
        return {**names_of(self.cell, self.weights), "x": self.inputs, **states}

    def edited(self, edits: Mapping[Place, float]) -> "CellNetwork":
        """Return a copy with other numbers in some places; places that do not exist are left out."""
        made = replace(
            self, weights=copy.deepcopy(self.weights), inputs=self.inputs.copy(), start=copy.deepcopy(self.start)
        )
        numbers, done = made.numbers(), dict[Place, float]()
        for place, value in edits.items():
            name, row, column = place
            at = (row,) if column is None else (row, column)
            there = numbers.get(name)
            if there is not None and len(at) == there.ndim and all(map(int.__lt__, at, there.shape)) and min(at) >= 0:
                there[at] = value
                done[place] = value
        return replace(made, edits=done)

    def unrolled(self) -> list[Named]:
        """Return every value of every step, weights left out: x, the states before, and what each equation gives.

        The new value of a state has a dash: ``h`` before the step, ``h'`` after it.
        """
        named, states = names_of(self.cell, self.weights), CELLS[self.cell].state_names
        state, found = [self.start[name] for name in states], []
        for x in self.inputs:
            with np.errstate(all="ignore"):  # numbers may grow without end
                values = step(self.cell, named, x, state)
            given = results(self.cell, values)
            state = [given.get(name, values.get("window", x)[len(x) :]) for name in states]
            found.append({name: value for name, value in values.items() if name not in named})
        return found

    def outputs(self) -> Floats | None:
        """Return the read-out after each step, ``(steps, outputs)``; None where it does not read this layer alone."""
        if self.readout is None:
            return None
        weight, bias = self.readout
        return np.stack([weight @ values["h'"] + bias for values in self.unrolled()])


def _computed(cell: str) -> set[str]:
    """Return the values that have an equation: a state without one only carries inputs on."""
    return {equation.name for equation in equations(cell)}


def cell_of(network: CellNetwork) -> Cell:
    """Return the cell itself, in float64, with the network's weights."""
    kind = CELLS[network.cell]
    options: dict[str, Any] = {"bias": "bias_ih" in network.weights, "window": network.window or 1}
    made = kind(network.inputs.shape[1], network.hidden_size, generator=generator(0, "replaced"),
                **{name: options[name] for name in kind.options}).double()  # fmt: skip
    made.load_state_dict({name: torch.from_numpy(value) for name, value in network.weights.items()})
    return made


def kept(cell: Cell, values: Named) -> Floats | None:
    """Return the share of the old state that each unit keeps at a step, ``(hidden,)``; None where no gate says so."""
    given = {name: torch.from_numpy(value) for name, value in results(cell.name, values).items()}
    gate = cell.retention_gate(given)
    return None if gate is None else gate.detach().numpy()


def weights_of(cell: Cell) -> Named:
    """Return a copy of a cell's weights in float64, by PyTorch's names."""
    return {name: value.detach().double().numpy().copy() for name, value in cell.named_parameters()}


def own_network(cell: str, units: int, seed: int) -> CellNetwork:
    """Return a small network with weights and inputs of few digits, drawn from a seed.

    Weights are those of PyTorch's initialisation, from U(-1/sqrt(units), 1/sqrt(units)), inputs are uniform from 0
    to 1; both have one digit behind the point, so that they can be followed by hand.
    """
    kind, draw = CELLS[cell], generator(seed, "own network")
    options: dict[str, Any] = {"window": 3} if "window" in kind.options else {}
    made = kind(OWN_INPUTS, units, generator=draw, **options).double()
    inputs, targets = (
        torch.rand(OWN_STEPS, size, generator=draw).double().numpy().round(1) for size in (OWN_INPUTS, 1)
    )
    readout = (torch.rand(1, units, generator=draw).double().numpy() * 2 - 1).round(1)
    start = {name: value[0].numpy().copy()
             for name, value in zip(kind.state_names, made.initial_state(1), strict=True)}  # fmt: skip
    return CellNetwork(
        cell, {name: value.round(1) + 0.0 for name, value in weights_of(made).items()}, (readout, np.zeros(1)), inputs,
        targets, start, tuple(map(str, range(1, OWN_STEPS + 1))), window=options.get("window"),
    )  # fmt: skip
