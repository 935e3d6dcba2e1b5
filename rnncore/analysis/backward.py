"""Backpropagation through time, one step after the other, over one example."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from rnncore.analysis.handed_over import Leaves, arriving_at, flat, leaves_of
from rnncore.analysis.objective import Objective, of_task, whole
from rnncore.analysis.step_sums import Sums, WeightGradient
from rnncore.analysis.updates import Clipped, Slots, Update, clipped, updates
from rnncore.config import RunConfig
from rnncore.networks.sequence_model import SequenceModel, Trace, chunks
from rnncore.tasks import Batch
from rnncore.tasks.batch import as_double
from rnncore.training.run import Run

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StateGradient:
    """The gradient of the loss by one state at every step, and the two sources that it is the sum of.

    Attributes
    ----------
    name
        Of the state: h or c.
    values
        The state after each step, ``(steps, hidden)``, as all that follows.
    here
        What reaches it in its own step: h from its own output (or from the layer above), c through h.
    later
        What reaches it from the next step, through the recurrence.
    """

    name: str
    values: Floats
    here: Floats
    later: Floats

    @property
    def total(self) -> Floats:
        """The gradient, dL/dh_t or dL/dc_t: a total derivative, so that of c includes its way through h."""
        return self.here + self.later


@dataclass(frozen=True, eq=False)
class LayerBackward:
    """One cell, step by step, in the order in which it reads; layer and direction are counted from 0.

    `last_alone` is ||dL_T/dh_t||: what of the last loss alone reaches each step; None where that is the only one.
    """

    layer: int
    direction: int
    states: tuple[StateGradient, ...]
    weights: tuple[WeightGradient, ...]
    last_alone: Floats | None = None


@dataclass(frozen=True, eq=False)
class Backward:
    """One pass forward and back over one example, one update, and the loss after it.

    Attributes
    ----------
    inputs
        The numbers that the network gets, ``(steps, input)``.
    outputs
        Its answers, ``(answers, outputs)``.
    losses, at
        The loss of each answer that counts, and its step; no steps where the network writes after it has read.
    loss
        Their sum or mean, as `summed` says: the one that is differentiated.
    layers
        Every cell that reads, layer by layer.
    readout
        The parameters of the read-out; empty where it answers after all has been read.
    cuts
        Steps that pass nothing on to the step before, where backpropagation is truncated.
    clipped
        The gradient of all parameters together, and how far it is scaled down.
    updates
        What one update makes of it.
    chosen
        The layer that is looked at, counted from 0; None for the last.
    """

    inputs: Floats
    outputs: Floats
    losses: Floats
    at: tuple[int, ...]
    loss: float
    summed: str
    layers: tuple[LayerBackward, ...]
    readout: tuple[WeightGradient, ...]
    cuts: tuple[int, ...]
    clipped: Clipped
    updates: tuple[Update, ...]
    chosen: int | None = None

    @property
    def depth(self) -> int:
        """How many layers read."""
        return 1 + max(each.layer for each in self.layers)

    @property
    def shown(self) -> LayerBackward:
        """The layer that is looked at, forward; one that does not exist is the last."""
        at = self.depth - 1 if self.chosen is None else min(self.chosen, self.depth - 1)
        return next(each for each in self.layers if each.layer == at and not each.direction)

    @property
    def weights(self) -> tuple[WeightGradient, ...]:
        """The parameters of the layer that is looked at, and those of the read-out where that layer is the last."""
        return self.shown.weights + (self.readout if self.shown.layer == self.depth - 1 else ())

    @property
    def finite(self) -> bool:
        """Whether all numbers are finite."""
        kept = (part for state in self.shown.states for part in (state.values, state.total))
        return bool(np.isfinite([self.loss, self.clipped.norm]).all()) and all(np.isfinite(part).all() for part in kept)


def backward_of(run: Run, example: Batch, *, truncate: int | None = None, layer: int | None = None) -> Backward:
    """Return backpropagation through a run's network, over a batch of one example whose answer is known.

    `truncate` replaces the run's own setting; `layer` is the one that is looked at, counted from 0. The update is that
    of the run's optimiser, in the state in which it is, unless the run comes from a file without one; nothing of the
    run itself changes.
    """
    example, slots = whole(example, run.task.many_to_one), run.optimizer.state_dict()
    known = slots if slots or not run.step else None
    found = backward(run.model, example, of_task(run.task, example), run.config, known, truncate)
    return replace(found, chosen=layer)


def backward(
    network: SequenceModel,
    example: Batch,
    objective: Objective,
    config: RunConfig,
    slots: Slots | None = None,
    truncate: int | None = None,
) -> Backward:
    r"""Return one pass forward and back, in float64, on a copy of a network.

    .. math:: dL/ds_t = \partial L/\partial s_t + (ds_{t+1}/ds_t)^T dL/ds_{t+1},
              dL/dW = \sum_t (\partial s_t/\partial W)^T dL/ds_t

    s is a cell's state, h or (h, c). Each step is differentiated by itself, from the last to the first, at the values
    that occurred. Without dropout. Rumelhart, Hinton and Williams (1986); Werbos (1990).

    Parameters
    ----------
    network
        A network with any cell. Parameters that need no gradient stay as they are.
    example
        A batch of one, not padded.
    objective
        The loss.
    config
        Length of the clipped gradient, learning rate and optimiser.
    slots
        What the optimiser keeps per parameter, empty before its first update; None where it is not known.
    truncate
        Steps after which the gradient is cut, counted from the end; None for the network's own.
    """
    model, batch = copy.deepcopy(network).double(), as_double(example)
    if truncate is not None:
        model.truncate = truncate
    with torch.enable_grad():
        traces: list[Trace] = []
        read = model.read(batch.inputs, traces=traces)
        leaves = leaves_of(*read)
        outputs, _ = model.answer_from(batch, *leaves)
        each = objective.each(outputs)
        loss = objective.total(each)
        arriving = arriving_at(loss, leaves)
        cuts = tuple(accumulate(chunks(len(batch.inputs), model.truncate)))[:-1]
        layers = _layers(traces, arriving, cuts)
        readout = _readout(model, leaves, outputs, loss, objective)
        if len(objective.at) > 1:
            alone = _alone(each[-1], leaves, read, traces)
            layers = [replace(one, last_alone=alone[one.layer, one.direction]) for one in layers]
        gradient = clipped(model, batch, objective, config.clip_norm)
    return Backward(
        inputs=_numbers(model.encode(batch.inputs)[:, 0]), outputs=_numbers(outputs.flatten(0, -2)),
        losses=_numbers(each), at=objective.at, loss=loss.item(), summed=objective.summed, layers=tuple(layers),
        readout=readout, cuts=cuts, clipped=gradient,
        updates=updates(model, batch, objective, gradient, config, slots),
    )  # fmt: skip


def _layers(traces: Sequence[Trace], arriving: Leaves, cuts: Sequence[int]) -> list[LayerBackward]:
    """Sweep through the layers from the last to the first; each hands on what it sends to its inputs."""
    above, final, ends = arriving
    found: list[LayerBackward] = []
    for layer in reversed(range(len(ends))):
        below = []
        cells = [trace for trace in traces if trace.layer == layer]
        width = cells[0].cell.hidden_size
        for trace, part, last in zip(cells, above.split(width, -1), final.split(width, -1), strict=True):
            own = [torch.zeros(len(part), *end.shape, dtype=end.dtype) for end in ends[layer][trace.direction]]
            own[0] += part.flip(0) if trace.direction else part
            own[0][-1] += last
            for each, end in zip(own, ends[layer][trace.direction], strict=True):
                each[-1] += end
            swept, inputs = _sweep(trace, own, cuts)
            below.append(inputs.flip(0) if trace.direction else inputs)
            found.append(swept)
        above = torch.stack(below).sum(dim=0)
        final = torch.zeros_like(above[-1])  # only the last layer is read out
    return sorted(found, key=lambda each: (each.layer, each.direction))


def _sweep(trace: Trace, own: list[Tensor], cuts: Sequence[int]) -> tuple[LayerBackward, Tensor]:
    """Go through one cell from its last step to its first; also returns the gradient of its inputs."""
    cell, steps = trace.cell, len(trace.states)
    parameters = {name: value for name, value in cell.named_parameters() if value.requires_grad}
    before = [trace.start, *trace.states[:-1]]
    later = [torch.zeros_like(each[-1]) for each in own]
    here, passed, sent, sums = [], [], [], Sums()
    for t in reversed(range(steps)):
        x = trace.inputs[t].detach().requires_grad_()
        state = tuple(each.detach().requires_grad_() for each in before[t])
        after = cell(x, state)
        reached = [mine[t] + back for mine, back in zip(own, later, strict=True)]
        wanted = [*after, *state, x, *parameters.values()]
        found = iter(torch.autograd.grad(after, wanted, reached, allow_unused=True, materialize_grads=True))
        inside = [next(found) - arrived for arrived in reached]  # by way of other states of the same step
        here.append([mine[t] + way for mine, way in zip(own, inside, strict=True)])
        passed.append(later)
        later = [next(found) for _ in state]
        later = [torch.zeros_like(each) for each in later] if t in cuts else later
        sent.append(next(found))
        sums.add(dict(zip(parameters, found, strict=True)))
    states = tuple(
        StateGradient(
            name, _numbers(torch.stack([state[k][0] for state in trace.states])),
            *(_numbers(torch.stack([each[k][0] for each in reversed(part)])) for part in (here, passed)),
        )
        for k, name in enumerate(cell.state_names) if own[k].shape[-1] == cell.hidden_size
    )  # fmt: skip
    return LayerBackward(trace.layer, trace.direction, states, sums.gradients()), torch.stack(sent[::-1])


def _readout(
    model: SequenceModel, leaves: Leaves, outputs: Tensor, loss: Tensor, objective: Objective
) -> tuple[WeightGradient, ...]:
    """Return what each step adds to the parameters of the read-out."""
    hidden, final, _ = leaves
    parameters = {f"readout.{name}": value for name, value in model.readout.named_parameters() if value.requires_grad}
    if not objective.at or not parameters:
        return ()
    (slope,) = torch.autograd.grad(loss, outputs, retain_graph=True)
    sums = Sums()
    for t in reversed(range(len(hidden))):
        counts = t in objective.at
        h, way = (final, slope) if model.many_to_one else (hidden[t], slope[t])
        found = torch.autograd.grad(model.readout(h.detach()), [*parameters.values()], way if counts else 0 * way)
        sums.add(dict(zip(parameters, found, strict=True)))
    return sums.gradients()


def _alone(last: Tensor, leaves: Leaves, read: Leaves, traces: Sequence[Trace]) -> dict[tuple[int, int], Floats]:
    """Return the length of the gradient of the last loss alone at each step, by layer and direction."""
    arriving = flat(arriving_at(last, leaves))
    path = [state[0] for trace in traces for state in trace.states]
    pairs = [pair for pair in zip(flat(read), arriving, strict=True) if pair[0].requires_grad]
    made, slopes = zip(*pairs, strict=True)
    grads = torch.autograd.grad(made, path, slopes, allow_unused=True, materialize_grads=True)
    sizes = iter(torch.stack([grad.norm() for grad in grads]).split([len(trace.states) for trace in traces]))
    return {(trace.layer, trace.direction): _numbers(next(sizes)) for trace in traces}


def _numbers(tensor: Tensor) -> Floats:
    found: Floats = tensor.detach().double().numpy()
    return found
