"""Views: what is trained as it stands at one moment, as plain data of bounded size, read by name.

Whoever watches asks for a view and holds nothing that moves, so what is trained may be computed anywhere.
"""

from dataclasses import dataclass

from torch import Tensor

from rnncore.config import RunConfig
from rnncore.tasks import Shown, Task
from rnncore.training.history import Curve, Floats, Gradients, Lowest
from rnncore.training.run_state import Divergence, Health, Status

POINTS = 120  # rows per line of a chart: more than a phone or a projector can show apart


def last(values: Floats) -> float | None:
    """Return the last of some values; None if there is none."""
    return float(values[-1]) if len(values) else None


@dataclass(frozen=True, eq=False)
class LearningView:
    """Something that learns, at one moment.

    Attributes
    ----------
    number
        Distinguishes it within this process.
    cell, config
        The kind of cell, and its settings now.
    status, step, seconds
        Where it stands, the updates it has done, and the processor seconds that they took.
    parameters
        Number of trainable weights.
    curve, gradients
        Its losses, and the norms of its gradients, if asked for.
    loss
        Of the last training batch; None before the first.
    held_loss, held_metric
        Of the last measurement on held-out examples; None before the first.
    lowest
        The lowest held-out loss, and its update.
    divergence
        What was measured when it blew up.
    """

    number: int
    cell: str
    config: RunConfig
    status: Status
    step: int
    seconds: float
    parameters: int
    curve: Curve
    gradients: Gradients | None
    loss: float | None
    held_loss: float | None
    held_metric: float | None
    lowest: Lowest | None
    divergence: Divergence | None


@dataclass(frozen=True, eq=False)
class RunView(LearningView):
    """A run at one moment.

    Attributes
    ----------
    good_step
        The update to which it would be taken back.
    solved_at
        The first update after which its held-out loss was at the task's goal; None if it never was.
    health
        Measured signs of how training goes.
    scores
        What each held-out example scored when they were answered last; see `Task.scores`.
    held_out
        How many held-out examples there are.
    place, example
        Where each held-out example lies in a series, and its number among all examples; None where there is no such.
    answered_at, answers
        The first held-out examples with the network's answers at that update; empty unless asked for.
    """

    good_step: int
    solved_at: int | None
    health: Health
    scores: tuple[Tensor, Tensor]
    held_out: int
    place: Tensor | None
    example: Tensor | None
    answered_at: int
    answers: tuple[Shown, ...]

    @property
    def task(self) -> Task:
        """The task, shared by all who have these settings."""
        return self.config.built_task

    def held(self, by: str) -> float | None:
        """Return the last held-out ``loss`` or ``metric``."""
        return {"loss": self.held_loss, "metric": self.held_metric}[by]


@dataclass(frozen=True, eq=False)
class RaceView:
    """A race at one moment: its networks in their order, and the update that the foremost has done."""

    number: int
    status: Status
    step: int
    runs: tuple[RunView, ...]

    @property
    def config(self) -> RunConfig:
        """Settings of the first network; only the cell and its size differ between those of a race."""
        return self.runs[0].config

    @property
    def task(self) -> Task:
        """The task that all learn."""
        return self.runs[0].task

    @property
    def cells(self) -> tuple[str, ...]:
        """The kinds of cells."""
        return tuple(run.cell for run in self.runs)

    @property
    def steps(self) -> int:
        """The update after which the last of them ends."""
        return max(run.config.steps for run in self.runs)

    @property
    def diverged(self) -> list[RunView]:
        """Those that blew up."""
        return [run for run in self.runs if run.divergence is not None]
