"""Whom a trained network beats, of its task's reference lines."""

from rnncore.run import Run

CLEARLY = 1 / 20  # of the rival's loss


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
