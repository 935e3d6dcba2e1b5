"""The reference lines of a task, and its further measures."""

from dataclasses import dataclass, field
from typing import Literal

from torch import Tensor


@dataclass(frozen=True)
class Baseline:
    """A reference line: what somebody without a memory, or somebody perfect, would score.

    `kind` is ``chance``, ``memoryless``, ``optimum`` or ``other``; `loss` and `metric` are in the units of
    the task's own loss and metric (None where not known); `reason` is one line that a person can check. `errors` are
    what it scores on each of the task's held-out examples (see `Task.scores` and `Batch.number`), where that is known.
    `counted` is on how many examples it was measured where these are others than a run's; None where it follows by
    arithmetic, was counted on all that can occur, or has `errors`.
    """

    kind: Literal["chance", "memoryless", "optimum", "other"]
    name: str
    loss: float | None
    metric: float | None
    reason: str
    errors: Tensor | None = field(default=None, repr=False, compare=False)
    counted: int | None = None


@dataclass(frozen=True)
class Reported:
    """A further measure of a trained network: its name and what it says, in a line each; a share or a count."""

    label: str
    why: str
    counts: bool = False
