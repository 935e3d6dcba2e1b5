"""The chart of a cut at each step: a spec that depends on choices alone."""

from functools import lru_cache
from typing import Any

import altair as alt

from playground.components.charts import SPECS_CACHED, Spec, finished, only, series
from playground.components.numbers import said
from playground.components.palette import colour, dash, ink
from rnncore.cells import CELLS

HEIGHT = 260


@lru_cache(SPECS_CACHED)
def cut_chart(cells: tuple[str, ...], score: str, *, probable: bool, dark: bool) -> Spec:
    """Return the spec of the score by the step of the cut.

    Rows: kind (``cut``; ``here``, the step that is chosen; ``read``, the steps at which what is
    to be remembered stands), series, step, score.
    """
    labels = [CELLS[cell].label for cell in cells]
    legend = alt.Legend(orient="top", symbolType="stroke", symbolSize=500, symbolStrokeWidth=3, labelFontSize=14,
                        symbolOpacity=1, columns=4, offset=12)  # fmt: skip
    x = alt.X("step:Q", title="cut after step", scale=alt.Scale(nice=False),
              axis=alt.Axis(grid=False, tickMinStep=1, format=",d"))  # fmt: skip
    height: dict[str, Any] = {
        "title": score, "scale": alt.Scale(domain=[0, 1]) if probable else alt.Scale(zero=True),
        "axis": alt.Axis(tickCount=5, labelExpr=said("datum.value", 2)),
    }  # fmt: skip
    y = alt.Y("score:Q", **height)
    paint = alt.Color(**series(labels, [colour(cell, dark) for cell in cells], legend))
    dashed = alt.StrokeDash(**series(labels, [dash(cell) for cell in cells], legend))
    tooltip = [alt.Tooltip("series:N", title="network"), alt.Tooltip("step:Q", title="cut after step"),
               alt.Tooltip("said:N", title=score)]  # fmt: skip
    lines = alt.Chart().transform_filter(only("cut")).transform_calculate(said=said("datum.score"))
    here, read = (alt.Chart().transform_filter(only(kind)) for kind in ("here", "read"))
    warm, text = ink("warm", dark), ink("text", dark)
    return finished(
        read.mark_rule(color=warm, strokeWidth=2, strokeDash=[2, 3]).encode(x),
        here.mark_rule(color=text, strokeWidth=1.4).encode(x),
        lines.mark_line(strokeWidth=2.6).encode(x, y, paint, dashed),
        lines.mark_point(size=50, filled=True, opacity=1).encode(x, y, paint, tooltip=tooltip),
        here.mark_text(text="cut", align="left", baseline="bottom", dx=4, dy=-3, color=text, fontSize=12)
        .encode(x, y=alt.value("height")),
        read.mark_text(text="read", align="left", baseline="top", dx=4, dy=14, color=text, fontSize=12)
        .encode(x, y=alt.value(0)),
        height=HEIGHT, dark=dark,
    )  # fmt: skip
