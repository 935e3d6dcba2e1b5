"""A network as it stands over one example: its states, its answers, and what remains of one step."""

from dataclasses import dataclass, replace

import numpy as np
from torch import Tensor

from rnncore.analysis.remains import Remains, first_that_differs, remains
from rnncore.analysis.step_answers import StepAnswers, step_answers
from rnncore.analysis.unrolled import (
    Floats,
    Unrolled,
    held_out_example,
    layer_values,
    layers_of,
    typed_example,
    unrolled,
)
from rnncore.training.run import Run


@dataclass(frozen=True, eq=False)
class Inside:
    """A network over one example at one moment.

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
    layer
        The layer that is shown, from 0.
    """

    found: Unrolled
    answers: StepAnswers | None
    step: int
    left: Remains | None

    layer: int

    @property
    def layers(self) -> int:
        """How many layers the network has."""
        return layers_of(self.found)

    @property
    def strips(self) -> dict[str, Floats]:
        """The layer's states by name, ``(steps, hidden)`` each: those in reading, then those in writing.

        Of a network that reads both ways it is the forward direction.
        """
        return layer_values(self.found, self.layer)


def inside(run: Run, number: int, step: int | None = None, *, layer: int | None = None, typed: Tensor | None = None
           ) -> Inside:  # fmt: skip
    """Return a network over one example, following the input of a step counted from 0; one after the end is the last.

    Parameters
    ----------
    number
        Of the held-out example; numbers go round.
    layer
        The one that is shown, from 0; one that there is not, or None, is the last.
    typed
        Inputs of a visitor's own ``(time, 1)`` or ``(time, 1, features)`` in place of the held-out example.
    """
    example = held_out_example(run, number) if typed is None else typed_example(run, typed)
    found = unrolled(run, example, gates=False)
    first = found.marked[0] if found.marked else first_that_differs(run, example, _first_shown(found))
    at = min(first if step is None else step, len(found.read) - 1)
    last = layers_of(found) - 1
    unsaid = Inside(found, None, at, None, last if layer is None else min(layer, last))
    strips = unsaid.strips
    if not found.finite or not all(np.isfinite(values).all() for values in strips.values()):
        return unsaid
    left = remains(run, example, at, unsaid.layer, strips["h"])
    return replace(unsaid, answers=step_answers(run.task, found, example), left=left)


def _first_shown(found: Unrolled) -> int:
    """Return the first step after the blanks that stand in front of a short question to a network that writes."""
    shown = [len(track.values) for track in found.shown.tracks if track.role == "input"]
    return max(0, len(found.read) - shown[0]) if shown and found.wrote else 0
