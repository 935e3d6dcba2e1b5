"""The health line, the reference lines and the state of a run, in words made from measured numbers."""

import re
from collections.abc import Sequence

from markupsafe import Markup

from playground.components.numbers import in_bits, loss_label, loss_value, metric_text, number
from playground.components.templates import render
from playground.live.process import LIMITS
from rnncore.analysis import advice
from rnncore.cells import CELLS
from rnncore.pool.entry import Place
from rnncore.tasks import Baseline, Task
from rnncore.training.views import RunView


def health(run: RunView) -> list[tuple[str, str, str]]:
    """Return the measured signs of one run: a short phrase, its judgement, and what it means on hover."""
    h = run.health
    if h.update_ratio is None or h.clipped is None or h.saturated is None:
        return []
    ratio = h.update_ratio
    speed = "large" if ratio > 0.02 else "tiny" if ratio < 1e-5 else "fine"
    return [
        (
            f"updates change the weights by {number(100 * ratio, 2) if ratio >= 1e-5 else 'under 0.001'} %",
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


def divergence(run: RunView) -> str:
    """Say at which update a run blew up, and with what figures."""
    if run.divergence is None:
        return ""
    return f"**{CELLS[run.cell].label}** {advice.divergence(run.divergence)}"


LOST = ("The server was restarted while this page was open: a run that stood here is gone. **Start** runs the set-up "
        "above again, with the same losses.")  # fmt: skip


def waiting(place: Place) -> str:
    """Say where a waiting race stands, and what it waits for."""
    places = f"one of {place.of} places" if place.of > 1 else "the one place"
    return (
        f"**Waiting** for {places}: number {place.number} in line, at most about "
        f"{place.seconds:.0f} s. Who has a place gives it up after {LIMITS.turn_seconds:.0f} s; yours starts by itself."
    )


def bold(text: str) -> Markup:
    """Return text as HTML, what stands between double stars in bold."""
    parts = re.split(r"\*\*(.+?)\*\*", text)  # every second one stands between stars
    return render("race/words.html", "bold", parts)


def bars(baselines: Sequence[Baseline], task: Task) -> list[tuple[str, str]]:
    """Return each reference line with its value and the reason for it."""
    return [
        (
            f"{line.name}: {'' if line.loss is None else f'{loss_label(task)} {loss_value(line.loss, task)}'}"
            f"{'' if line.metric is None or in_bits(task) else f', {metric_text(line.metric, task)}'}",
            line.reason,
        )
        for line in baselines
    ]


LAST_IN_LINE = Place(300, 2000.0, LIMITS.moving)
