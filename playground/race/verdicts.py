"""The finding of a race, in words from the measurement that stands beside it: who solved the task, who beats whom."""

from collections.abc import Sequence

from playground.components.numbers import in_bits, loss_factor, loss_label, loss_value, metric_text, number
from rnncore.analysis.comparison import Comparison, compare, spread
from rnncore.cells import CELLS
from rnncore.tasks import Baseline
from rnncore.tasks.goals import SOLVED, goal, guess, optimum
from rnncore.training.views import RunView


def finding(runs: Sequence[RunView]) -> str:
    """Say what the race has shown so far: who solved it and when, and who can be told apart from a guess."""
    task, measured = runs[0].task, [run for run in runs if run.held_loss is not None]
    if not max(run.step for run in runs):
        return "Nothing has been trained yet: all networks still answer from random weights."
    rival, solvers = guess(task), [run for run in measured if run.solved_at is not None]
    parts = [_solved(run) for run in sorted(solvers, key=lambda run: run.solved_at or 0)]
    groups: dict[str, list[tuple[RunView, Comparison]]] = {}
    for run in sorted((run for run in measured if run not in solvers), key=_loss_now):
        found = compare(run, rival)
        if found is not None:
            groups.setdefault(found.verdict, []).append((run, found))
    parts += [compared(verdict, members, rival) for verdict, members in groups.items()]
    parts += [f"{_name(run)} blew up before anything could be measured" for run in runs if run not in measured]
    return f"{'; '.join(parts)}."


def _name(run: RunView) -> str:
    return f"**{CELLS[run.cell].label}**"


def _loss_now(run: RunView) -> float:
    return run.held_loss or 0.0


def _solved(run: RunView) -> str:
    return solved(run, run.solved_at or 0, _loss_now(run), spread(run), run.held_metric or 0.0)


def solved(run: RunView, at: int, now: float, half_width: float, metric: float) -> str:
    """Say of a run that got its loss under the goal at update `at` where it is now, and how sure that is."""
    task, rival, best, under = run.task, guess(run.task), optimum(run.task), goal(run.task) or 0.0
    above = best is not None and bool(best.loss)
    reason = (
        f"{100 * SOLVED:.0f} % of "
        + (f"the way from “{best.name}” ({loss_value(best.loss, task)}) to " if best is not None and above else "")
        + f"“{rival.name}” ({loss_value(rival.loss, task)})"
    )
    also = "" if in_bits(task) else f", {metric_text(metric, task)}"
    open_ = "" if task.judged_by == "metric" else f" ± {number(half_width * loss_factor(task), 2)}"
    return (
        f"{_name(run)} got its {loss_label(task)} under {loss_value(under, task)}, {reason}, after {at:,} updates "
        f"({'since then above it again, ' if now > under else ''}now {loss_value(now, task)}{open_}{also})"
    )


def compared(verdict: str, members: list[tuple[RunView, Comparison]], rival: Baseline) -> str:
    """Say of networks with the same verdict how they compare with a guess."""
    task, found = members[0][0].task, [each for _, each in members]
    many = len(members) > 1
    unit = task.metric_unit if task.judged_by == "metric" else ""
    factor = 1.0 if unit else loss_factor(task)
    label = task.metric_label if unit else loss_label(task)
    values = listed([number(each.value * factor) for each in found])
    figures = f"{label} {values} against {number(found[0].bar * factor)}{f' {unit}' if unit else ''}"
    widest = max(each.half_width for each in found) * factor
    names = listed([_name(run) for run, _ in members])
    if verdict == "open":
        return (
            f"{names} cannot be told apart from “{rival.name}”: {figures}, and "
            f"{found[0].examples:,} held-out {task.examples_name} leave ± {number(widest, 2)} open"
        )
    return (
        f"{names} {'are' if many else 'is'} {verdict} than “{rival.name}”{_shares(found)} ({figures}; "
        f"{'the differences hold' if many else 'the difference holds'} to ± {number(widest, 2)}, at 95 %)"
    )


def _shares(found: list[Comparison]) -> str:
    """Return by how many per cent the networks are better or worse; nothing where a loss can lie below zero."""
    if any(each.bar <= 0 or each.value < 0 for each in found):
        return ""
    return f" by {listed([f'{number(100 * abs(each.gain) / each.bar, 2)}' for each in found])} %"


def listed(words: list[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
