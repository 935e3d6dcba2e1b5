"""The look "Eigenvalues": what carries a state from step to step, in the plane, and what the gradient really does."""

import math
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from playground.components.charts import draw_chart, is_dark
from playground.components.figure_table import figure_table
from playground.components.note import noted
from playground.components.numbers import number
from playground.components.terms import term
from playground.inside.memory import controls
from playground.inside.memory.eigen_chart import LIMITS, eigen_chart
from playground.inside.memory.networks import Kept, Networks, each
from playground.inside.memory.rows import as_csv
from playground.inside.memory.settings import MemoryView
from playground.race.setup import Setup
from rnncore.analysis.spectrum import MOST_UNITS, Measured, Spectrum, jacobian_spectrum, measured, recurrent_spectrum
from rnncore.analysis.states import words_of
from rnncore.cells import CELLS
from rnncore.cli.memory_rows import spectrum_rows
from rnncore.tasks.shown import NO_NUMBERS

COLUMNS = {
    "radius": "Spectral radius: largest absolute eigenvalue of the recurrent matrix, in a gated cell of the block that "
    "makes the new content.",
    "singular value": "Largest singular value of the same matrix: the most that it can stretch a state in one step.",
    "radius, Jacobian": "Largest absolute eigenvalue of the derivative of the new state by the old one at this step.",
    "singular value, Jacobian": "Its largest singular value.",
    "measured per step": "Mean factor per step of the gradient on h of the last layer, over the steps back that stand "
    "in brackets; mean over 16 training examples.",
}
CIRCLE = 96  # points of the unit circle


class Found(NamedTuple):
    """What was measured of one network."""

    recurrent: Spectrum | None
    jacobian: Spectrum | None
    measured: Measured | None


def eigenvalues(setup: Setup, found: Networks) -> None:
    """Draw the eigenvalues of each network's recurrent matrix, and of its state Jacobian where gates decide."""
    view: MemoryView = setup.view
    shown = found.at(controls.scrubber(found, setup))
    example = view.example - 1
    (words,) = each(shown[:1], ("words", example), partial(words_of, example=example))
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        controls.place_choices(shown, setup, states=False)
        controls.counted("example", view.example, words.examples)
        step = min(view.step or words.step + 1, len(words.read))
        controls.counted("step", step, len(words.read), "Jacobian at step")
    rows = list(map(Found, *(each(shown, what, measure) for what, measure in (
        (("recurrent", view.layer), partial(recurrent_spectrum, layer=view.layer - 1)),
        (("jacobian", view.layer, example, step), partial(jacobian_spectrum, layer=view.layer - 1, example=example,
                                                         step=step - 1)),
        (("measured",), measured),
    ))))  # fmt: skip
    _planes(shown, rows, f"step {step} of example {view.example} (“{words.read[step - 1]}”)")
    st.html(table(shown, rows))
    st.markdown(finding(shown, rows))
    st.html(noted("A radius under 1 says only that powers of one matrix shrink in the end. On the way they can grow; "
                  "and the steps of a network are not powers of one matrix, since slopes and gates differ at each. So "
                  "it proves nothing."))  # fmt: skip
    table_rows = [row for kept, one in zip(shown, rows, strict=True) for spectrum in one[:2] if spectrum is not None
                  for row in spectrum_rows(kept.cell, kept.known[1], spectrum)]  # fmt: skip
    controls.csv(as_csv(table_rows), "eigenvalues")


def _planes(shown: Sequence[Kept], rows: Sequence[Found], where: str) -> None:
    st.html(noted(f"Circles: the recurrent matrix. Diamonds: the derivative of the state by the one before it, at "
                  f"{where}. Dashed: absolute value 1."))  # fmt: skip
    for place, kept, one in zip(st.columns(len(shown)), shown, rows, strict=True):
        with place:
            st.caption(f"**{CELLS[kept.cell].label}** at update {kept.known[1]:,}")
            if one.recurrent is None:
                st.caption("It has no recurrence: nothing is carried from step to step.")
            elif not one.recurrent.finite:
                st.caption(f"{NO_NUMBERS.capitalize()}.")
            else:
                if one.jacobian is None:
                    st.caption(f"Its state has over {MOST_UNITS} numbers: the derivative of the state is left out.")
                draw_chart(points(one), eigen_chart(kept.cell, _reach(one), dark=is_dark()),
                           key=f"memory.eigen.{kept.cell}", alt=_sentence(kept, one).replace("**", ""))  # fmt: skip


def _reach(found: Found) -> float:
    """Return how far the axes have to reach, one of a few values, so that most updates share it."""
    sizes = [spectrum.radius for spectrum in found[:2] if spectrum is not None and spectrum.finite]
    return next((limit for limit in LIMITS if limit > 1.05 * max(sizes, default=1.0)), LIMITS[-1])


def points(found: Found) -> list[dict[str, Any]]:
    """Return the chart's rows: the unit circle, and the eigenvalues."""
    turns = [2 * math.pi * i / CIRCLE for i in range(CIRCLE + 1)]
    rows: list[dict[str, Any]] = [
        {"kind": "circle", "order": i, "real": math.cos(turn), "imaginary": math.sin(turn), "absolute": 1.0}
        for i, turn in enumerate(turns)
    ]
    for spectrum in found[:2]:
        if spectrum is not None and spectrum.finite:
            places = zip(spectrum.real.tolist(), spectrum.imaginary.tolist(), strict=True)
            rows += [{"kind": spectrum.of, "order": i, "real": x, "imaginary": y, "absolute": math.hypot(x, y)}
                     for i, (x, y) in enumerate(places)]  # fmt: skip
    return rows


def table(shown: Sequence[Kept], rows: Sequence[Found]) -> str:
    """Return the figures of every network."""
    lines = []
    for kept, one in zip(shown, rows, strict=True):
        values = [text for spectrum in one[:2] for text in _figures(spectrum)]
        factor = "" if one.measured is None else f"{number(one.measured.per_step, 3)} ({one.measured.back} steps)"
        lines.append((CELLS[kept.cell].label, [*values, factor]))
    return figure_table("Figures of each network", (term(name, why) for name, why in COLUMNS.items()), lines)


def _figures(spectrum: Spectrum | None) -> list[str]:
    if spectrum is None:
        return ["", ""]
    return [number(spectrum.radius, 3), number(float(spectrum.singular[0]), 3)] if spectrum.finite else [NO_NUMBERS, ""]


def finding(shown: Sequence[Kept], rows: Sequence[Found]) -> str:
    """Say of each network what its radius is and what the gradient does all the same, in Markdown."""
    return "  \n".join(_sentence(kept, one) for kept, one in zip(shown, rows, strict=True))


def _sentence(kept: Kept, found: Found) -> str:
    label, spectrum = CELLS[kept.cell].label, found.recurrent
    if spectrum is None:
        return f"**{label}** has no recurrence."
    if not spectrum.finite:
        return f"**{label}**: {NO_NUMBERS}."
    largest = float(spectrum.singular[0])
    radius = f"**{label}**: spectral radius {number(spectrum.radius, 3)}, largest singular value {number(largest, 3)}"
    if found.measured is None:
        return f"{radius}; the gradient does not come back far enough to be compared."
    real = number(found.measured.per_step, 3)
    return f"{radius}; measured over {found.measured.back} steps, the gradient changes by a factor of {real} per step."
