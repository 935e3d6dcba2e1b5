"""Each network's latest figures as a table, and the health of its training in words."""

from collections.abc import Sequence

from markupsafe import Markup

from playground.components.figure_table import figure_table
from playground.components.note import noted
from playground.components.numbers import in_bits, loss_label, loss_value, metric_value
from playground.components.templates import render
from playground.components.terms import term
from playground.race import words
from rnncore.cells import CELLS
from rnncore.training.views import RunView

TEMPLATE = "train/figures.html"
LEGEND = (
    "In the chart, lines are held-out examples; shaded is the range of training batches. Point at it to read values."
)
HOVERS = {
    "training loss": "Loss of the last batch it was trained on, before that update.",
    "held-out loss": "Loss on examples that training never sees: the line in the chart.",
    "weights": "Number of trainable weights of the whole network.",
}


def figures(runs: Sequence[RunView]) -> Markup:
    """Return the table of losses, metric and size, one row per network, as HTML."""
    task = runs[0].task
    unit = f" In {loss_label(task)}."
    hovers = {name: why + unit * name.endswith("loss") for name, why in HOVERS.items()}
    hovers[task.metric_label] = "The task's own measure, on held-out examples."
    own = () if in_bits(task) else (task.metric_label,)  # the held-out loss says the same
    order = ("training loss", "held-out loss", *own, "weights")
    rows = []
    for run in runs:
        metric = "" if run.held_metric is None else metric_value(run.held_metric, task)
        values = {"training loss": loss_value(run.loss, task), "held-out loss": loss_value(run.held_loss, task),
                  task.metric_label: metric, "weights": f"{run.parameters:,}"}  # fmt: skip
        rows.append((CELLS[run.cell].label, [values[name] for name in order]))
    names = [term(name, hovers[name]) for name in order]
    return figure_table("Figures of each network", names, rows) + noted(LEGEND)


def health(runs: Sequence[RunView]) -> Markup:
    """Return one line per network: how training goes, in words from measured numbers, as HTML."""
    networks = [(CELLS[run.cell].label, [_sign(*sign) for sign in words.health(run)]) for run in runs]
    return render(TEMPLATE, "health", networks)


def _sign(phrase: str, verdict: str, why: str) -> Markup:
    explained = term(phrase, why)
    return explained if verdict == "fine" else render(TEMPLATE, "sign", explained, verdict)
