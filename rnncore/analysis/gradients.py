"""Gradient flow through time: how much of the error at one step reaches the steps before it, measured."""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from torch import Tensor

from rnncore.analysis.decay import Decay, Floats, decay
from rnncore.analysis.probe import full_lengths, loss_steps, losses_at, mean_losses, prepared
from rnncore.cells import Cell
from rnncore.config import RunConfig
from rnncore.networks.sequence_model import Trace
from rnncore.training.run import Run

LOW, HIGH = 0.1, 0.9  # of the examples lie below the lower and below the upper edge of the band
PIECE = 32  # steps that are summed up at a time


@dataclass(frozen=True)
class Norms:
    """Length of a gradient by lag: mean over the examples, and the band that holds the middle 80 % of them."""

    mean: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Flow:
    """Gradient flow through one cell of the network, layer and direction counted from 0.

    Attributes
    ----------
    norm_h, norm_c
        ||dL/dh_t|| and, for cells with a cell state, ||dL/dc_t|| at lag 0, 1, 2, ... steps before the loss.
        Both are total derivatives: that of c_t includes its way through h_t.
    contributions
        ||dL_t/dW_ih||: length of what each step adds to the gradient of the input weights, by lag; None for a
        layer that has no recurrence. The contributions themselves sum to dL/dW_ih.
    largest_singular_value, spectral_radius
        Of the recurrent matrix; in a gated cell of the block that makes the new content.
    slope
        Mean slope of the activation at the values that occurred; vanilla cells only.
    bound
        largest_singular_value times the largest slope the activation can have: a vanilla cell's gradient
        shrinks at least by this per step (Pascanu, Mikolov and Bengio, 2013). Under 1 it must vanish.
    gate
        Mean of the gate that decides how much of the old state is kept; gated cells only.
    """

    layer: int
    direction: int
    norm_h: Norms
    norm_c: Norms | None
    contributions: Floats | None
    largest_singular_value: float | None
    spectral_radius: float | None
    slope: float | None
    bound: float | None
    gate: float | None

    @cached_property
    def decay(self) -> Decay:
        """The curve of the gradient on h in numbers."""
        return decay(self.norm_h.mean)

    @cached_property
    def decay_c(self) -> Decay | None:
        """The curve of the gradient on c in numbers; None for cells without a cell state."""
        return None if self.norm_c is None else decay(self.norm_c.mean)


@dataclass(frozen=True)
class GradientFlow:
    """Gradient flow through a whole network; `top` is its last layer, forward."""

    config: RunConfig
    flows: tuple[Flow, ...]
    loss: float
    seconds: float

    @property
    def top(self) -> Flow:
        """The last layer's forward direction, the one that a chart of several cells compares."""
        last = max(flow.layer for flow in self.flows)
        return min((flow for flow in self.flows if flow.layer == last), key=lambda flow: flow.direction)

    def only(self, layer: int, direction: int) -> "GradientFlow":
        """Return the same of one layer and direction, counted from 0, or of the nearest that the network has."""
        near = min(self.flows, key=lambda flow: (abs(flow.layer - layer), abs(flow.direction - direction)))
        return replace(self, flows=(near,))


def gradient_flow(
    source: RunConfig | Run,
    *,
    batch_size: int = 32,
    dtype: torch.dtype = torch.float32,
    every_step: bool = False,
    weights: Sequence[Tensor] | None = None,
) -> GradientFlow:
    """Measure ||dL/dh_t|| and ||dL/dc_t|| at every step of a network, in one pass forward and one back.

    .. math:: dL/dh_t = (dh_T/dh_{T-1} ... dh_{t+1}/dh_t)^T dL/dh_T

    L is the task's loss at the last step that counts, for each example by itself, so a norm does not depend on
    the number of examples. The cost grows linearly with the length. Where the network reads first and writes then,
    the states are those of the reading network, and lag 0 is the last symbol that it reads.

    Parameters
    ----------
    source
        A config, whose network is measured as it starts; or a run, also one that was loaded from a file, measured
        as it is now. A run that is training must be held still meanwhile (`RunPool.hold`).
    batch_size
        Examples to average over.
    dtype
        Precision of the whole measurement; float64 shows what float32 would round to nothing.
    every_step
        Take the mean loss over all steps that count instead. For tasks with one answer per step this hides
        vanishing: near losses drown what far ones send.
    weights
        Measured in place of the network's own, such as one of `Run.milestones`.

    Notes
    -----
    Bengio, Simard and Frasconi (1994); Hochreiter (1991); Pascanu, Mikolov and Bengio (2013).
    """
    started = time.thread_time()
    model, task, batch = prepared(source, batch_size, dtype, weights)
    traces: list[Trace] = []
    outputs, _ = model.answer(batch, traces=traces)
    at = loss_steps(task, batch)
    losses = mean_losses(task, outputs, batch) if every_step else losses_at(task, outputs, batch, at)
    wanted = [tensor for trace in traces for tensors in _path(trace).values() for tensor in tensors]
    grads = iter(torch.autograd.grad(losses.sum(), wanted, allow_unused=True))
    flows = []
    for trace in traces:
        path = {name: _stack(grads, tensors) for name, tensors in _path(trace).items()}
        first = full_lengths(batch) - 1
        if not (task.many_to_one or task.writes):
            first = at if trace.direction == 0 else first - at
        flows.append(_flow(trace, path, first))
    config = source if isinstance(source, RunConfig) else source.config
    return GradientFlow(config, tuple(flows), losses.mean().item(), time.thread_time() - started)


def reach(config: RunConfig, *, batch_size: int = 8) -> float:
    """Return the share of the gradient at the last step that still reaches the first: ||dL/dh_1|| / ||dL/dh_T||."""
    norm = gradient_flow(config, batch_size=batch_size).top.norm_h.mean
    return float(norm[-1] / norm[0]) if norm[0] > 0 else math.nan


def _path(trace: Trace) -> dict[str, list[Tensor]]:
    """Return the tensors to differentiate by, one per step: h, c where there is one, and the projected inputs."""
    names = trace.cell.state_names
    path = {name: [state[names.index(name)] for state in trace.states] for name in names if name in ("h", "c")}
    return path | ({"projected": trace.projected} if trace.cell.recurrent else {})


def _stack(grads: Iterator[Tensor | None], tensors: list[Tensor]) -> Tensor:
    """Take one gradient per tensor, zero where nothing arrives: ``(time, batch, features)``."""
    each = zip(tensors, grads, strict=False)  # only as many gradients as there are tensors
    return torch.stack([torch.zeros_like(tensor) if grad is None else grad for tensor, grad in each])


@torch.no_grad()
def _flow(trace: Trace, path: dict[str, Tensor], first: Tensor) -> Flow:
    """Sum up one cell; `first` is, per example, the place of the loss in the order in which the cell reads."""
    inputs, each = trace.inputs.detach(), torch.arange(len(first))
    lengths: dict[str, list[Tensor]] = {name: [] for name in path}
    # in pieces that stay in the processor's cache; in float64, since float32 squares of 1e-23 are 0
    for lags in torch.arange(int(first.max()) + 1)[:, None].split(PIECE):
        there, source = first >= lags, (first - lags).clamp(min=0)  # (lags, batch): the step that far from the loss
        for name, gradient in path.items():
            found = gradient[source, each].double()
            if name == "projected":
                delta, x = found * there[..., None], inputs[source, each].double()
                # ||sum_b delta_b x_b^T||^2 = sum_{b, b'} (delta_b . delta_b') (x_b . x_b')
                squares = ((delta @ delta.mT) * (x @ x.mT)).sum(dim=(1, 2)).clamp(min=0)
                lengths[name].append(squares.sqrt() / len(first))
            else:
                lengths[name].append(torch.where(there, found.norm(dim=-1), torch.nan))
    by_lag = {name: torch.cat(pieces) for name, pieces in lengths.items()}
    largest, radius = _spectrum(trace.cell)
    slope, bound, gate = _activity(trace, largest)
    return Flow(
        layer=trace.layer, direction=trace.direction, norm_h=_norms(by_lag["h"]),
        norm_c=_norms(by_lag["c"]) if "c" in by_lag else None,
        contributions=by_lag["projected"].numpy() if "projected" in by_lag else None,
        largest_singular_value=largest, spectral_radius=radius, slope=slope, bound=bound, gate=gate,
    )  # fmt: skip


def _norms(lengths: Tensor) -> Norms:
    """Sum up ``(lags, batch)`` lengths, NaN where an example is shorter."""
    band = torch.nanquantile(lengths, torch.tensor([LOW, HIGH], dtype=lengths.dtype), dim=1)
    return Norms(lengths.nanmean(dim=1).numpy(), band[0].numpy(), band[1].numpy())


def _spectrum(cell: Cell) -> tuple[float | None, float | None]:
    if not cell.recurrent:
        return None, None
    matrix = cell.weight_hh.detach().chunk(cell.blocks)[cell.block_names.index(cell.candidate)].double()
    if not matrix.isfinite().all():
        return math.nan, math.nan
    return torch.linalg.matrix_norm(matrix, 2).item(), torch.linalg.eigvals(matrix).abs().max().item()


def _activity(trace: Trace, largest: float | None) -> tuple[float | None, float | None, float | None]:
    """Return mean slope and bound of a vanilla cell, or the mean keeping gate of a gated one."""
    cell = trace.cell
    if not cell.recurrent:
        return None, None, None
    before = [cell.initial_state(trace.inputs.shape[1]), *trace.states[:-1]]
    kept: list[float] = []
    slopes: list[float] = []
    for start in range(0, len(before), PIECE):
        state = tuple(torch.stack(values) for values in zip(*before[start : start + PIECE], strict=True))
        values = cell.compute(torch.stack(trace.projected[start : start + PIECE]), state)
        for found, summed in ((cell.retention_gate(values), kept), (cell.slope(values), slopes)):
            if found is not None:
                summed.append(found.sum().item() / found[0].numel())
    bound = None if cell.steepest is None or largest is None else largest * cell.steepest
    mean_slope, mean_gate = (sum(found) / len(before) if found else None for found in (slopes, kept))
    return mean_slope, bound, mean_gate
