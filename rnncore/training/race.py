"""Race: one to four runs in lock-step on the same data."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.training.held_out import bytes_of
from rnncore.training.limits import in_files, memory, memory_aside
from rnncore.training.run import Run
from rnncore.training.run_state import Status
from rnncore.training.views import POINTS, RaceView

MAX_CELLS = 4
T = TypeVar("T")


class Race:
    """Runs that advance update by update together, on identical data drawn from the same seed.

    Whoever is behind moves first, so a run that was rewound catches up and the others wait for it.
    A run that has finished or diverged stays where it is.

    Parameters
    ----------
    runs
        One to four runs.
    """

    def __init__(self, runs: Sequence[Run]) -> None:
        if not 1 <= len(runs) <= MAX_CELLS:
            raise ConfigError(f"A race has 1 to {MAX_CELLS} cells, not {len(runs)}: choose fewer.")
        self.runs = list(runs)

    @classmethod
    def of(cls, configs: Sequence[RunConfig]) -> "Race":
        """Build a fresh race from configs."""
        return cls([Run(config) for config in configs])

    @property
    def number(self) -> int:
        """Distinguishes races within this process."""
        return self.runs[0].number

    @property
    def step(self) -> int:
        """Updates that the foremost run has done."""
        return max(run.step for run in self.runs)

    @property
    def seconds(self) -> float:
        """Processor seconds that all runs together have used."""
        return sum(run.seconds for run in self.runs)

    @property
    def memory(self) -> int:
        """Estimated bytes that all runs together hold while they train."""
        return sum(memory(run.config) for run in self.runs) + self._examples

    @property
    def memory_aside(self) -> int:
        """Estimated bytes that all runs together hold while they are put aside."""
        return sum(memory_aside(run.config) for run in self.runs) + self._examples

    @property
    def _examples(self) -> int:
        return sum({id(run.held_out): bytes_of(run.held_out) for run in self.runs}.values())

    @property
    def in_files(self) -> int:
        """Estimated bytes that all runs together may come to hold in files."""
        return sum(in_files(run.config) for run in self.runs)

    @property
    def aside(self) -> bool:
        """Whether any of its runs has left memory."""
        return any(run.copies.aside for run in self.runs)

    def put_aside(self) -> None:
        """Leave memory, as far as possible, until `take_back`."""
        for run in self.runs:
            run.copies.put_aside()

    def take_back(self) -> None:
        """Be as before `put_aside`."""
        for run in self.runs:
            run.copies.take_back()

    @property
    def status(self) -> Status:
        """Its state: running while any run is; diverged only if nothing is left to go on."""
        found = [run.status for run in self.runs]
        order: tuple[Status, ...] = ("running", "paused", "ready", "diverged")
        return next((status for status in order if status in found), "finished")

    def start(self) -> None:
        """Say that all runs that can should go on."""
        for run in self.runs:
            if run.active:
                run.start()

    def pause(self) -> None:
        """Say that all runs should stop after the update in hand."""
        for run in self.runs:
            run.pause()

    def set(self, **changes: Any) -> None:
        """Change the learning rate or clipping of all runs; see `Run.set`."""
        for run in self.runs:
            run.set(**changes)

    def advance_one(self, *, even_if_paused: bool = False, before: Callable[[], None] | None = None) -> bool:
        """Bring every run that wants to move to the same next update; False if all have ended.

        A pause takes effect between two runs; those left behind are the first to move on Resume.
        `before` is called before each run's update, and within one that takes long.
        """
        active = [run for run in self.runs if run.active]
        if not active:
            return False
        goal = min(run.step for run in active) + 1
        for run in active:
            if run.step < goal and (run.wanted or even_if_paused):
                if before is not None:
                    before()
                run.advance(steps=1, give_way=before)
        return True

    def rewind(self) -> None:
        """Return every diverged run to its last good state."""
        for run in self.runs:
            if run.status == "diverged":
                run.rewind()

    @property
    def revision(self) -> Hashable:
        """Another value whenever its view may be another."""
        return tuple(run.revision for run in self.runs)

    def view(self, max_points: int = POINTS, *, answers: bool = False, gradients: bool = False) -> RaceView:
        """Return the race as plain data; see `Run.view`."""
        runs = tuple(run.view(max_points, answers=answers, gradients=gradients) for run in self.runs)
        return RaceView(self.number, self.status, self.step, runs)

    def each(self, measure: Callable[[Run], T]) -> list[T]:
        """Return a measurement of every run."""
        return [measure(run) for run in self.runs]
