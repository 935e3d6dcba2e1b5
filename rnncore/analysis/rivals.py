"""The reference lines that a trained network beats, and whether it has learned its task."""

from rnncore.analysis.comparison import compare
from rnncore.tasks.goals import goal, guess
from rnncore.training.views import RunView

CLEARLY = 1 / 20  # of the rival's loss
NEARLY_ALL = 0.95  # of the answers right


def beaten(run: RunView) -> set[str]:
    """Return the names of the reference lines that a network clearly beats on held-out examples now.

    Its loss is lower by a twentieth or more and its metric better, as far as the line states them; the optimum is none.
    """
    loss, metric = run.held_loss, run.held_metric
    if run.divergence is not None or loss is None or metric is None:
        return set()
    sign = 1 if run.task.metric_higher_is_better else -1
    return {
        line.name
        for line in run.task.reference_lines
        if line.kind != "optimum"
        and (line.loss is None or line.loss - loss > CLEARLY * abs(line.loss))
        and (line.metric is None or sign * metric > sign * line.metric)
    }


def solves(run: RunView) -> bool:
    """Return whether a network beats all whom its task's recommended set-up is said to beat."""
    return bool(run.task.beats) and beaten(run) >= set(run.task.beats)


def has_learned(run: RunView) -> bool:
    """Return whether a network has learned its task by now.

    Its loss is at the goal, or it beats all who can be beaten. In that case a guess must be told apart from it, too;
    and where the best possible loss is known and it is not there yet, it must answer nearly all right.
    """
    loss, metric, best = run.held_loss, run.held_metric, goal(run.task)
    if run.divergence is not None or loss is None or metric is None:
        return False
    if best is not None and loss <= best:
        return True
    nearly_all = run.task.metric_unit == "share" and metric >= NEARLY_ALL
    if not solves(run) or not (best is None or nearly_all):
        return False
    found = compare(run, guess(run.task))
    return found is not None and found.verdict == "better"
