"""Goals: what counts as having learned or solved a task, from the task's reference lines."""

from rnncore.tasks.base import Baseline, Task

SOLVED = 0.06  # of the way from the optimum to the best memory-less guess: 0.01 of 0.1667 for the adding problem


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
