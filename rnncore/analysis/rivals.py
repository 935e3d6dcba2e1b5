"""The reference lines that a trained network beats, and whether it has learned its task."""

from rnncore.analysis.comparison import compare
from rnncore.tasks import Baseline, Task
from rnncore.training.run import Run

CLEARLY = 1 / 20  # of the rival's loss
SOLVED = 0.06  # of the way from the optimum to the best memory-less guess: 0.01 of 0.1667 for the adding problem
NEARLY_ALL = 0.95  # of the answers right


def beaten(run: Run) -> set[str]:
    """Return the names of the reference lines that a network clearly beats on held-out examples now.

    Its loss is lower by a twentieth or more and its metric better, as far as the line states them; the optimum is none.
    """
    held_out = run.history.held_out
    if run.divergence is not None or not len(held_out):
        return set()
    loss, metric = float(held_out["loss"][-1]), float(held_out["metric"][-1])
    sign = 1 if run.task.metric_higher_is_better else -1
    return {
        line.name
        for line in run.task.reference_lines
        if line.kind != "optimum"
        and (line.loss is None or line.loss - loss > CLEARLY * abs(line.loss))
        and (line.metric is None or sign * metric > sign * line.metric)
    }


def solves(run: Run) -> bool:
    """Return whether a network beats all whom its task's recommended set-up is said to beat."""
    return bool(run.task.beats) and beaten(run) >= set(run.task.beats)


def guess(task: Task) -> Baseline:
    """Return whom a network must beat to have learned anything: the best guess without a memory, or chance."""
    lines = {line.kind: line for line in reversed(task.reference_lines)}
    found = lines.get("memoryless") or lines["chance"]
    # where no memory is needed, the best guess without one is no rival
    return lines["chance"] if not found.loss and "chance" in lines else found


def optimum(task: Task) -> Baseline | None:
    """Return what somebody perfect would score, where that is known."""
    return next((line for line in task.reference_lines if line.kind == "optimum"), None)


def goal(task: Task) -> float | None:
    """Return the loss under which a task counts as solved; None where the best possible loss is not known."""
    best, rival = optimum(task), guess(task).loss
    return None if best is None or best.loss is None or rival is None else best.loss + SOLVED * (rival - best.loss)


def has_learned(run: Run) -> bool:
    """Return whether a network has learned its task by now.

    Its loss is at the goal, or it beats all who can be beaten. In that case a guess must be told apart from it, too;
    and where the best possible loss is known and it is not there yet, it must answer nearly all right.
    """
    held_out, best = run.history.held_out, goal(run.task)
    if run.divergence is not None or not len(held_out):
        return False
    if best is not None and float(held_out["loss"][-1]) <= best:
        return True
    nearly_all = run.task.metric_unit == "share" and float(held_out["metric"][-1]) >= NEARLY_ALL
    if not solves(run) or not (best is None or nearly_all):
        return False
    found = compare(run, guess(run.task))
    return found is not None and found.verdict == "better"
