"""Tables and charts of a closer look, from measurements of the networks on screen."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import streamlit as st

from playground.components import numbers
from playground.components.charts import SPECS_CACHED, Spec, draw_chart, finished, series
from playground.components.figure_table import figure_table
from playground.components.numbers import exact, loss_label, loss_value, metric_value, number, percent
from playground.components.palette import colour, ink
from playground.components.terms import term
from rnncore.analysis.outcomes import Floats, Stretch
from rnncore.cells import CELLS
from rnncore.tasks.base import Reported
from rnncore.tasks.shown import NO_NUMBERS
from rnncore.training.views import RaceView


def lengths(race: RaceView, found: Sequence[list[Stretch]]) -> str:
    """Return each network's metric at other lengths than it was trained at."""
    task = race.task
    rows = []
    for at in zip(*found, strict=True):
        cells = [
            term(metric_value(each.metric, task), f"{loss_label(task)} {loss_value(each.loss, task)}")
            if math.isfinite(each.metric)
            else NO_NUMBERS
            for each in at
        ]
        name = f"{at[0].seq_len:,}" + (" (trained)" if at[0].factor == 1 else f" ({exact(at[0].factor)} ×)")
        rows.append((name, cells))
    what = f"{task.metric_label.capitalize()}, by {task.seq_len_label.lower()}"
    names = (CELLS[cell].label for cell in race.cells)
    return figure_table(what, names, rows, caption=True, figures=False)


def forecasts(race: RaceView, found: Sequence[tuple[Floats, Floats]], dark: bool) -> None:
    """Draw predicted against true values; points on the diagonal are right."""
    task = race.task
    labels = [CELLS[cell].label for cell in race.cells]
    every = np.concatenate([np.concatenate(pair) for pair in found])
    every = every[np.isfinite(every)]
    low, high = float(every.min()), float(every.max())
    rows = [
        {"kind": "point", "series": label, "x": x, "y": y}
        for label, (true, predicted) in zip(labels, found, strict=True)
        for x, y in zip(true.tolist(), predicted.tolist(), strict=True)
        if math.isfinite(y)
    ]
    rows += [{"kind": "line", "series": labels[0], "x": value, "y": value} for value in (low, high)]
    errors = [f"{label} {_distance(*pair)}" for label, pair in zip(labels, found, strict=True)]
    said = f"Predicted against true, {task.unit_label}. On the dashed line a forecast is exact; mean distance from it: "
    said += ", ".join(errors) + "."
    st.caption(said)
    draw_chart(rows, scatter_chart(race.cells, task.unit_label, dark=dark), alt=said)


def _distance(true: Floats, predicted: Floats) -> str:
    mean = float(np.abs(true - predicted).mean())
    return number(mean) if math.isfinite(mean) else NO_NUMBERS


@lru_cache(SPECS_CACHED)
def scatter_chart(cells: tuple[str, ...], unit: str, *, dark: bool) -> Spec:
    """Return the spec of predicted against true values. Rows: kind (``point``, ``line``), series, x, y."""
    labels = [CELLS[cell].label for cell in cells]
    each: dict[str, Any] = {"scale": alt.Scale(zero=False, nice=True),
                            "axis": alt.Axis(labelExpr=numbers.said("datum.value", 6))}  # fmt: skip
    x, y = alt.X("x:Q", title=f"true: {unit}", **each), alt.Y("y:Q", title=f"predicted: {unit}", **each)
    legend = alt.Legend(orient="top", labelFontSize=13)
    paint = alt.Color(**series(labels, [colour(cell, dark) for cell in cells], legend))
    shape = alt.Shape("series:N", title=None, legend=legend, scale=alt.Scale(domain=labels))
    tooltip = [alt.Tooltip("series:N", title="network"), alt.Tooltip("x_said:N", title="true"),
               alt.Tooltip("y_said:N", title="predicted")]  # fmt: skip
    line = alt.Chart().transform_filter("datum.kind == 'line'")
    written = {f"{axis}_said": numbers.said(f"datum.{axis}") for axis in "xy"}
    points = alt.Chart().transform_filter("datum.kind == 'point'").transform_calculate(**written)
    return finished(
        line.mark_line(strokeDash=[5, 4], color=ink("faint", dark)).encode(x, y),
        points.mark_point(size=30, opacity=0.85).encode(x, y, paint, shape, tooltip=tooltip),
        height=320, dark=dark,
    )  # fmt: skip


def further(race: RaceView, found: Sequence[dict[str, float]]) -> str:
    """Return the task's further measures, one row per network."""
    reported = race.task.reported
    names = (term(reported[name].label, reported[name].why) for name in found[0])
    rows = (
        (CELLS[run.cell].label, [_figure(reported[name], value) for name, value in figures.items()])
        for run, figures in zip(race.runs, found, strict=True)
    )
    return figure_table("Further measures of each network", names, rows)


def _figure(reported: Reported, value: float) -> str:
    if not math.isfinite(value):
        return NO_NUMBERS
    return f"{value:,.0f}" if reported.counts else percent(value)
