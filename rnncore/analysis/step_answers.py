"""What a network answers at each step of an example, in words or as numbers, and whether that is right."""

from dataclasses import dataclass

import torch
from torch import Tensor

from rnncore.analysis.unrolled import Unrolled
from rnncore.tasks import Batch, Task


@dataclass(frozen=True)
class StepAnswers:
    """The answers of a network, step by step: of those that write where there are any.

    Attributes
    ----------
    names
        Each answer in a few letters; empty where it has none.
    sure
        How probable the network holds each of them; empty where it names no probabilities.
    numbers
        The answers where each is one number; else empty.
    right
        Whether each is right, with one answer per sequence: had the sequence ended there. None where nothing is asked.
    true
        The right number, where each answer is one and there is a right one.
    """

    names: tuple[str, ...]
    sure: tuple[float, ...] = ()
    numbers: tuple[float, ...] = ()
    right: tuple[bool | None, ...] = ()
    true: float | None = None


def step_answers(task: Task, found: Unrolled, example: Batch) -> StepAnswers:
    """Return what a network answers at each step of the example over which it was unrolled."""
    outputs = torch.from_numpy(found.outputs)
    steps = len(outputs)
    known = bool(len(example.targets))  # an input of a visitor's own has no right answer
    if task.writes:
        return _written(task, found, outputs, example)
    if task.loss_kind == "mse":
        names = tuple(task.value_text(output) for output in outputs)
        return StepAnswers(
            names,
            (),
            tuple(outputs[:, 0].tolist()),
            (None,) * steps,
            float(example.targets.flatten()[0]) if known else None,
        )
    if task.loss_kind == "binary":
        said = outputs > 0
        names = tuple(
            " ".join(name for name, yes in zip(task.answers, row, strict=True) if yes) for row in said.tolist()
        )
        right = (said == (_targets(example, steps) > 0.5)).all(dim=-1) if known else None
        return StepAnswers(names, right=_right(right, steps, example))
    sure, best = outputs.softmax(dim=-1).max(dim=-1)
    names = tuple(task.answers[i] for i in best.tolist()) if task.answers else task.steps(best[:, None])
    if task.many_to_one and known:
        return StepAnswers(names, tuple(sure.tolist()), right=tuple((best == example.targets[0]).tolist()))
    same = best == _targets(example, steps) if known else None
    return StepAnswers(names, tuple(sure.tolist()), right=_right(same, steps, example))


def _written(task: Task, found: Unrolled, outputs: Tensor, example: Batch) -> StepAnswers:
    """Return what was written; symbols after the end of an answer have no name."""
    if not task.writes_symbols:
        track = next((each for each in found.shown.tracks if each.role == "answer"), None)
        names = tuple(map(str, track.values)) if track is not None else ()
        return StepAnswers((*names, *("",) * len(outputs))[: len(outputs)])
    names = (*found.wrote, *("",) * len(outputs))[: len(outputs)]
    sure, best = outputs.softmax(dim=-1).max(dim=-1)
    right = (best == example.targets[:, 0]).tolist() if len(example.targets) else [None] * len(best)
    said = tuple(same if name else None for same, name in zip(right, names, strict=True))
    return StepAnswers(names, tuple(sure.tolist()), right=said)


def _targets(example: Batch, steps: int) -> Tensor:
    return example.targets[:steps, 0]


def _right(right: Tensor | None, steps: int, example: Batch) -> tuple[bool | None, ...]:
    if right is None:
        return (None,) * steps
    asked = [True] * steps if example.mask is None else example.mask[:steps, 0].tolist()
    return tuple(bool(same) if counts else None for same, counts in zip(right.tolist(), asked, strict=True))
