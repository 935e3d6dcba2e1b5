"""A whole series as a small line, so that a person sees at a glance whether it was read rightly."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import streamlit as st

from playground.charts import SCHEMA, Spec, draw_chart
from playground.numbers import number, said
from playground.palette import BLUE, WARM
from rnncore.tables import Series

HEIGHT = 170
MOST_POINTS = 600
FIFTH = 5  # the last part of so many is held out


def draw(series: Series) -> None:
    """Draw the values of a series over its rows."""
    rows, values = thinned(series.values)
    held_out = rows > len(series.values) - 1 - (len(series.values) - 1) // FIFTH
    table = pa.table({"row": rows, "value": values, "part": np.where(held_out, "held out", "training")})
    span = f" from {series.span}" if series.span else ""
    low, high = number(float(values.min()), 5), number(float(values.max()), 5)
    alt = f"{len(series.values):,} values of {series.column}{span}, from {low} to {high}; the last fifth is held out."
    draw_chart(table, spec(), alt=alt, key="train.series")
    st.caption("The whole series, row by row; the last fifth is held out.")


def thinned(values: np.ndarray, most: int = MOST_POINTS) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and values of at most `most` points: the lowest and the highest of each stretch, in order."""
    if len(values) <= most:
        return np.arange(1, len(values) + 1), values
    starts = np.linspace(0, len(values), most // 2 + 1).astype(int)
    kept = [start + at for start, end in pairwise(starts)
            for at in sorted({int(values[start:end].argmin()), int(values[start:end].argmax())})]  # fmt: skip
    return np.array(kept) + 1, values[kept]


def spec() -> Spec:
    """Return the chart's spec; nothing in it depends on the data."""
    fonts = {"labelFontSize": 12, "titleFontSize": 12}
    return {
        "$schema": SCHEMA, "height": HEIGHT,
        "transform": [{"calculate": said("datum.value", 6), "as": "said"}],
        "mark": {"type": "line", "strokeWidth": 1.3},
        "encoding": {
            "x": {"field": "row", "type": "quantitative", "title": "row", "scale": {"nice": False},
                  "axis": {"tickCount": 5, "format": ",~d", "grid": False, **fonts}},
            "y": {"field": "value", "type": "quantitative", "title": None, "scale": {"zero": False},
                  "axis": {"tickCount": 4, "labelExpr": said("datum.value", 6), **fonts}},
            "color": {"field": "part", "type": "nominal", "title": None, "legend": None,
                      "scale": {"domain": ["training", "held out"], "range": [BLUE, WARM]}},
            "strokeDash": {"field": "part", "type": "nominal", "legend": None,
                           "scale": {"domain": ["training", "held out"], "range": [[1, 0], [4, 2]]}},
            "tooltip": [{"field": "row", "format": ",~d"}, {"field": "said", "title": "value"}, {"field": "part"}],
        },
        "config": {"view": {"stroke": None}},
    }  # fmt: skip
