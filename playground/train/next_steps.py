"""Next steps after a finished race: two or three, each with a label for its button and a reason in one sentence.

What is worth trying is judged in `rnncore.analysis.next_steps`; here it is checked against what this server gives, and
said in words from the race's own measurements.
"""

from collections.abc import Sequence
from typing import Any

from playground.components.next_steps_row import NextStep
from playground.components.numbers import loss_factor, loss_value, metric_text, number
from playground.live.process import LIMITS
from playground.race.actions import MORE_UPDATES
from playground.race.setup import Setup, read_setup, setup_settings
from playground.race.verdicts import listed
from rnncore.analysis import next_steps as judge
from rnncore.analysis.comparison import between
from rnncore.analysis.next_steps import Idea
from rnncore.cells import CELLS, Cell
from rnncore.tasks.goals import guess
from rnncore.training.race import Race
from rnncore.training.views import RunView

FEWEST, MOST = 2, 3


def ideas(race: Race, *, equal: bool) -> list[Idea]:
    """Return what is worth trying after a race, the most fitting first; `equal` if all have equally many weights."""
    return list(judge.ideas(race.runs, equal=equal, more=MORE_UPDATES))


def next_steps(runs: Sequence[RunView], ideas: Sequence[Idea], setup: Setup) -> list[NextStep]:
    """Return two or three steps that fit what a finished race has shown, the most fitting first; none if all diverged.

    Parameters
    ----------
    runs
        The networks of the race, none of which moves.
    ideas
        What is worth trying, see `ideas`.
    setup
        The set-up of which the race was made.
    """
    found: dict[str, NextStep] = {}
    for idea in ideas:
        if len(found) == MOST or (len(found) >= FEWEST and idea.filler):
            break
        if idea.kind not in found and _is_given(idea, setup):
            found[idea.kind] = NextStep(_label(idea), idea.changes, _reason(idea, runs))
    return list(found.values())


def _is_given(idea: Idea, setup: Setup) -> bool:
    """Return whether the changed set-up is another one that this server accepts as it is; own texts stay in it."""
    wanted = {**setup.flat(), **idea.changes}
    laid, said = read_setup(wanted, LIMITS)
    return not said and wanted == laid.flat() != setup.flat()


def _label(idea: Idea) -> str:
    """Return what stands on the button."""
    change: Any = next(iter(idea.changes.values()))
    if idea.kind in ("longer", "shorter"):
        config = idea.run.config
        return f"{setup_settings(config.task)['seq_len'].label}: {config.seq_len:,} → {change:,}"
    if idea.kind == "cell":
        return f"Add {_added(idea).label}"
    return {"more": f"{MORE_UPDATES} more updates", "order": "Steps in their order", "attention": "With attention",
            "equal": "Equal parameters", "seed": f"Again with seed {change}"}[idea.kind]  # fmt: skip


def _reason(idea: Idea, runs: Sequence[RunView]) -> str:
    """Return why it is worth trying, in one sentence."""
    return _REASONS[idea.kind](idea, runs)


def _more(idea: Idea, runs: Sequence[RunView]) -> str:
    run, fall = idea.run, idea.fall
    if fall is not None:
        before, after = (loss_value(loss, run.task) for loss in (fall.before, fall.after))
        return (
            f"{_name(run)}'s held-out loss still fell from {before} to {after} in its last {fall.updates:,} updates: "
            "how low does it get?"
        )
    if judge.is_short(run):
        usual = setup_settings(run.config.task)["steps"].default
        return f"{_ends(run)} after {run.step:,} updates, of {usual:,} recommended: how far does it get?"
    loss, step = (None, 0) if run.lowest is None else (run.lowest.loss, run.lowest.step)
    return (
        f"{_name(run)}'s held-out loss was lowest, {loss_value(loss, run.task)}, at update {step:,}: does it get lower?"
    )


def _order(idea: Idea, runs: Sequence[RunView]) -> str:
    return f"{_ends(idea.run)} with its steps shuffled: how much does their order tell?"


def _longer(idea: Idea, runs: Sequence[RunView]) -> str:
    run = idea.run
    asked = "does it do better" if run.task.longer == "richer" else "does it still"
    return f"{_ends(run)} at {run.config.seq_len:,}: {asked} at {idea.changes['seq_len']:,}?"


def _shorter(idea: Idea, runs: Sequence[RunView]) -> str:
    run, other = idea.run, idea.changes["seq_len"]
    if judge.failed(runs):
        return f"At {run.config.seq_len:,} {_none_better(runs)}: is it easier at {other:,}?"
    return f"{_ends(run)} at {run.config.seq_len:,}: how far does it come at {other:,}?"


def _cell(idea: Idea, runs: Sequence[RunView]) -> str:
    added = _added(idea)
    if not added.recurrent:
        window = idea.run.config.window
        enough = "is the last step" if window == 1 else f"are the last {window} steps"
        return f"{_ends(idea.run)}: does it take a memory, or {enough} enough?"
    return f"{_ends(idea.run)}: how far does {added.label} come?"


def _attention(idea: Idea, runs: Sequence[RunView]) -> str:
    return f"{_ends(idea.run)}, all through one state: does it help to look back at what it read?"


def _equal(idea: Idea, runs: Sequence[RunView]) -> str:
    run, small = idea.run, idea.other or idea.run
    return (
        f"{_name(run)} did better with {run.parameters:,} weights than {_name(small)} with {small.parameters:,}: "
        "is it the cell or its size?"
    )


def _seed(idea: Idea, runs: Sequence[RunView]) -> str:
    run, seed = idea.run, idea.run.config.seed
    if judge.failed(runs):
        return f"With seed {seed} {_none_better(runs)}: was it bad luck?"
    if idea.other is None:
        return f"{_ends(run)}{' and leads' if len(runs) > 1 else ''} with seed {seed}: was it luck?"
    found = between(run, idea.other)
    factor = 1.0 if run.task.judged_by == "metric" else loss_factor(run.task)
    values = listed([number(value * factor) for value in (found.value, found.bar)])
    return f"{_name(run)} and {_name(idea.other)} are too close to call at {values}: which leads with seed {seed + 1}?"


_REASONS = {"more": _more, "order": _order, "longer": _longer, "shorter": _shorter, "cell": _cell,
            "attention": _attention, "equal": _equal, "seed": _seed}  # fmt: skip


def _name(run: RunView) -> str:
    return CELLS[run.cell].label


def _added(idea: Idea) -> type[Cell]:
    return CELLS[idea.changes["cell"].split(",")[-1]]


def _none_better(runs: Sequence[RunView]) -> str:
    who = "no network is" if len(runs) > 1 else f"{_name(runs[0])} is not"
    return f"{who} found better than “{guess(runs[0].task).name}”"


def _ends(run: RunView) -> str:
    """Say with what a network ended: "GRU ends with 100.0 % right within 0.05"."""
    return f"{_name(run)} ends with {metric_text(run.held_metric or 0.0, run.task)}"
