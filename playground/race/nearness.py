"""Forecasts that count as right: how near, why so, and whether that tells a network from a guess without a memory."""

from collections.abc import Sequence

from markupsafe import Markup

from playground.components.note import noted
from playground.race.verdicts import listed
from rnncore.analysis.comparison import Comparison, near_enough
from rnncore.cells import CELLS
from rnncore.tasks import Task
from rnncore.training.views import RunView

OUTCOMES = {"better": "more often", "worse": "less often", "open": "cannot be told apart from that guess"}


def rule(task: Task) -> str:
    """Return how far off a right answer may be and why so far, for tasks that forecast a number."""
    return f"; {task.right_within}" if task.right_within else ""


def note(runs: Sequence[RunView]) -> Markup:
    """Return, as HTML, how often each network is right by that rule, and who can be told apart from a guess."""
    task = runs[0].task
    found = [(CELLS[run.cell].label, each) for run in runs if (each := near_enough(run)) is not None]
    if task.closeness is None or not found:
        return Markup("")
    shares = listed([f"{label} {_right(each.value)}" for label, each in found])
    first = found[0][1]
    return noted(
        f"Of all {first.examples:,} held-out windows, “{task.closeness.guess}” gets {_right(first.bar)} right, "
        f"{shares}: {_judged(found)}."
    )


def _right(wrong: float) -> str:
    return f"{100 * (1 - wrong):.0f} %"


def _judged(found: list[tuple[str, Comparison]]) -> str:
    groups = {verdict: [label for label, each in found if each.verdict == verdict] for verdict in OUTCOMES}
    reached = {verdict: names for verdict, names in groups.items() if names}
    if len(reached) == 1 and len(found) > 1:
        (verdict,) = reached
        return "none of them can be told apart from that guess" if verdict == "open" else f"all {OUTCOMES[verdict]}"
    return "; ".join(f"{listed(names)} {OUTCOMES[verdict]}" for verdict, names in reached.items())
