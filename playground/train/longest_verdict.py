"""The longest finding that a race may lead to; `held` keeps room for it."""

from collections.abc import Sequence

from playground.race import verdicts
from rnncore.analysis.comparison import Comparison
from rnncore.cells import CELLS
from rnncore.tasks.goals import goal, guess
from rnncore.training.views import RunView

MANY = 88_888  # updates
SOME = 0.1234  # a share, in as many letters as one has
LOSS, HALF_WIDTH = 0.0001234, 0.0000123
METRIC = 0.9999


def finding(runs: Sequence[RunView]) -> str:
    """Return a finding as long as it may get: each network with a sentence of its own, and that the longest."""
    return f"{'; '.join(max(_sentences(run), key=len) for run in runs)}."


def _sentences(run: RunView) -> list[str]:
    task, rival, under = run.task, guess(run.task), goal(run.task)
    found = [CELLS[run.cell].label]
    if under is not None:
        found.append(verdicts.solved(run, MANY, min(LOSS, under), HALF_WIDTH, METRIC))
    bar = rival.metric if task.judged_by == "metric" else rival.loss
    if bar is not None:
        for verdict in ("better", "open"):
            figures = Comparison(SOME * bar, bar, HALF_WIDTH, run.held_out)
            found.append(verdicts.compared(verdict, [(run, figures)], rival))
    return found
