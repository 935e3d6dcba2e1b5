"""A whole series as a small line, so that a person sees at a glance whether it was read rightly."""

from functools import cache
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
import pyarrow as pa
import streamlit as st

from playground.components.charts import Spec, draw_chart, finished, is_dark, series
from playground.components.numbers import number, said
from playground.components.palette import BLUE, WARM
from rnncore.tables import Series

HEIGHT = 170
MOST_POINTS = 600
FIFTH = 5  # the last part of so many is held out


def draw(read: Series) -> None:
    """Draw the values of a series over its rows."""
    rows, values = thinned(read.values)
    held_out = rows > len(read.values) - 1 - (len(read.values) - 1) // FIFTH
    table = pa.table({"row": rows, "value": values, "part": np.where(held_out, "held out", "training")})
    span = f" from {read.span}" if read.span else ""
    low, high = number(float(values.min()), 5), number(float(values.max()), 5)
    alt = f"{len(read.values):,} values of {read.column}{span}, from {low} to {high}; the last fifth is held out."
    draw_chart(table, series_chart(dark=is_dark()), alt=alt, key="train.series")
    st.caption("The whole series, row by row; the last fifth is held out.")


def thinned(values: np.ndarray, most: int = MOST_POINTS) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and values of at most `most` points: the lowest and the highest of each stretch, in order."""
    if len(values) <= most:
        return np.arange(1, len(values) + 1), values
    starts = np.linspace(0, len(values), most // 2 + 1).astype(int)
    kept = [start + at for start, end in pairwise(starts)
            for at in sorted({int(values[start:end].argmin()), int(values[start:end].argmax())})]  # fmt: skip
    return np.array(kept) + 1, values[kept]


@cache
def series_chart(*, dark: bool) -> Spec:
    """Return the chart's spec; nothing in it depends on the data."""
    fonts: dict[str, Any] = {"labelFontSize": 12, "titleFontSize": 12}
    parts = ["training", "held out"]
    x = alt.X("row:Q", title="row", scale=alt.Scale(nice=False),
              axis=alt.Axis(tickCount=5, format=",~d", grid=False, **fonts))  # fmt: skip
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=False),
              axis=alt.Axis(tickCount=4, labelExpr=said("datum.value", 6), **fonts))  # fmt: skip
    tooltip = [alt.Tooltip("row:Q", format=",~d"), alt.Tooltip("said:N", title="value"), alt.Tooltip("part:N")]
    line = alt.Chart().transform_calculate(said=said("datum.value", 6)).mark_line(strokeWidth=1.3)
    paint = alt.Color(**series(parts, [BLUE, WARM], None, field="part"))
    dashed = alt.StrokeDash(**series(parts, [[1, 0], [4, 2]], None, field="part"))
    return finished(line.encode(x, y, paint, dashed, tooltip=tooltip), height=HEIGHT, dark=dark)
