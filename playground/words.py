"""The finding, the health line and the state of a run, in words made from measured numbers."""

from collections.abc import Sequence

from rnncore.cells import CELLS
from rnncore.measures import Health
from rnncore.pool import Place
from rnncore.run import Run
from rnncore.tasks import Baseline, Task

SOLVED = 0.06  # of the way from the optimum to the best memory-less guess: 0.01 of 0.1667 for the adding problem
NO_BETTER = 0.95


def finding(runs: Sequence[Run]) -> str:
    """Say what the race has shown so far: who solved it and when, who is no better than a guess."""
    task, step = runs[0].task, max(run.step for run in runs)
    if not step:
        return "Nothing has been trained yet: all networks still answer from random weights."
    lines = {line.kind: line for line in reversed(task.baselines())}
    guess, best = lines.get("memoryless"), lines.get("optimum")
    if guess is None or guess.loss is None:
        return " ".join(_plain(run, task) for run in runs)
    goal = best.loss + SOLVED * (guess.loss - best.loss) if best is not None and best.loss is not None else None
    parts = [_verdict(run, task, guess, goal) for run in sorted(runs, key=lambda r: _rank(r, goal))]
    text = "; ".join(parts)
    return text[0].upper() + text[1:] + "."


def _rank(run: Run, goal: float | None) -> tuple[float, float]:
    first = run.first_below(goal) if goal is not None else None
    return (first if first is not None else 1e9, float(run.history.held_out["loss"][-1]))


def _verdict(run: Run, task: Task, guess: Baseline, goal: float | None) -> str:
    name, held = CELLS[run.config.cell].label, run.history.held_out
    loss = float(held["loss"][-1])
    first = run.first_below(goal) if goal is not None else None
    assert guess.loss is not None  # noqa: S101 - checked by the caller
    if first is not None:
        return f"**{name}** got its {task.loss_label} under {goal:.2g} after {first:,} updates"
    figures = _figures(task, float(held["metric"][-1]), guess)
    if loss > guess.loss / NO_BETTER:
        return f"**{name}** is worse than {guess.name}{figures}"
    if loss > NO_BETTER * guess.loss:
        return f"**{name}** is no better than {guess.name}{figures}"
    return f"**{name}** is better than {guess.name}{figures}"


def _figures(task: Task, metric: float, guess: Baseline) -> str:
    if guess.metric is None:
        return ""
    return f" ({task.metric_label}: {in_units(metric, task)} against {in_units(guess.metric, task)})"


def _plain(run: Run, task: Task) -> str:
    held = run.history.held_out
    return f"**{CELLS[run.config.cell].label}**: {task.metric_label} {in_units(float(held['metric'][-1]), task)}."


def in_units(metric: float, task: Task) -> str:
    """Return a metric with its unit; shares as per cent."""
    if task.metric_unit == "share":
        return f"{100 * metric:.0f} %"
    return f"{metric:.3g} {task.metric_unit}".rstrip()


def health(run: Run) -> list[tuple[str, str, str]]:
    """Return the measured signs of one run: a short phrase, its judgement, and what it means on hover."""
    h: Health = run.health()
    if h.update_ratio is None or h.clipped is None or h.saturated is None:
        return []
    ratio = h.update_ratio
    speed = "large" if ratio > 0.02 else "tiny" if ratio < 1e-5 else "fine"
    return [
        (
            f"updates change the weights by {100 * ratio:.2g} %",
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
    """Say at which update a run blew up, with what figures, and what usually helps."""
    blown = run.divergence
    if blown is None:
        return ""
    clip = run.config.clip_norm
    advice = "a learning rate ten times smaller" if clip else "switching gradient clipping on (1 is a good start)"
    return (
        f"**{CELLS[run.config.cell].label}** diverged at update {blown.step:,}: loss {blown.loss:.3g}, gradient norm "
        f"{blown.grad_norm:.3g}, learning rate {blown.lr:g}. Training of it stopped by itself. "
        f"What usually helps: {advice}{'' if clip else ', or a smaller learning rate'}."
    )


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
            f"{'' if line.metric is None else f', {task.metric_label}: {in_units(line.metric, task)}'}",
            line.reason,
        )
        for line in baselines
    ]
