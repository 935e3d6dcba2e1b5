"""What remains of one step's input in a network's state: the same example twice, with another input at that step."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from rnncore.analysis.unrolled import held_out_example
from rnncore.networks.build import write
from rnncore.networks.sequence_model import Trace
from rnncore.seeding import generator
from rnncore.training.run import Run

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Remains:
    r"""How much of a difference made at one step is left in the state after later steps.

    .. math:: left_t = |h_t - h'_t| / |h_k - h'_k|, \quad t = k, k + 1, \ldots

    h is the top layer's state, that of the forward direction in a network that reads both ways; in a network that
    writes, the states in writing follow those in reading. h' comes from the same inputs but for step k, where the input
    of another held-out example stands.

    Attributes
    ----------
    step
        k, counted from 0.
    instead
        The inputs of the other example's step, in a few letters.
    left
        ``(steps - k,)``, 1 at first.
    """

    step: int
    instead: str
    left: Floats


@torch.no_grad()
def remains(run: Run, number: int, step: int) -> Remains | None:
    """Return what is left of a step's input in a held-out example, whose numbers go round.

    None if no other held-out example has something else there, or if that makes no difference to the state right then,
    or one that is not finite.
    """
    other = _other(run, number, step)
    if other is None:
        return None
    example = held_out_example(run, number)
    inputs = example.inputs if example.lengths is None else example.inputs[: int(example.lengths[0])]
    changed = inputs.clone()
    changed[step] = run.held_out.inputs[step, other : other + 1]
    apart = (top_states(run, inputs) - top_states(run, changed)).double().norm(dim=-1)[step:]
    first = float(apart[0])
    if not first or not bool(apart.isfinite().all()):
        return None
    return Remains(step, run.task.steps(changed)[step], (apart / first).numpy())


def first_that_differs(run: Run, number: int, start: int = 0) -> int:
    """Return the first step from `start` on at which some other held-out example has another input; else `start`."""
    at = number % run.held_out.size
    steps = len(run.held_out.inputs) if run.held_out.lengths is None else int(run.held_out.lengths[at])
    return next((step for step in range(start, steps) if _other(run, number, step) is not None), start)


@torch.no_grad()
def top_states(run: Run, inputs: Tensor) -> Tensor:
    """Return the top layer's ``h`` after each step that one example has read, then written: ``(steps, hidden)``."""
    width = run.config.hidden_size
    if not run.task.writes:
        hidden, _, _ = run.model.read(inputs)
        return hidden[:, 0, :width]
    traces: list[Trace] = []
    write(run.model, run.task, inputs, generator(run.config.seed, "writing"), traces)
    top = run.config.num_layers - 1
    parts = [[state[0][0] for state in each.states] for each in traces if each.layer == top and not each.direction]
    return torch.cat([torch.stack(part) for part in parts])


def _other(run: Run, number: int, step: int) -> int | None:
    """Return the first held-out example that has another input at a step; None if there is none."""
    batch = run.held_out
    there = batch.inputs[step]
    differs = (there != there[number % batch.size]).reshape(batch.size, -1).any(dim=1)
    if batch.lengths is not None:
        differs &= batch.lengths > step
    found = torch.nonzero(differs)[:, 0]
    return int(found[0]) if len(found) else None
