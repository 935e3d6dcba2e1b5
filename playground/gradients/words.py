"""Gradient flow in words and numbers: the finding, the table, and what each figure means."""

import math
from collections.abc import Sequence

from markupsafe import Markup

from playground.components.figure_table import figure_table
from playground.components.numbers import number
from playground.components.terms import term
from rnncore.analysis.decay import Decay, Floats
from rnncore.analysis.gradients import Flow, GradientFlow
from rnncore.cells import CELLS
from rnncore.tasks.shown import NO_NUMBERS

TWO_ENDED = 10  # times as strong at both ends as where it is weakest
BACK = 20  # steps: how far back the sentences look
COLUMNS = {
    "factor per step": "Where the curve is a straight line on this logarithmic axis, and only there: least-squares fit "
    "over the steps in brackets. Under 1 the gradient vanishes, over 1 it explodes.",
    "half-life": "Steps after which the gradient has halved on that stretch; with a plus sign, after which it has "
    "doubled.",
    "horizon": "First distance at which the gradient is under 1/1000 of what it is at the loss.",
    "sing. value": "Largest singular value of the recurrent matrix (of the part that makes the new content): the most "
    "that one step can stretch a signal before the activation.",
    "spectral radius": "Largest absolute eigenvalue of the same matrix. Under 1 it proves nothing: before it shrinks, "
    "a signal may grow for many steps, and the matrix is not alone in the step.",
    "slope": "Mean slope of the activation at the values that occurred in this network.",
    "bound": "Largest singular value times the steepest slope the activation can have (tanh 1, sigmoid 1/4). The "
    "gradient shrinks at least by this per step; under 1 it must vanish, over 1 it may do either.",
    "gate": "Mean of the gate that keeps the old state: forget gate of an LSTM, update gate of a GRU.",
}


def finding(measured: Sequence[GradientFlow]) -> str:
    """Say what happens to the gradient in each network, one sentence each, in Markdown."""
    return "  \n".join(map(_sentence, measured))


def _sentence(measured: GradientFlow) -> str:
    label, flow = CELLS[measured.config.cell].label, measured.top
    norm = flow.norm_h.mean
    lags = min(BACK, len(norm) - 1)
    if flow.largest_singular_value is None:
        return f"**{label}** has no way back through time: what left its window gets no gradient."
    if math.isnan(norm[0]):
        return f"**{label}**: {NO_NUMBERS}."
    if not lags or not norm[0] > 0:
        return f"**{label}**: the loss reaches one step only."
    if measured.config.bidirectional and two_ended(norm):
        weakest = int(norm.argmin())
        return (
            f"**{label}**: the gradient comes in from both ends, so no one factor describes it; it is weakest "
            f"{weakest} steps back, {times(norm[0] / norm[weakest])} times weaker than at the loss."
        )
    return f"**{label}**: {_arrives(norm, lags)}; {_curve_in_words(flow.decay, len(norm) - 1)}."


def _arrives(norm: Floats, lags: int) -> str:
    """Say how strong the gradient is so many steps back, measured, and its mean factor per step over just these."""
    steps = f"{lags} step{'s' * (lags > 1)}"
    if not math.isfinite(norm[lags]):
        return f"{steps} back the gradient is larger than float32 can hold"
    if norm[lags] == 0:
        return f"of a signal {steps} back nothing arrives: float32 rounds it to 0"
    change = norm[lags] / norm[0]
    way = f"{times(1 / change)} times weaker than" if change <= 1 else f"{times(change)} times stronger than"
    way = "about as strong as" if 0.9 < change < 1.1 else way
    each = change ** (1 / lags)
    return f"{steps} back the gradient is {way} at the loss, on average a factor of {number(each, 3)} per step"


def _curve_in_words(fit: Decay, last: int) -> str:
    """Say by which factor it changes where the curve is a straight line, and where that is."""
    if fit.stretch is None or fit.per_step is None:
        return "its curve is no straight line: no one factor describes it to within 25 %"
    first, end = fit.stretch
    where = "all the way" if (first, end) == (0, last) else f"from {first} to {end} steps back"
    if fit.half_life is None:
        return f"{where} it stays as strong"
    way, half = ("shrinks", "halves") if fit.per_step < 1 else ("grows", "doubles")
    return f"{where} it {way} by {number(fit.per_step, 3)} per step and {half} every {_steps(fit.half_life)}"


def levels(measured: Sequence[GradientFlow]) -> str:
    """Give the norms at both places of a curve that no way back can be read off, such as with a loss at every step."""
    said = []
    for each in measured:
        norm = each.top.norm_h.mean
        lags = min(BACK, len(norm) - 1)
        near, far = number(norm[0], 2), number(norm[lags], 2)
        said.append(f"**{CELLS[each.config.cell].label}**: norm {near} at the end, {far} at {lags} steps before it.")
    return "  \n".join(
        [*said, "This is no measure of how far a signal reaches: every state also has a loss of its own."]
    )


def arriving(flow: Flow) -> str:
    """Say how strong the gradient is some steps back, for a text alternative."""
    norm = flow.norm_h.mean
    lags = min(BACK, len(norm) - 1)
    if math.isnan(norm[0]):
        return NO_NUMBERS
    return _arrives(norm, lags) if lags and norm[0] > 0 else "the loss reaches one step only"


def two_ended(norm: Floats) -> bool:
    """Return whether a curve falls and rises again, as under a bidirectional layer, which sends gradient both ways."""
    weakest = float(norm.min())
    return weakest > 0 and min(norm[0], norm[-1]) > TWO_ENDED * weakest


def sum_finding(measured: Sequence[GradientFlow]) -> str:
    """Say how much less a step far back adds to the gradient of the weights, one sentence each, in Markdown."""
    said = []
    for each in measured:
        added, label = each.top.contributions, CELLS[each.config.cell].label
        if added is None:
            said.append(f"**{label}** has no recurrent weights to sum over time.")
            continue
        if len(added) < 2:
            said.append(f"**{label}** reads in a single step here: there is no sum over time.")
            continue
        if math.isnan(added[0]):
            said.append(f"**{label}**: {NO_NUMBERS}.")
            continue
        back = min(BACK, len(added) - 1)
        share = "nothing" if added[back] == 0 else f"{times(added[0] / added[back])} times less than the last"
        if 0 < added[0] < added[back]:
            share = f"{times(added[back] / added[0])} times more than the last"
        said.append(f"**{label}**: the step {back} steps before the last adds {share}.")
    return " ".join(said)


def plain(text: str) -> str:
    """Return Markdown without its stars and line ends, for a text alternative."""
    return text.replace("**", "").replace("  \n", " ")


def table(measured: Sequence[GradientFlow]) -> Markup:
    """Return the figures of every network as HTML; a second row for the cell state where there is one."""
    rows = []
    for each in measured:
        flow, label, both = each.top, CELLS[each.config.cell].label, each.config.bidirectional
        why = [flow.largest_singular_value, flow.spectral_radius, flow.slope, flow.bound, flow.gate]
        rows.append((label, [*_curve(flow.norm_h.mean, flow.decay, both), *(number(v, 3) for v in why)]))
        if flow.norm_c is not None and flow.decay_c is not None:
            rows.append((f"{label}, c", [*_curve(flow.norm_c.mean, flow.decay_c, both), *[""] * len(why)]))
    return figure_table("Figures of each network", (term(name, why) for name, why in COLUMNS.items()), rows)


def _curve(norm: Floats, fit: Decay, bidirectional: bool) -> list[str]:
    if math.isnan(norm[0]):
        return [NO_NUMBERS, "", ""]
    if bidirectional and two_ended(norm):
        return ["from both ends", "", ""]
    horizon = str(fit.horizon) if fit.horizon is not None else f"over {len(norm) - 1}"
    if fit.stretch is None or fit.per_step is None:
        return ["no straight line", "", horizon]
    half = "" if fit.half_life is None else f"{'+' * (fit.per_step > 1)}{number(fit.half_life, 3)}"
    return [f"{number(fit.per_step, 3)} ({fit.stretch[0]} to {fit.stretch[1]})", half, horizon]


def _steps(count: float) -> str:
    return f"{count:.1f} steps" if count < 100 else f"{count:,.0f} steps"


def times(ratio: float) -> str:
    """Return a factor as a person says it: two digits, or a power of ten."""
    if not math.isfinite(ratio):
        return "more than any number float32 holds"
    if ratio < 10:
        return f"{ratio:.1f}"
    return number(ratio, 2)
