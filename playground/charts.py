"""Charts: specs made from choices only, the same to the byte while data move; and the one way to draw them."""

from collections.abc import Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.numbers import said, sparse
from playground.palette import colour, dash, ink
from rnncore.cells import CELLS

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
HEIGHT = 330
# of letters on a large screen, as an expression that the browser evaluates
GROWTH = "(windowSize()[0] >= 1600 ? clamp(windowSize()[0] / 1280, 1.5, 2.4) : 1)"
PHONE = "(windowSize()[0] < 641)"
# Right of the plot stand the names of reference lines, on a phone their values only; the lines of a name are 14 high.
PLOT_END = f"width - ({PHONE} ? 46 : 106 * {GROWTH})"
NAME_LINE = f"(14 * {GROWTH})"
MOST_LINES = 8  # reference lines whose names keep apart
X_TITLES = {
    "updates": "updates",
    "examples": "training examples seen",
    "seconds": "seconds of processor time for this cell's own updates",
}
Spec = dict[str, Any]


def draw_chart(rows: Any, spec: Spec, *, alt: str, key: str | None = None) -> DeltaGenerator:
    """Draw a chart; its place has its height at once, so that nothing below moves when what draws it has come."""
    return st.vega_lite_chart(rows, dressed(spec, is_dark()), height=spec["height"], key=key, alt=alt)


def is_dark() -> bool:
    """Return whether the visitor sees the dark theme."""
    return st.context.theme.type == "dark"


def dressed(spec: Spec, dark: bool) -> Spec:
    """Return a spec whose letters are in ink and grow, and which has one text alternative: its parts have none."""
    config = spec.get("config", {})
    letters = {"labelColor": ink("quiet", dark), "titleColor": ink("quiet", dark), "labelFontSize": 12,
               "titleFontSize": 13}  # fmt: skip
    parts = {part: {**letters, **config.get(part, {})} for part in ("axis", "legend")}
    silent = {"aria": False, "mark": {**config.get("mark", {}), "aria": False}}
    made: Spec = grown({**spec, "config": {**config, **parts, **silent}})
    return made


def grown(spec: Any) -> Any:
    """Return a spec whose letters are larger on a large screen, as the browser finds it; no two visits differ in it."""
    if isinstance(spec, list):
        return [grown(part) for part in spec]
    if not isinstance(spec, dict):
        return spec
    grows = {"fontSize", "labelFontSize", "titleFontSize", "labelLimit"}
    return {name: {"expr": f"{part} * {GROWTH}"} if name in grows and isinstance(part, int) else grown(part)
            for name, part in spec.items()}  # fmt: skip


def loss_chart(cells: Sequence[str], *, x_axis: str, scale: str, loss_label: str, dark: bool) -> Spec:
    """Return the spec of the live loss chart; nothing in it depends on the data.

    Rows of the data (see `tables.curve_table`): kind ``train`` (x, low, high), ``held`` (x, y),
    ``line`` (y, label: a reference line with its name at its end, right of the plot), ``spike`` (x, y, label: the true
    height of what was cut there, or where a network diverged).
    """
    faint, paper = ink("faint", dark), ink("paper", dark)
    labels = [CELLS[cell].label for cell in cells]
    legend = {
        "orient": "top", "symbolType": "stroke", "symbolSize": 500, "symbolStrokeWidth": 3, "labelFontSize": 14,
        "labelLimit": 220, "symbolOpacity": 1, "offset": 16, "columns": 2 if len(cells) > 3 else 3,
    }  # fmt: skip
    fonts = {"labelFontSize": 12, "titleFontSize": 13}
    # shared by all layers; a layer that must not have one of them sets it to None
    shared = {
        "x": {
            "field": "x", "type": "quantitative", "title": X_TITLES[x_axis],
            "scale": {"nice": False, "range": [0, {"expr": PLOT_END}]},
            "axis": {"tickCount": 6, "format": ",.6~f", "grid": False, **fonts},
        },
        "y": {
            "field": "y", "type": "quantitative", "title": loss_label,
            "scale": {"type": "log", "nice": False} if scale == "log" else {"type": "linear", "zero": True},
            "axis": {"tickCount": 5, **sparse("datum.value"), **fonts},
        },
        "color": _by_cell(labels, [colour(cell, dark) for cell in cells], legend),
    }  # fmt: skip
    near = [*_only("held"), {"filter": {"param": "near", "empty": False}}]
    layers: list[Spec] = [
        {
            "transform": _only("train"),
            "mark": {"type": "area", "opacity": 0.16, "clip": True},
            "encoding": {"y": {**shared["y"], "field": "low"}, "y2": {"field": "high"}},
        },
        {"transform": _only("line"), "encoding": {"x": None, "color": None},
         "mark": {"type": "rule", "strokeDash": [5, 4], "strokeWidth": 1.3, "color": faint}},
        {
            "transform": _only("held"),
            "mark": {"type": "line", "strokeWidth": 2.6, "clip": True},
            "encoding": {"strokeDash": _by_cell(labels, [dash(cell) for cell in cells], legend)},
        },
        *_line_names(faint, paper),
        *_spikes(labels),
        {
            "transform": _only("held"),
            "mark": {"type": "point", "opacity": 0, "size": 60, "tooltip": None},
            "params": [{"name": "near", "select": {"type": "point", "encodings": ["x"], "nearest": True,
                                                   "on": "pointermove", "clear": "pointerout"}}],
            "encoding": {"color": None},
        },
        {"transform": near, "mark": {"type": "rule", "color": faint}, "encoding": {"y": None, "color": None}},
        {"transform": near, "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1}},
        *_readings(labels, near, paper, faint),
    ]  # fmt: skip
    return {"$schema": SCHEMA, "height": HEIGHT, "encoding": shared, "layer": layers,
            "config": {"view": {"stroke": None}}}  # fmt: skip


def _only(*kinds: str) -> list[Spec]:
    return [{"filter": {"field": "kind", "oneOf": list(kinds)}}]


def _by_cell(labels: list[str], values: list[Any], legend: Spec) -> Spec:
    return {"field": "series", "type": "nominal", "title": None, "legend": legend,
            "scale": {"domain": labels, "range": values}}  # fmt: skip


def _spikes(labels: list[str]) -> list[Spec]:
    """Return what stands where a curve goes on above the chart, one line of text for each network."""
    mark = {"type": "text", "align": "left", "baseline": "top", "dx": 3, "fontSize": 12, "fontWeight": 600}
    return [
        {"transform": [*_only("spike"), {"filter": {"field": "series", "equal": label}}],
         "mark": {**mark, "dy": 1 + 14 * line}, "encoding": {"text": {"field": "label"}}}
        for line, label in enumerate(labels)
    ]  # fmt: skip


def _line_names(ink: str, paper: str) -> list[Spec]:
    """Return the names of reference lines at their ends, on a margin without grid.

    Each name stands at the height of its line or, where that is taken, as far below it as the names above need;
    where there is no room left at the bottom, they move up together.
    """
    before = range(1, MOST_LINES)
    downwards = [{"field": "y", "order": "descending"}]
    transform = [
        *_only("line"),
        {"calculate": "split(datum.label, '\\n')", "as": "name"},
        {"calculate": f"{PHONE} ? slice(split(peek(datum.name), ' '), -1) : datum.name", "as": "name"},
        {"calculate": f"length(datum.name) * {NAME_LINE} + 4", "as": "high"},
        {"window": [{"op": "sum", "field": "high", "as": "until"}], "sort": downwards, "frame": [None, 0]},
        {"joinaggregate": [{"op": "sum", "field": "high", "as": "all"}]},
        {"calculate": "datum.until - datum.high / 2", "as": "middle"},
        {"window": [{"op": "lag", "field": field, "param": k, "as": f"{field}{k}"}
                    for k in before for field in ("y", "middle")], "sort": downwards},
    ]  # fmt: skip
    pushed = ", ".join(
        f"isValid(datum.y{k}) ? scale('y', datum.y{k}) + datum.middle - datum.middle{k} : -1000" for k in before
    )
    middle = f"min(height + 12 - datum.all + datum.middle, max(scale('y', datum.y), {pushed}))"
    nowhere: Spec = {"x": None, "y": None, "color": None}
    return [
        {"transform": _only("line"), "encoding": nowhere,
         "mark": {"type": "rect", "color": paper, "opacity": 1, "x": {"expr": f"{PLOT_END} + 3"},
                  "x2": {"expr": "width + 1"}, "y": -1, "y2": {"expr": "height + 1"}}},
        {"transform": transform, "encoding": {**nowhere, "text": {"field": "name"}},
         "mark": {"type": "text", "align": "left", "baseline": "middle", "fontSize": 12, "color": ink,
                  "lineHeight": {"expr": NAME_LINE}, "x": {"expr": f"{PLOT_END} + 7"},
                  "y": {"expr": f"{middle} - (datum.high - 4 - {NAME_LINE}) / 2"}}},
    ]  # fmt: skip


def _readings(labels: list[str], near: list[Spec], paper: str, ink: str) -> list[Spec]:
    """Return the exact values at the pointer as lines of text, lower left, where falling curves leave room."""
    last = f"indexof({labels!r}, datum.series)"
    rows = len(labels)
    heading = [*near, {"filter": {"field": "series", "equal": labels[0]}},
               {"calculate": "'at ' + format(datum.x, ',.6~g')", "as": "reading"}]  # fmt: skip
    values = [*near, {"calculate": f"datum.series + '  ' + {said('datum.value')}", "as": "reading"}]
    mark = {"type": "text", "align": "left", "baseline": "bottom", "fontSize": 14, "fontWeight": 600, "x": 8}
    halo = {"stroke": paper, "strokeWidth": 5, "strokeJoin": "round", "color": paper, "opacity": 0.9}
    text: Spec = {"x": None, "y": None, "text": {"field": "reading"}}
    plain: Spec = {**text, "color": None}
    layers: list[Spec] = []
    for transform, y, paints in (
        (heading, {"expr": f"height - 4 - {18 * rows} * {GROWTH}"}, {**plain, "color": {"value": ink}}),
        (values, {"expr": f"height - 4 - 18 * {GROWTH} * ({rows - 1} - {last})"}, text),
    ):
        layers.append({"transform": transform, "mark": {**mark, **halo, "y": y}, "encoding": plain})
        layers.append({"transform": transform, "mark": {**mark, "y": y}, "encoding": paints})
    return layers
