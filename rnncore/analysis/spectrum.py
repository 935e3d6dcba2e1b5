"""What carries a state from step to step: eigenvalues and singular values of a matrix, and what they do not tell.

In a vanilla cell it is the recurrent matrix; in a gated one the gates decide at every step anew, so that it is the
Jacobian of the new state by the old one that says it.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from rnncore.analysis.decay import Floats
from rnncore.analysis.gradients import gradient_flow
from rnncore.analysis.states import Network, Place, chosen, one_of
from rnncore.cells import Cell
from rnncore.cells.base import State
from rnncore.networks.sequence_model import Trace, cells_of
from rnncore.training.held_out import held_out

BACK = 20  # steps over which the measured decay is taken
MOST_UNITS = 256  # of a state whose Jacobian is taken, h and c together


@dataclass(frozen=True, eq=False)
class Spectrum:
    """The eigenvalues and singular values of one matrix.

    Attributes
    ----------
    of
        ``recurrent`` for the recurrent matrix (of a gated cell the block that makes the new content), ``jacobian`` for
        d state_t / d state_{t-1} at one step of one example.
    step
        Of the Jacobian, counted from 0: the step that is taken.
    real, imaginary
        Of each eigenvalue.
    singular
        Singular values, largest first.
    """

    of: Literal["recurrent", "jacobian"]
    step: int
    real: Floats
    imaginary: Floats
    singular: Floats

    @property
    def radius(self) -> float:
        """The largest absolute eigenvalue."""
        return float(np.hypot(self.real, self.imaginary).max())

    @property
    def finite(self) -> bool:
        """Whether all numbers are finite."""
        return bool(np.isfinite(self.singular).all() and np.isfinite(self.real).all())


@dataclass(frozen=True)
class Measured:
    """What the gradient really does on its way back, which no one matrix says.

    Attributes
    ----------
    back
        Steps, at most 20.
    ratio
        Length of the gradient on the state that far back over that at the loss; None without a recurrence.
    per_step
        Its mean factor per step.
    """

    back: int
    ratio: float
    per_step: float


@torch.no_grad()
def recurrent_spectrum(network: Network, layer: int = -1) -> Spectrum | None:
    """Return the spectrum of the recurrent matrix of a layer's forward cell; None for a cell without a recurrence."""
    layers = network.build(torch.float64).layers
    cell = cells_of(layers[layer % len(layers) if layer < 0 else min(layer, len(layers) - 1)])[0]
    if not cell.recurrent:
        return None
    matrix = cell.weight_hh.chunk(cell.blocks)[cell.block_names.index(cell.candidate)]
    return _spectrum("recurrent", 0, matrix)


def jacobian_spectrum(network: Network, layer: int, example: int, step: int) -> Spectrum | None:
    """Return the spectrum of d state_t / d state_{t-1} at a step of a held-out example, state being h, or h and c."""
    task = network.task
    one = one_of(held_out(network.config, task), example, task)
    model, traces = network.build(torch.float64), list[Trace]()
    inputs = one.inputs.double() if one.inputs.is_floating_point() else one.inputs
    with torch.no_grad():
        model.read(inputs, traces=traces)
    trace = chosen(traces, Place(layer))[0]
    if not trace.cell.recurrent or len(trace.cell.state_names) * trace.cell.hidden_size > MOST_UNITS:
        return None
    step = min(step, len(trace.states) - 1)
    before = trace.states[step - 1] if step else trace.start
    return _spectrum("jacobian", step, state_jacobian(trace.cell, trace.projected[step], before))


def state_jacobian(cell: Cell, projected: Tensor, state: State) -> Tensor:
    """Return d step(state) / d state, all parts of the state one after another: ``(units, units)``, row by row."""
    size = cell.hidden_size

    def stepped(flat: Tensor) -> Tensor:
        return torch.cat(cell.step(projected, tuple(part[None] for part in flat.split(size))), dim=1)[0]

    found: Tensor = torch.autograd.functional.jacobian(stepped, torch.cat([part[0] for part in state]))
    return found.detach()


def measured(network: Network) -> Measured | None:
    """Return by how much the gradient on the top layer's h weakens on its way back, in all: no bound, a measurement."""
    weights = None if network.weights is None else list(network.weights)
    norm = gradient_flow(network.config, batch_size=16, weights=weights).top.norm_h.mean
    back = min(BACK, len(norm) - 1)
    if not back or not norm[0] > 0 or not math.isfinite(norm[back]):
        return None
    ratio = float(norm[back] / norm[0])
    return Measured(back, ratio, ratio ** (1 / back))


def _spectrum(of: Literal["recurrent", "jacobian"], step: int, matrix: Tensor) -> Spectrum:
    if not matrix.isfinite().all():
        nothing = np.full(len(matrix), np.nan)
        return Spectrum(of, step, nothing, nothing, nothing)
    values = torch.linalg.eigvals(matrix)
    return Spectrum(of, step, values.real.numpy(), values.imag.numpy(), torch.linalg.svdvals(matrix).numpy())
