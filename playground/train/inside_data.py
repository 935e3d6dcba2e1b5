"""The data of the picture Inside: networks unrolled over one example, small enough to be sent twice a second."""

import base64
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from playground.components.palette import HIGH_COLOUR, LOW_COLOUR, colour, ink
from rnncore.analysis.inside import Inside
from rnncore.analysis.unrolled import Floats, Unrolled
from rnncore.cells import CELLS
from rnncore.tasks import Shown, Task

MOST_COLUMNS = 150  # the last ones of a longer example
MOST_UNITS = 32  # of a strip, evenly chosen
MOST_VALUES = 3200  # of a strip: fewer units where there are many columns
LONGEST_LETTER = 2  # what is longer is a word, and stands upright
# heights in rem; strips share what a window has room for, see `unrolled_picture.css`
ANSWERS, LEFT, GAP, AXIS, NUMBERS, LETTERS, WORDS = 1.65, 0.8, 0.35, 1.15, 1.75, 1.2, 4.4
LOWEST_STRIP, HIGHEST_STRIP, BETWEEN_STRIPS = 1.6, 6.0, 0.2
INKS = ("text", "quiet", "faint", "accent", "warm")
STEPS = (1.0, 2.0, 5.0)


def picture(cells: Sequence[str], insides: Sequence[Inside], task: Task, *, dark: bool) -> dict[str, Any]:
    """Return all that is to be drawn, as plain data: each network from the answer above to what is left below.

    States are bytes, 128 for 0 and 1 or 255 for `scale` below or above, row by row, as base64. What is read and
    answered stands in one text with tabs between; where there are no numbers below, it is what is read.
    """
    first = next((each for each in insides if each.found.finite), insides[0])
    found = first.found
    steps = columns(found)
    start = max(0, steps - MOST_COLUMNS)
    below = _below(found, start)
    return {
        "steps": steps, "start": start, "reads": len(found.read), "chosen": first.step,
        "columns": steps - start, "labels": _row(found.read[start:]),
        "below": below, "marked": [step - start for step in found.marked if step >= start],
        "networks": [_network(cell, each, start, task, dark) for cell, each in zip(cells, insides, strict=True)],
        "true": found.shown.truth if task.many_to_one else "",
        "true_number": first.answers.true if first.answers else None, "last": task.many_to_one,
        "heights": _heights(below["kind"]), "least": height(insides, LOWEST_STRIP),
        "most": height(insides, HIGHEST_STRIP),
        "inks": {name: ink(name, dark) for name in INKS} | {"low": LOW_COLOUR, "high": HIGH_COLOUR},
    }  # fmt: skip


def height(insides: Sequence[Inside], strip: float) -> float:
    """Return the height of the drawing in rem with strips of this height; it stays the same while networks learn."""
    found = next((each for each in insides if each.found.finite), insides[0]).found
    each = _heights(_below(found, 0)["kind"])
    strips = sum(len(network.strips) for network in insides)
    return round(
        len(insides) * (each["answers"] + each["left"] + each["gap"])
        + strips * (strip + BETWEEN_STRIPS) + each["below"] + each["axis"], 2,
    )  # fmt: skip


def columns(found: Unrolled) -> int:
    """Return how many steps a network takes: those that it reads, and those that it writes."""
    return len(found.read) + (len(found.outputs) if found.wrote else 0)


def units(hidden: int, steps: int) -> int:
    """Return how many units of a layer are shown."""
    return min(hidden, MOST_UNITS, max(8, MOST_VALUES // max(1, steps)))


def chosen_units(hidden: int, steps: int) -> list[int]:
    """Return the units of a layer that are shown, evenly chosen, from 0."""
    return [round(at) for at in np.linspace(0, hidden - 1, units(hidden, steps)).tolist()]


def _heights(kind: str) -> dict[str, float]:
    below = {"numbers": NUMBERS, "letters": LETTERS, "words": WORDS}[kind]
    return {"answers": ANSWERS, "left": LEFT, "gap": GAP, "axis": AXIS, "below": below, "letters": LETTERS,
            "between": BETWEEN_STRIPS, "highest": HIGHEST_STRIP}  # fmt: skip


def _below(found: Unrolled, start: int) -> dict[str, Any]:
    """Return what stands below the columns that read: numbers where the example has them, else letters or words."""
    numbers = _numbers(found.shown, len(found.read)) if found.shown.tracks else _typed(found.read)
    if numbers:
        return {"kind": "numbers", "values": [_short(value) for value in numbers[start:]]}
    longest = max(map(len, found.read[start:]), default=0)
    return {"kind": "words" if longest > LONGEST_LETTER else "letters", "values": []}


def _numbers(shown: Shown, steps: int) -> list[float]:
    for track in shown.tracks:
        values = [value for value in track.values if isinstance(value, float | int)]
        if track.role == "input" and len(values) == steps and not track.start:
            return values
    return []


def _typed(read: Sequence[str]) -> list[float]:
    """Return the numbers of a visitor's own input, a star after the marked ones; nothing if it has letters or words."""
    try:
        values = [float(text.removesuffix("*")) for text in read]
    except ValueError:
        return []
    return values if max(map(len, read), default=0) > LONGEST_LETTER else []


def _network(cell: str, of: Inside, start: int, task: Task, dark: bool) -> dict[str, Any]:
    kind = CELLS[cell]
    said = {"cell": cell, "name": kind.short, "label": kind.label, "colour": colour(cell, dark)}
    if of.answers is None:
        return said | {"finite": False, "strips": [{"name": name} for name in of.strips]}
    read = 0 if not of.found.wrote else len(of.found.read)
    from_ = max(0, start - read)
    answers = of.answers
    left = [None] * of.step + [_short(value) for value in of.left.left.tolist()] if of.left else []
    return said | {
        "finite": True, "strips": [_strip(name, values[start:]) for name, values in of.strips.items()],
        "answers": _row(answers.names[from_:]), "sure": [_short(value) for value in answers.sure[from_:]],
        "numbers": [_short(value) for value in answers.numbers[from_:]],
        "right": [{None: -1, False: 0, True: 1}[right] for right in answers.right[from_:]], "left": left[start:],
    }  # fmt: skip


def _strip(name: str, values: Floats) -> dict[str, Any]:
    shown = values[:, chosen_units(values.shape[1], len(values))]
    scale = _scale(float(np.abs(values).max()))
    levels = np.clip(np.rint(127 * shown / scale) + 128, 1, 255).astype(np.uint8)
    return {
        "name": name, "rows": shown.shape[1], "of": values.shape[1], "scale": scale,
        "data": base64.b64encode(levels.T.tobytes()).decode(),
        "size": [_short(value) for value in np.linalg.norm(values.astype(np.float64), axis=1).tolist()],
    }  # fmt: skip


def _scale(largest: float) -> float:
    """Return the value of the full colour: 1, or the next of 2, 5, 10, 20, ... for what has larger values."""
    power = 1.0
    while largest > STEPS[-1] * power:
        power *= 10
    return next(step * power for step in STEPS if largest <= step * power)


def _row(texts: Sequence[str]) -> str:
    """Return texts as one, with a tab between; a quotation mark takes five letters where it is sent."""
    return "\t".join(text.replace("\t", " ") for text in texts)


def _short(value: float) -> float:
    """Return a number with three digits that count."""
    return round(value, 2 - math.floor(math.log10(abs(value)))) if value and math.isfinite(value) else value
