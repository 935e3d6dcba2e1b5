"""One pass back through time as plain data for its picture: what is written, how wide arrows are, how dark cells."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from playground.components.numbers import number
from playground.components.palette import HIGH_COLOUR, LOW_COLOUR
from rnncore.analysis.backward import Backward, StateGradient
from rnncore.analysis.step_sums import WeightGradient
from rnncore.analysis.updates import PLAIN

MOST_STEPS, MOST_UNITS, MOST_IN_NUMBERS = 60, 24, 4
DECADES = 6  # powers of ten below the largest over which arrows become narrower, and cells paler
SHADES = 100
LISTED = 8  # numbers of a parameter that are written out
WORDS = {PLAIN: "Gradient descent", "sgd": "SGD with momentum", "adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop"}
Floats = np.ndarray[Any, Any]


def picture_data(found: Backward, read: Sequence[str], targets: Sequence[str], *, name: str, exact: bool,
                 marked: Sequence[int] = ()) -> Any:  # fmt: skip
    """Return everything that the picture needs; `name` tells one network and example from another.

    Of long sequences the last `MOST_STEPS` steps are drawn; of wide layers `MOST_UNITS` units, evenly chosen. `exact`
    writes numbers with four digits behind the point, as a worked example does.
    """
    write = four_digits if exact else three_digits
    steps = len(found.inputs)
    first = max(0, steps - MOST_STEPS)
    shown = found.shown
    largest = max(float(norms(part).max()) for state in shown.states for part in (state.here, state.later))
    longest = max(float(each.so_far.max()) for each in found.weights) or 1.0
    units = shown.states[0].values.shape[1]
    chosen = np.unique(np.linspace(0, units - 1, min(units, MOST_UNITS)).round().astype(int))
    return {
        "name": name, "first": first, "steps": steps, "read": [*read[first:]], "marked": [*marked],
        "units": units, "drawn": len(chosen), "numbers": units <= MOST_IN_NUMBERS,
        "states": [_state(each, first, chosen, largest, write) for each in shown.states],
        "losses": _losses(found, first, write), "after": not found.at,
        "lower": found.shown.layer < found.depth - 1, "targets": [*targets[first:]],
        "cuts": [cut - first for cut in found.cuts if cut > first], "written": _outputs(found, first, write),
        "weights": [_weight(each, first, longest, write) for each in found.weights],
        "own": own_source(found), "end": _end(found),
        "largest": number(largest, 2), "least": number(largest / 10**DECADES, 2),
        "low": LOW_COLOUR, "high": HIGH_COLOUR,
    }  # fmt: skip


def own_source(found: Backward) -> str:
    """Return from where the gradient comes to h within a step: its own output, or the layer that reads it."""
    layer = found.shown.layer + 1
    read_out = "its own output" if found.at else "what is written"
    if layer == found.depth:
        return read_out
    return f"layer {layer + 1}" if found.at else f"layer {layer + 1} and {read_out}"


def norms(vectors: Floats) -> Floats:
    """Return the length of each step's vector."""
    found: Floats = np.linalg.norm(vectors, axis=1)
    return found


def four_digits(value: float) -> str:
    """Return a number with four digits behind the point, unless that would leave nothing of it."""
    return f"{value:.4f}" if not value or abs(value) >= 0.00005 else number(value, 2)


def three_digits(value: float) -> str:
    """Return a number in three digits."""
    return number(value, 3)


def level(sizes: Floats, largest: float) -> Floats:
    """Return 1 for the largest, less by 1 / `DECADES` for each power of ten below it; 0 for all under the scale."""
    with np.errstate(divide="ignore"):
        decades = np.log10(sizes / largest) if largest else np.full_like(sizes, -np.inf)
    found: Floats = np.clip(1 + decades / DECADES, 0, 1)
    return found


def _state(
    state: StateGradient, first: int, chosen: Floats, largest: float, write: Callable[[float], str]
) -> dict[str, Any]:
    parts = {"here": state.here[first:], "later": state.later[first:], "total": state.total[first:]}
    values, total = state.values[first:], parts["total"]
    brightest = float(np.abs(state.values).max()) or 1.0
    strongest = float(np.abs(state.total).max()) or 1.0
    dark = np.sign(total) * level(np.abs(total), strongest)
    sizes = {name: norms(part) for name, part in parts.items()}
    few = total.shape[1] <= MOST_IN_NUMBERS
    return {
        "name": state.name,
        "values": (SHADES * values[:, chosen] / brightest).round().astype(int).tolist(),
        "gradient": (SHADES * dark[:, chosen]).round().astype(int).tolist(),
        "valueTexts": [[write(value) for value in row] for row in values] if few else [],
        "gradientTexts": [[write(value) for value in row] for row in total] if few else [],
        "size": [write(value) for value in norms(values)],
        **{name: [_vector(row, write) for row in part] for name, part in parts.items()},
        **{f"{name}Short": [_short(row, write) for row in part] for name, part in parts.items()},
        **{f"{name}Level": level(size, largest).round(3).tolist() for name, size in sizes.items()},
        **{f"{name}Some": (size > 0).tolist() for name, size in sizes.items()},
    }  # fmt: skip


def _vector(row: Floats, write: Callable[[float], str]) -> str:
    """Return one number as it is, a few in brackets, many by their length."""
    if len(row) == 1:
        return write(row[0])
    if len(row) <= MOST_IN_NUMBERS:
        return f"({', '.join(map(write, row))})"
    return write(float(np.linalg.norm(row)))


def _short(row: Floats, write: Callable[[float], str]) -> str:
    return write(row[0] if len(row) == 1 else float(np.linalg.norm(row)))


def _losses(found: Backward, first: int, write: Callable[[float], str]) -> list[dict[str, Any] | None]:
    """Return what each step's answer costs and how high its bar is; None where no answer counts."""
    drawn: list[dict[str, Any] | None] = [None] * (len(found.inputs) - first)
    most = float(found.losses.max()) or 1.0
    for step, loss in zip(found.at, found.losses, strict=False):
        if step >= first:
            drawn[step - first] = {"text": write(loss), "height": round(float(loss) / most, 3)}
    return drawn


def _outputs(found: Backward, first: int, write: Callable[[float], str]) -> list[str]:
    """Return the answers that are single numbers, one for each step; nothing where they are more."""
    if found.outputs.shape[1] > 1 or len(found.outputs) != len(found.inputs):
        return []
    return [write(value) for value in found.outputs[first:, 0]]


def _weight(weight: WeightGradient, first: int, most: float, write: Callable[[float], str]) -> dict[str, Any]:
    """Return the sum of one weight's gradient on its way, its length as a share of the longest of all weights'."""
    few = weight.each is not None and 1 < weight.total.size <= LISTED
    so_far, added = weight.so_far[first:], weight.added[first:]
    texts = [[write(value) for value in values] for values in (so_far, added)]
    if few and weight.each is not None:
        parts = weight.each.reshape(len(weight.each), -1)
        sums = parts[::-1].cumsum(axis=0)[::-1]
        texts = [[", ".join(map(write, row)) for row in rows[first:]] for rows in (sums, parts)]
    return {
        "name": short_name(weight.name), "size": " × ".join(map(str, weight.total.shape)), "few": few,
        "fill": (so_far / most).round(4).tolist(), "part": (added / most).round(4).tolist(),
        "soFar": texts[0], "added": texts[1], "most": float(weight.so_far[0]) / most,
        "total": ", ".join(map(write, weight.total.ravel())) if few else write(float(weight.so_far[0])),
    }  # fmt: skip


def short_name(parameter: str) -> str:
    """Return how the equations call a parameter: W_hh for weight_hh; V and b_y are the read-out's."""
    read_out = {"readout.weight": "V", "readout.bias": "b_y"}
    kinds = {"weight": "W", "bias": "b"}
    kind, _, rest = parameter.partition("_")
    return read_out.get(parameter) or f"{kinds.get(kind, kind)}_{rest}"


def _end(found: Backward) -> dict[str, Any]:
    """Return what comes after the sweep: the length of the whole gradient, its limit, and each update's loss."""
    clipped = found.clipped
    losses = [found.loss, *(update.loss for update in found.updates)]
    most = max((abs(loss) for loss in losses), default=1.0) or 1.0
    return {
        "norm": number(clipped.norm, 4), "threshold": number(clipped.threshold), "scale": number(clipped.scale, 3),
        "over": clipped.scale < 1, "limited": bool(clipped.threshold),
        "updates": [{"rule": WORDS[update.rule], "rate": number(update.lr),
                     "change": number(update.change, 3), "before": number(found.loss), "after": number(update.loss),
                     "beforeShare": max(0.0, round(found.loss / most, 4)),
                     "afterShare": max(0.0, round(update.loss / most, 4))}
                    for update in found.updates],
    }  # fmt: skip
