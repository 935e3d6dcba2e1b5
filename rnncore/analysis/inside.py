"""A network as it stands over one held-out example: its states, its answers, and what remains of one step."""

from dataclasses import dataclass, replace

import numpy as np

from rnncore.analysis.remains import Remains, first_that_differs, remains
from rnncore.analysis.step_answers import StepAnswers, step_answers
from rnncore.analysis.unrolled import Floats, Unrolled, held_out_example, unrolled
from rnncore.training.run import Run


@dataclass(frozen=True, eq=False)
class Inside:
    """A network over one held-out example at one moment.

    Attributes
    ----------
    found
        The unrolled network.
    answers
        What it answers at each step; None if it no longer gives finite numbers.
    step
        The step, from 0, whose input is followed: the one asked for, else the first that the task marks, else the first
        that is no blank and differs in other examples.
    left
        What remains of that step; None where that cannot be said.
    """

    found: Unrolled
    answers: StepAnswers | None
    step: int
    left: Remains | None

    @property
    def strips(self) -> dict[str, Floats]:
        """The top layer's states by name, ``(steps, hidden)`` each: those in reading, then those in writing.

        Of a network that reads both ways it is the forward direction.
        """
        top = max(layer.layer for layer in self.found.layers)
        parts = [layer for layer in self.found.layers if layer.layer == top and not layer.direction]
        return {name: np.concatenate([part.values[name] for part in parts]) for name in parts[0].states}


def inside(run: Run, number: int, step: int | None = None) -> Inside:
    """Return a network over a held-out example, whose numbers go round, following the input of a step counted from 0.

    A step after the end is the last one.
    """
    example = held_out_example(run, number)
    found = unrolled(run, example)
    first = found.marked[0] if found.marked else first_that_differs(run, number, _first_shown(found))
    at = min(first if step is None else step, len(found.read) - 1)
    unsaid = Inside(found, None, at, None)
    if not found.finite or not all(np.isfinite(values).all() for values in unsaid.strips.values()):
        return unsaid
    return replace(unsaid, answers=step_answers(run.task, found, example), left=remains(run, number, at))


def _first_shown(found: Unrolled) -> int:
    """Return the first step after the blanks that stand in front of a short question to a network that writes."""
    shown = [len(track.values) for track in found.shown.tracks if track.role == "input"]
    return max(0, len(found.read) - shown[0]) if shown and found.wrote else 0
