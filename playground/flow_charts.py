"""Charts of the Gradients page: specs that depend on choices alone."""

from collections.abc import Sequence
from typing import Any

from playground.charts import SCHEMA, Spec
from playground.numbers import said, sparse
from playground.palette import colour, dash, ink
from rnncore.cells import CELLS

HEIGHT = 340
POWERS = said("datum.value", 2, longest=len("0.001"))  # labels of an axis over many powers of ten


def flow_chart(
    cells: Sequence[str], *, x_title: str, y_title: str, dark: bool, log_x: bool = False, states: bool = False,
    half_wide: bool = False,
) -> Spec:  # fmt: skip
    """Return the spec of lines with bands over distance or length, on an absolute logarithmic axis.

    Rows of the data: kind (``h``, ``c``, ``floor``), series (a cell's label, or the label and ", c"), lag,
    mean, low, high. `states` gives cells with a cell state a second line; `half_wide` is for two charts side by side.
    """
    names: list[str] = []
    colours: list[Any] = []
    dashes: list[Any] = []
    for cell in cells:
        label = CELLS[cell].label
        names += [label, f"{label}, c"] if states and "c" in CELLS[cell].state_names else [label]
        twice = len(names) - len(colours)
        colours += [colour(cell, dark)] * twice
        dashes += [dash(cell), [2, 4]][:twice]
    faint = ink("faint", dark)
    x: Spec = {"field": "lag", "type": "quantitative", "title": x_title, "axis": {"grid": False, "tickCount": 6},
               "scale": {"type": "log", "nice": False} if log_x else {"nice": False}}  # fmt: skip
    y: Spec = {"field": "mean", "type": "quantitative", "title": y_title,
               "axis": {"labelExpr": POWERS, "tickCount": 6},
               "scale": {"type": "log", "nice": False}}  # fmt: skip
    legend = {"orient": "top", "symbolType": "stroke", "symbolSize": 500, "symbolStrokeWidth": 3, "labelFontSize": 14,
              "symbolOpacity": 1, "columns": 3 if len(names) <= 3 and not half_wide else 2, "offset": 12}  # fmt: skip

    def by_series(values: list[Any], shown: Spec | None = legend) -> Spec:
        return {"field": "series", "type": "nominal", "title": None, "legend": shown,
                "scale": {"domain": names, "range": values}}  # fmt: skip

    tooltip = [{"field": "series", "title": "network"}, {"field": "lag", "title": x_title, "format": ",.6~f"},
               {"field": "said", "title": y_title}]  # fmt: skip
    lines = [{"filter": {"field": "kind", "oneOf": ["h", "c"]}}]
    layers: list[Spec] = [
        {"transform": lines, "mark": {"type": "area", "opacity": 0.14, "clip": True},
         "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": by_series(colours)}},
        {"transform": lines, "mark": {"type": "line", "strokeWidth": 2.6, "clip": True},
         "encoding": {"x": x, "y": y, "color": by_series(colours), "strokeDash": by_series(dashes)}},
        {"transform": [*lines, {"calculate": said("datum.mean"), "as": "said"}],
         "mark": {"type": "point", "size": 90, "opacity": 0},
         "encoding": {"x": x, "y": y, "tooltip": tooltip}},
        {"transform": [{"filter": "datum.kind == 'floor'"}], "encoding": {"y": y},
         "mark": {"type": "rule", "strokeDash": [5, 4], "color": faint}},
        {"transform": [{"filter": "datum.kind == 'floor'"}],
         "mark": {"type": "text", "align": "right", "baseline": "middle", "dx": -8, "color": faint, "fontSize": 12,
                  "text": "float32"},
         "encoding": {"y": y, "x": {"value": 0}}},
    ]  # fmt: skip
    return {"$schema": SCHEMA, "height": HEIGHT, "layer": layers, "config": {"view": {"stroke": None}}}


def clip_chart(cells: Sequence[str], quantity: str, *, dark: bool) -> Spec:
    """Return the spec of gradient norms before and after clipping, or of the loss, over updates.

    Rows: kind (``before``, ``after``, ``loss``; ``norm is infinite``, ``loss is infinite``), series, update, value.
    What is infinite is marked by its sign at the upper edge.
    """
    kinds = ["before", "after"] if quantity == "norm" else ["loss"]
    labels = [CELLS[cell].label for cell in cells]
    legend = {"orient": "top", "symbolType": "stroke", "symbolSize": 400, "symbolStrokeWidth": 3, "labelFontSize": 13}
    stage = {"field": "kind", "type": "nominal", "title": None, "legend": None,
             "scale": {"domain": kinds, "range": [[1, 0], [4, 3]][: len(kinds)]}}  # fmt: skip
    x: Spec = {"field": "update", "type": "quantitative", "title": "updates", "scale": {"nice": False, "padding": 8},
               "axis": {"grid": False, "tickCount": 6, "tickMinStep": 1, "format": ",.6~f"}}  # fmt: skip
    y: Spec = {"field": "value", "type": "quantitative", "scale": {"type": "log", "nice": True},
               "title": "gradient norm (dashed: after clipping)" if quantity == "norm" else "loss",
               "axis": {**sparse("datum.value"), "tickCount": 4}}  # fmt: skip
    tooltip = [{"field": "series", "title": "network"}, {"field": "update", "format": ",.6~f"}, {"field": "kind"},
               {"field": "said", "title": quantity}]  # fmt: skip
    colours = {"field": "series", "type": "nominal", "title": None, "legend": legend if quantity == "norm" else None,
               "scale": {"domain": labels, "range": [colour(cell, dark) for cell in cells]}}  # fmt: skip
    return {
        "$schema": SCHEMA, "height": 270 if quantity == "norm" else 210,
        "encoding": {"x": x, "color": colours},
        "layer": [
            {"transform": [{"filter": {"field": "kind", "oneOf": kinds}},
                           {"calculate": said("datum.value"), "as": "said"}],
             "mark": {"type": "line", "strokeWidth": 2, "clip": True, "point": {"size": 22}},
             "encoding": {"y": y, "strokeDash": stage, "tooltip": tooltip}},
            {"transform": [{"filter": {"field": "kind", "equal": f"{quantity} is infinite"}}],
             "mark": {"type": "text", "text": "∞", "fontSize": 26, "fontWeight": "bold", "tooltip": True},
             "encoding": {"y": {"value": 10}}},
        ],
        "config": {"view": {"stroke": None}},
    }  # fmt: skip


def triangle_chart(*, dark: bool) -> Spec:
    """Return the spec of the triangle as a heat map. Rows: series, loss_step, step, norm."""
    return _heat_map(("step", "state h at step"), ("loss_step", "loss at step"), dark=dark)


def along_chart(*, dark: bool) -> Spec:
    """Return the spec of the gradient over training as a heat map. Rows: update, lag, norm."""
    return _heat_map(("lag", "steps before the loss"), ("update", "at update"), dark=dark, sort_y=False)


def _heat_map(x: tuple[str, str], y: tuple[str, str], *, dark: bool, sort_y: bool = True) -> Spec:
    axis = {"grid": False, "labelOverlap": True, "labelAngle": 0}
    return {
        "$schema": SCHEMA, "height": 320, "mark": {"type": "rect", "clip": True},
        "transform": [{"calculate": said("datum.norm"), "as": "said"}],
        "encoding": {
            "x": {"field": x[0], "type": "ordinal", "title": x[1], "axis": axis},
            "y": {"field": y[0], "type": "ordinal", "title": y[1], "axis": axis, **({} if sort_y else {"sort": None})},
            "color": {"field": "norm", "type": "quantitative", "title": "norm",
                      "scale": {"type": "log", "scheme": "viridis", "domain": [1e-8, 1], "clamp": True},
                      "legend": {"labelExpr": POWERS, "orient": "bottom", "tickCount": 4,
                                 "gradientLength": 140}},
            "tooltip": [{"field": y[0], "title": y[1]}, {"field": x[0], "title": x[1]},
                        {"field": "said", "title": "norm"}],
        },
        "config": {"view": {"stroke": None}},
    }  # fmt: skip
