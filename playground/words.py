"""The finding, the health line and the state of a run, in words made from measured numbers."""

from collections.abc import Sequence

from rnncore import advice
from rnncore.cells import CELLS
from rnncore.entry import Place
from rnncore.measures import Health
from rnncore.run import Run
from rnncore.tasks import Baseline, Task

SOLVED = 0.06  # of the way from the optimum to the best memory-less guess: 0.01 of 0.1667 for the adding problem
NO_BETTER = 0.95


def finding(runs: Sequence[Run]) -> str:
    """Say what the race has shown so far: who solved it and when, who is no better than a guess."""
    task, step = runs[0].task, max(run.step for run in runs)
    if not step:
        return "Nothing has been trained yet: all networks still answer from random weights."
    lines = {line.kind: line for line in reversed(task.reference_lines)}
    guess, best = lines.get("memoryless") or lines["chance"], lines.get("optimum")
    if not guess.loss and "chance" in lines:  # where no memory is needed, the best guess without one is no rival
        guess = lines["chance"]
    goal = None
    if best is not None and best.loss is not None and guess.loss is not None:
        goal = best.loss + SOLVED * (guess.loss - best.loss)
    solved = [run for run in runs if goal is not None and run.first_below(goal) is not None]
    parts = [_solved(run, goal or 0.0) for run in sorted(solved, key=lambda run: run.first_below(goal or 0.0) or 0)]
    groups: dict[str, list[Run]] = {}
    for run in sorted((run for run in runs if run not in solved), key=_badness):
        groups.setdefault(_compared(run, guess), []).append(run)
    parts += [_group(verdict, members, guess) for verdict, members in groups.items()]
    text = "; ".join(parts)
    return f"{text}."


def _solved(run: Run, goal: float) -> str:
    task, metric = run.task, float(run.history.held_out["metric"][-1])
    return (
        f"**{CELLS[run.config.cell].label}** got its {task.loss_label} under {goal:.2g} after "
        f"{run.first_below(goal):,} updates (now {metric_text(metric, task)})"
    )


def _judged(run: Run, guess: Baseline) -> tuple[float, float, str]:
    """Return what a run is judged by: its value, the guess's value, and the name of the quantity.

    The metric where it has a unit of its own; the loss where the metric is a share, which can stand still
    while a network learns.
    """
    task, held = run.task, run.history.held_out
    if task.metric_unit != "share" and guess.metric is not None:
        return float(held["metric"][-1]), guess.metric, task.metric_label
    return float(held["loss"][-1]), guess.loss or 0.0, task.loss_label


def _badness(run: Run) -> float:
    return float(run.history.held_out["loss"][-1])


def _compared(run: Run, guess: Baseline) -> str:
    value, bar, _ = _judged(run, guess)
    return "worse than" if value > bar / NO_BETTER else "no better than" if value > NO_BETTER * bar else "better than"


def _group(verdict: str, runs: list[Run], guess: Baseline) -> str:
    names = _listed([f"**{CELLS[run.config.cell].label}**" for run in runs])
    values = _listed([f"{_judged(run, guess)[0]:.3g}" for run in runs])
    _, bar, quantity = _judged(runs[0], guess)
    return (
        f"{names} {'is' if len(runs) == 1 else 'are'} {verdict} “{guess.name}” ({quantity} {values} against {bar:.3g})"
    )


def _listed(words: list[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def metric_value(metric: float, task: Task) -> str:
    """Return a metric with its unit for a table: "97 %", "2.15 °C"."""
    return f"{100 * metric:.1f} %" if task.metric_unit == "share" else f"{metric:.3g} {task.metric_unit}"


def metric_text(metric: float, task: Task) -> str:
    """Return a metric in words: "97 % right within 0.05", "2.1 °C mean absolute error"."""
    if task.metric_unit == "share":
        return f"{100 * metric:.0f} % {task.metric_label}"
    unit = "" if task.metric_unit in task.metric_label else f" {task.metric_unit}"
    return f"{metric:.3g}{unit} {task.metric_label}"


def health(run: Run) -> list[tuple[str, str, str]]:
    """Return the measured signs of one run: a short phrase, its judgement, and what it means on hover."""
    h: Health = run.health()
    if h.update_ratio is None or h.clipped is None or h.saturated is None:
        return []
    ratio = h.update_ratio
    speed = "large" if ratio > 0.02 else "tiny" if ratio < 1e-5 else "fine"
    return [
        (
            f"updates change the weights by {f'{100 * ratio:.2g}' if ratio >= 1e-5 else 'under 0.001'} %",
            speed,
            "Length of one update divided by the length of all weights. Around 0.1 % is usual; "
            "over 2 % training tends to jump about, under 0.001 % it hardly moves.",
        ),
        (
            f"{100 * h.clipped:.0f} % clipped",
            "often" if h.clipped > 0.5 else "fine",
            "Share of the last 100 updates whose gradient was longer than the threshold and was scaled down to it.",
        ),
        (
            f"{100 * h.saturated:.0f} % saturated",
            "many" if h.saturated > 0.5 else "fine",
            "Share of hidden values, on held-out examples, where the activation is nearly flat: "
            "little gradient gets through there.",
        ),
    ]


def divergence(run: Run) -> str:
    """Say at which update a run blew up, and with what figures."""
    if run.divergence is None:
        return ""
    return f"**{CELLS[run.config.cell].label}** {advice.divergence(run.divergence)}"


def waiting(place: Place) -> str:
    """Say where a waiting race stands."""
    return (
        f"Waiting for a place: number {place.number} in line, at most about {place.seconds:.0f} s. "
        "Many runs share this server; yours starts by itself."
    )


def bars(baselines: Sequence[Baseline], task: Task) -> list[tuple[str, str]]:
    """Return each reference line with its value and the reason for it."""
    return [
        (
            f"{line.name}: {'' if line.loss is None else f'{task.loss_label} {line.loss:.4g}'}"
            f"{'' if line.metric is None else f', {metric_text(line.metric, task)}'}",
            line.reason,
        )
        for line in baselines
    ]
