"""Charts: written with Altair from choices alone, kept as specs, drawn in one way.

A spec is the same to the byte while data move, so that the browser never builds a chart anew. Rows are handed over at
each drawing.
"""

from collections.abc import Sequence
from typing import Any

import altair as alt
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.components.palette import ink

ROWS = alt.NamedData(name="rows")  # what a chart is written over; the rows themselves come at each drawing
# of letters on a large screen, as an expression that the browser evaluates
GROWTH = "(windowSize()[0] >= 1600 ? clamp(windowSize()[0] / 1280, 1.5, 2.4) : 1)"
GROW = {"fontSize", "labelFontSize", "titleFontSize", "labelLimit"}
SPECS_CACHED = 128  # specs of one kind of chart
Spec = dict[str, Any]


def draw_chart(rows: Any, spec: Spec, *, alt: str, key: str | None = None) -> DeltaGenerator:
    """Draw a chart; its place has its height at once, so that nothing below moves when what draws it has come."""
    return st.vega_lite_chart(rows, spec, height=spec["height"], key=key, alt=alt)


def is_dark() -> bool:
    """Return whether the visitor sees the dark theme."""
    return st.context.theme.type == "dark"


def finished(*layers: alt.Chart, height: int, dark: bool) -> Spec:
    """Return a chart's layers, the lowest first, as a spec without data, in ink, whose letters grow on a large screen.

    It has one text alternative, given where it is drawn: its parts have none.
    """
    letters: dict[str, Any] = {"labelColor": ink("quiet", dark), "titleColor": ink("quiet", dark), "labelFontSize": 12,
                               "titleFontSize": 13}  # fmt: skip
    config = alt.Config(
        aria=False, axis=alt.AxisConfig(**letters), legend=alt.LegendConfig(**letters),
        mark=alt.MarkConfig(aria=False), view=alt.ViewConfig(stroke=None),
    )  # fmt: skip
    made = alt.layer(*layers, data=ROWS, height=height, config=config).to_dict(validate=False)  # tests validate all
    del made["data"]
    made["config"]["view"] = {"stroke": None}  # without the size that Altair's own theme gives
    return dict(grown(made))


def grown(spec: Any) -> Any:
    """Return a spec whose letters are larger on a large screen, as the browser finds it; no two visits differ in it."""
    if isinstance(spec, list):
        return [grown(part) for part in spec]
    if not isinstance(spec, dict):
        return spec
    return {name: {"expr": f"{part} * {GROWTH}"} if name in GROW and isinstance(part, int) else grown(part)
            for name, part in spec.items()}  # fmt: skip


def only(*kinds: str) -> alt.FieldOneOfPredicate:
    """Return the filter for the rows of these kinds."""
    return alt.FieldOneOfPredicate(field="kind", oneOf=list(kinds))


def series(names: Sequence[str], values: Sequence[Any], legend: alt.Legend | None, field: str = "series") -> Spec:
    """Return how a colour or a dash tells series apart: in an order that is given, not the alphabet's."""
    return {"shorthand": f"{field}:N", "title": None, "legend": legend,
            "scale": alt.Scale(domain=list(names), range=list(values))}  # fmt: skip
