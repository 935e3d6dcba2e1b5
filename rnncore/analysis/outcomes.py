"""Measurements of a trained network beyond its loss: for the end of a run, or when somebody asks."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from rnncore.errors import ConfigError
from rnncore.networks.build import write
from rnncore.seeding import generator
from rnncore.tasks import Batch, Task
from rnncore.tasks.shuffle import as_read, shuffled
from rnncore.training.run import Run

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
FACTORS = (0.5, 1, 2, 4)
TESTED = 256
COUNTED = 1000


@dataclass(frozen=True)
class Stretch:
    """The loss and metric of a network on held-out examples of another length."""

    factor: float
    seq_len: int
    loss: float
    metric: float


@dataclass(frozen=True)
class StepPredictions:
    """A network's answers to one example, step by step.

    Attributes
    ----------
    steps
        What stands at each step: of the inputs, or, where the network writes, of what it wrote.
    names
        What it can answer.
    shares
        How probable it holds each answer, ``(steps, names)``. With one answer per sequence: had it ended there.
    read, attention
        The inputs' steps, and what was looked at in writing each step ``(steps, read)``; None without attention.
    """

    steps: tuple[str, ...]
    names: tuple[str, ...]
    shares: Floats
    read: tuple[str, ...] = ()
    attention: Floats | None = None


@torch.no_grad()
def report(run: Run) -> dict[str, float]:
    """Return the task's further measures of the network, by name: see `Task.report`.

    All are NaN where the network no longer gives finite numbers.
    """
    found = run.task.report(run.model, run.held_out)
    return found if finite(run.model.answer(run.held_out)[0]) else dict.fromkeys(found, math.nan)


@torch.no_grad()
def stretched(run: Run) -> list[Stretch]:
    """Return how the network does at 1/2, 1, 2 and 4 times the length it was trained at, where the task allows.

    The metric is NaN where some answers are no finite numbers."""
    task, found = run.task, []
    lengths = {round(factor * task.seq_len): factor for factor in FACTORS} if task.stretches else {}
    for seq_len, factor in lengths.items():
        if seq_len < task.seq_len_range[0]:
            continue
        try:
            other = type(task)(seq_len, task.options)
        except ConfigError:
            continue  # no such problem, or too little data for it
        batch = _held_out(run, other, TESTED)
        outputs, _ = run.model.answer(batch)
        metric = other.metric(outputs, batch).item() if finite(outputs) else math.nan
        found.append(Stretch(factor, seq_len, other.loss(outputs, batch).item(), metric))
    return found


@torch.no_grad()
def confusion(run: Run) -> Counts:
    """Return how often held-out answers of each class were given each class: rows true, columns answered.

    Answers that are no finite numbers are not counted."""
    batch = _held_out(run, run.task, COUNTED)
    outputs, targets = run.task.counted(run.model.answer(batch)[0], batch)
    answered = outputs.isfinite().all(dim=-1)
    outputs, targets = outputs[answered], targets[answered]
    size = run.task.output_size
    pairs = torch.bincount(targets * size + outputs.argmax(dim=-1), minlength=size**2)
    return pairs.view(size, size).numpy()


@torch.no_grad()
def forecasts(run: Run, most: int = 400) -> tuple[Floats, Floats]:
    """Return true and predicted values of held-out examples in the series' unit, at most so many."""
    task = run.task
    if not task.forecasts:
        raise ConfigError(f"{task.label} forecasts no series: choose a task that does.")
    batch = _held_out(run, task, most)
    outputs, targets = task.counted(run.model.answer(batch)[0], batch)
    true, predicted = (task.in_units(values).flatten()[:most].numpy() for values in (targets, outputs))
    return true, predicted


@torch.no_grad()
def step_predictions(run: Run, inputs: Tensor) -> StepPredictions:
    """Return what the network answers to inputs ``(time, 1)`` or ``(time, 1, features)``, step by step."""
    task, model = run.task, run.model
    inputs = as_read(inputs, run.config.shuffle, run.config.seed)
    read = task.steps(inputs)
    if task.writes_symbols:
        written = write(model, task, inputs, generator(run.config.seed, "writing"))
        names = task.symbols
        symbols = [names[i] for i in written.targets[:, 0].tolist()]
        steps = symbols[: symbols.index(names[0]) + 1] if names[0] in symbols else symbols
        shares = written.outputs[: len(steps), 0].softmax(dim=-1)
        looked = None if written.attention is None else written.attention[: len(steps), 0].double().numpy()
        return StepPredictions(tuple(steps), names, shares.double().numpy(), read, looked)
    if task.many_to_one:
        # as many copies as steps, each ended one step later
        lengths = torch.arange(1, len(inputs) + 1)
        outputs = model(inputs.expand(-1, len(inputs), *inputs.shape[2:]), lengths)
    else:
        outputs = model(inputs)[:, 0]
    shares = torch.sigmoid(outputs) if task.loss_kind == "binary" else outputs.softmax(dim=-1)
    return StepPredictions(read, task.answers, shares.double().numpy())


def finite(outputs: Tensor) -> bool:
    """Return whether all outputs are finite numbers: else what is made of them says nothing."""
    return bool(outputs.isfinite().all())


def _held_out(run: Run, task: Task, n: int) -> Batch:
    seed = run.config.seed
    batch = task.held_out(n, generator(seed, "tested"))
    return shuffled(batch, run.config.shuffle, seed, generator(seed, "tested order"))
