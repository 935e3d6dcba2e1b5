"""The live loss chart: bands, lines, reference lines with their names, spikes, and the exact values at the pointer."""

from functools import lru_cache
from typing import Any

import altair as alt

from playground.components.charts import GROWTH, SPECS_CACHED, Spec, finished, only, series
from playground.components.numbers import said, sparse
from playground.components.palette import colour, dash, ink
from rnncore.cells import CELLS

HEIGHT = 330
PHONE = "(windowSize()[0] < 641)"
# Right of the plot stand the names of reference lines, on a phone their values only; the lines of a name are 14 high.
PLOT_END = f"width - ({PHONE} ? 46 : 106 * {GROWTH})"
NAME_LINE = f"(14 * {GROWTH})"
MOST_LINES = 8  # reference lines whose names keep apart
MOST_LETTERS = 20  # of names side by side in the legend, where the curve has the least width
X_TITLES = {
    "updates": "updates",
    "examples": "training examples seen",
    "seconds": "seconds of processor time for this cell's own updates",
}
NEAR = alt.selection_point(name="near", encodings=["x"], nearest=True, on="pointermove", clear="pointerout")
AT_POINTER = alt.ParameterPredicate(param="near", empty=False)


@lru_cache(SPECS_CACHED)
def loss_chart(cells: tuple[str, ...], *, x_axis: str, scale: str, loss_label: str, dark: bool) -> Spec:
    """Return the spec of the live loss chart; nothing in it depends on the data.

    Rows of the data (see `tables.curve_table`): kind ``train`` (x, low, high), ``held`` (x, y),
    ``line`` (y, label: a reference line with its name at its end, right of the plot), ``spike`` (x, y, label: the true
    height of what was cut there, or where a network diverged).
    """
    faint, paper = ink("faint", dark), ink("paper", dark)
    labels = [CELLS[cell].label for cell in cells]
    legend = alt.Legend(
        orient="top", symbolType="stroke", symbolSize=500, symbolStrokeWidth=3, labelFontSize=14, labelLimit=220,
        symbolOpacity=1, offset=16, columns=2 if len(cells) > 3 or sum(map(len, labels)) > MOST_LETTERS else 3,
    )  # fmt: skip
    fonts: dict[str, Any] = {"labelFontSize": 12, "titleFontSize": 13}
    x = alt.X("x:Q", title=X_TITLES[x_axis], scale=alt.Scale(nice=False, range=[0, alt.expr(PLOT_END)]),
              axis=alt.Axis(tickCount=6, format=",.6~f", grid=False, **fonts))  # fmt: skip
    height: dict[str, Any] = {
        "title": loss_label, "axis": alt.Axis(tickCount=5, **sparse("datum.value"), **fonts),
        "scale": alt.Scale(type="log", nice=False) if scale == "log" else alt.Scale(type="linear", zero=True),
    }  # fmt: skip
    y = alt.Y("y:Q", **height)
    paint = alt.Color(**series(labels, [colour(cell, dark) for cell in cells], legend))
    dashes = alt.StrokeDash(**series(labels, [dash(cell) for cell in cells], legend))
    rows, held = alt.Chart(), alt.Chart().transform_filter(only("held"))
    near = held.transform_filter(AT_POINTER)
    lines = rows.transform_filter(only("line"))
    return finished(
        rows.transform_filter(only("train")).mark_area(opacity=0.16, clip=True)
        .encode(x, alt.Y("low:Q", **height), alt.Y2("high"), paint),
        lines.mark_rule(strokeDash=[5, 4], strokeWidth=1.3, color=faint).encode(y),
        held.mark_line(strokeWidth=2.6, clip=True).encode(x, y, paint, dashes),
        *_line_names(faint, paper),
        *(_spike(label, line).encode(x, y, paint) for line, label in enumerate(labels)),
        held.mark_point(opacity=0, size=60, tooltip=None).encode(x, y).add_params(NEAR),
        near.mark_rule(color=faint).encode(x),
        near.mark_point(filled=True, size=60, opacity=1).encode(x, y, paint),
        *_readings(labels, near, paint, paper, faint),
        height=HEIGHT, dark=dark,
    )  # fmt: skip


def _spike(label: str, line: int) -> alt.Chart:
    """Return what stands where a curve goes on above the chart, one line of text for each network."""
    return (
        alt.Chart()
        .transform_filter(only("spike"))
        .transform_filter(alt.FieldEqualPredicate(field="series", equal=label))
        .mark_text(align="left", baseline="top", dx=3, dy=1 + 14 * line, fontSize=12, fontWeight=600)
        .encode(text=alt.Text("label:N"))
    )


def _line_names(faint: str, paper: str) -> list[alt.Chart]:
    """Return the names of reference lines at their ends, on a margin without grid.

    Each name stands at the height of its line or, where that is taken, as far below it as the names above need;
    where there is no room left at the bottom, they move up together.
    """
    before = range(1, MOST_LINES)
    downwards: list[Any] = [alt.SortField(field="y", order="descending")]
    above: list[Any] = [alt.WindowFieldDef(op="lag", field=field, param=k, **{"as": f"{field}{k}"})
                        for k in before for field in ("y", "middle")]  # fmt: skip
    pushed = ", ".join(
        f"isValid(datum.y{k}) ? scale('y', datum.y{k}) + datum.middle - datum.middle{k} : -1000" for k in before
    )
    middle = f"min(height + 12 - datum.all + datum.middle, max(scale('y', datum.y), {pushed}))"
    lines = alt.Chart().transform_filter(only("line"))
    margin = lines.mark_rect(color=paper, opacity=1, x=alt.expr(f"{PLOT_END} + 3"), x2=alt.expr("width + 1"), y=-1,
                             y2=alt.expr("height + 1"))  # fmt: skip
    names = (
        lines.transform_calculate(name="split(datum.label, '\\n')")
        .transform_calculate(name=f"{PHONE} ? slice(split(peek(datum.name), ' '), -1) : datum.name")
        .transform_calculate(high=f"length(datum.name) * {NAME_LINE} + 4")
        .transform_window(until="sum(high)", sort=downwards, frame=[None, 0])
        .transform_joinaggregate(all="sum(high)")
        .transform_calculate(middle="datum.until - datum.high / 2")
        .transform_window(above, sort=downwards)
        .mark_text(align="left", baseline="middle", fontSize=12, color=faint, lineHeight=alt.expr(NAME_LINE),
                   x=alt.expr(f"{PLOT_END} + 7"), y=alt.expr(f"{middle} - (datum.high - 4 - {NAME_LINE}) / 2"))
        .encode(text=alt.Text("name:N"))
    )  # fmt: skip
    return [margin, names]


def _readings(labels: list[str], near: alt.Chart, paint: alt.Color, paper: str, faint: str) -> list[alt.Chart]:
    """Return the exact values at the pointer as lines of text, lower left, where falling curves leave room."""
    rows, line = len(labels), f"indexof({labels!r}, datum.series)"
    heading = near.transform_filter(alt.FieldEqualPredicate(field="series", equal=labels[0])).transform_calculate(
        reading="'at ' + format(datum.x, ',.6~g')"
    )
    values = near.transform_calculate(reading=f"datum.series + '  ' + {said('datum.value')}")
    halo: dict[str, Any] = {"stroke": paper, "strokeWidth": 5, "strokeJoin": "round", "color": paper, "opacity": 0.9}
    layers = []
    for texts, y, painted in (
        (heading, f"height - 4 - {18 * rows} * {GROWTH}", alt.Color(value=faint)),
        (values, f"height - 4 - 18 * {GROWTH} * ({rows - 1} - {line})", paint),
    ):
        mark: dict[str, Any] = {"align": "left", "baseline": "bottom", "fontSize": 14, "fontWeight": 600, "x": 8,
                                "y": alt.expr(y)}  # fmt: skip
        layers.append(texts.mark_text(**mark, **halo).encode(alt.Text("reading:N")))
        layers.append(texts.mark_text(**mark).encode(alt.Text("reading:N"), painted))
    return layers
