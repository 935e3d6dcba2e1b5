"""What remains of one step's input in a network's state: the same example twice, with another input at that step."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from rnncore.analysis.unrolled import layer_values, read_inputs, unrolled
from rnncore.tasks import Batch
from rnncore.training.run import Run

Floats = npt.NDArray[np.float64]
Known = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Remains:
    r"""How much of a difference made at one step is left in the state after later steps.

    .. math:: left_t = |h_t - h'_t| / |h_k - h'_k|, \quad t = k, k + 1, \ldots

    h is one layer's state, that of the forward direction in a network that reads both ways; in a network that
    writes, the states in writing follow those in reading. h' comes from the same inputs but for step k, where the input
    of a held-out example stands that has another one there.

    Attributes
    ----------
    step
        k, counted from 0.
    instead
        The other input at that step, in a few letters.
    left
        ``(steps - k,)``, 1 at first.
    """

    step: int
    instead: str
    left: Floats


def remains(run: Run, example: Batch, step: int, layer: int = -1, h: Known | None = None) -> Remains | None:
    """Return what is left of a step's input in a batch of one example, in a layer counted from 0 or from the end.

    None if no held-out example has something else there, or if that makes no difference to the state right then, or one
    that is not finite. Who knows the layer's states ``h (steps, hidden)`` hands them over.
    """
    inputs = read_inputs(example)
    other = _other(run, inputs, step)
    if other is None:
        return None
    changed = inputs.clone()
    changed[step] = run.held_out.inputs[step, other : other + 1]
    before = layer_states(run, inputs, layer) if h is None else h
    difference = before.astype(np.float64) - layer_states(run, changed, layer)
    apart = np.linalg.norm(difference, axis=1)[step:]
    first = float(apart[0])
    if not first or not np.isfinite(apart).all():
        return None
    return Remains(step, run.task.steps(changed)[step], apart / first)


def first_that_differs(run: Run, example: Batch, start: int = 0) -> int:
    """Return the first step from `start` on at which some held-out example has another input; else `start`."""
    inputs = read_inputs(example)
    return next((step for step in range(start, len(inputs)) if _other(run, inputs, step) is not None), start)


def layer_states(run: Run, inputs: Tensor, layer: int = -1) -> Known:
    """Return a layer's ``h`` after each step that one example has read, then written: ``(steps, hidden)``."""
    return layer_values(unrolled(run, Batch(inputs, torch.zeros(0)), gates=False), layer)["h"]


def _other(run: Run, inputs: Tensor, step: int) -> int | None:
    """Return the first held-out example that has another input at a step; None if there is none."""
    batch = run.held_out
    if step >= len(batch.inputs):
        return None
    there = batch.inputs[step]
    differs = (there != inputs[step]).reshape(batch.size, -1).any(dim=1)
    if batch.lengths is not None:
        differs &= batch.lengths > step
    found = torch.nonzero(differs)[:, 0]
    return int(found[0]) if len(found) else None
