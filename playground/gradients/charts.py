"""Charts of the Gradients page: specs that depend on choices alone."""

from functools import lru_cache
from typing import Any

import altair as alt

from playground.components.charts import SPECS_CACHED, Spec, finished, only, series
from playground.components.numbers import said, sparse
from playground.components.palette import colour, dash, ink
from rnncore.cells import CELLS

HEIGHT = 340
POWERS = said("datum.value", 2, longest=len("0.001"))  # labels of an axis over many powers of ten


@lru_cache(SPECS_CACHED)
def flow_chart(
    cells: tuple[str, ...], *, x_title: str, y_title: str, dark: bool, log_x: bool = False, states: bool = False,
    half_wide: bool = False,
) -> Spec:  # fmt: skip
    """Return the spec of lines with bands over distance or length, on an absolute logarithmic axis.

    Rows of the data: kind (``h``, ``c``, ``floor``), series (a cell's label, or the label and ", c"), lag,
    mean, low, high. `states` gives cells with a cell state a second line; `half_wide` is for two charts side by side.
    """
    names: list[str] = []
    colours: list[str] = []
    dashes: list[list[int]] = []
    for cell in cells:
        label = CELLS[cell].label
        names += [label, f"{label}, c"] if states and "c" in CELLS[cell].state_names else [label]
        twice = len(names) - len(colours)
        colours += [colour(cell, dark)] * twice
        dashes += [dash(cell), [2, 4]][:twice]
    legend = alt.Legend(
        orient="top", symbolType="stroke", symbolSize=500, symbolStrokeWidth=3, labelFontSize=14, symbolOpacity=1,
        columns=3 if len(names) <= 3 and not half_wide else 2, offset=12,
    )  # fmt: skip
    x = alt.X("lag:Q", title=x_title, axis=alt.Axis(grid=False, tickCount=6),
              scale=alt.Scale(type="log", nice=False) if log_x else alt.Scale(nice=False))  # fmt: skip
    height: dict[str, Any] = {"title": y_title, "axis": alt.Axis(labelExpr=POWERS, tickCount=6),
                              "scale": alt.Scale(type="log", nice=False)}  # fmt: skip
    y = alt.Y("mean:Q", **height)
    paint, dashed = alt.Color(**series(names, colours, legend)), alt.StrokeDash(**series(names, dashes, legend))
    tooltip = [alt.Tooltip("series:N", title="network"), alt.Tooltip("lag:Q", title=x_title, format=",.6~f"),
               alt.Tooltip("said:N", title=y_title)]  # fmt: skip
    faint = ink("faint", dark)
    lines, floor = alt.Chart().transform_filter(only("h", "c")), alt.Chart().transform_filter("datum.kind == 'floor'")
    name_of_floor = floor.mark_text(align="right", baseline="middle", dx=-8, color=faint, fontSize=12, text="float32")
    return finished(
        lines.mark_area(opacity=0.14, clip=True).encode(x, alt.Y("low:Q", **height), alt.Y2("high"), paint),
        lines.mark_line(strokeWidth=2.6, clip=True).encode(x, y, paint, dashed),
        lines.transform_calculate(said=said("datum.mean")).mark_point(size=90, opacity=0).encode(x, y, tooltip=tooltip),
        floor.mark_rule(strokeDash=[5, 4], color=faint).encode(y),
        name_of_floor.encode(y, x=alt.value(0)),
        height=HEIGHT, dark=dark,
    )  # fmt: skip


@lru_cache(SPECS_CACHED)
def clip_chart(cells: tuple[str, ...], quantity: str, *, dark: bool) -> Spec:
    """Return the spec of gradient norms before and after clipping, or of the loss, over updates.

    Rows: kind (``before``, ``after``, ``loss``; ``norm is infinite``, ``loss is infinite``), series, update, value.
    What is infinite is marked by its sign at the upper edge.
    """
    norms = quantity == "norm"
    kinds = ["before", "after"] if norms else ["loss"]
    legend = alt.Legend(orient="top", symbolType="stroke", symbolSize=400, symbolStrokeWidth=3, labelFontSize=13)
    paint = alt.Color(**series([CELLS[cell].label for cell in cells], [colour(cell, dark) for cell in cells],
                               legend if norms else None))  # fmt: skip
    stage = alt.StrokeDash(**series(kinds, [[1, 0], [4, 3]][: len(kinds)], None, field="kind"))
    x = alt.X("update:Q", title="updates", scale=alt.Scale(nice=False, padding=8),
              axis=alt.Axis(grid=False, tickCount=6, tickMinStep=1, format=",.6~f"))  # fmt: skip
    y = alt.Y("value:Q", scale=alt.Scale(type="log", nice=True), axis=alt.Axis(**sparse("datum.value"), tickCount=4),
              title="gradient norm (dashed: after clipping)" if norms else "loss")  # fmt: skip
    tooltip = [alt.Tooltip("series:N", title="network"), alt.Tooltip("update:Q", format=",.6~f"),
               alt.Tooltip("kind:N"), alt.Tooltip("said:N", title=quantity)]  # fmt: skip
    lines = alt.Chart().transform_filter(only(*kinds)).transform_calculate(said=said("datum.value"))
    infinite = alt.Chart().transform_filter(alt.FieldEqualPredicate(field="kind", equal=f"{quantity} is infinite"))
    sign = infinite.mark_text(text="∞", fontSize=26, fontWeight="bold", tooltip=True)
    return finished(
        lines.mark_line(strokeWidth=2, clip=True, point=alt.OverlayMarkDef(size=22))
        .encode(x, y, paint, stage, tooltip=tooltip),
        sign.encode(x, paint, y=alt.value(10)),
        height=270 if norms else 210, dark=dark,
    )  # fmt: skip
