"""The chart of linear probes: a spec that depends on choices alone."""

from functools import lru_cache
from typing import Any

import altair as alt

from playground.components.charts import SPECS_CACHED, Spec, finished, only, series
from playground.components.palette import colour, dash, ink
from rnncore.analysis.probes import LADDER
from rnncore.cells import CELLS

HEIGHT = 340
LEAST = -0.1  # R^2 below it is drawn there


@lru_cache(SPECS_CACHED)
def probe_chart(cells: tuple[str, ...], *, classes: bool, dark: bool) -> Spec:
    """Return the spec of lines with bands. Rows: kind (``probe``, ``chance``), series, lag, score, low, high, said."""
    labels = [CELLS[cell].label for cell in cells]
    legend = alt.Legend(orient="top", symbolType="stroke", symbolSize=500, symbolStrokeWidth=3, labelFontSize=14,
                        symbolOpacity=1, columns=4, offset=12)  # fmt: skip
    x = alt.X("lag:Q", title="steps since it was read", scale=alt.Scale(type="symlog", nice=False),
              axis=alt.Axis(grid=False, values=list(LADDER)))  # fmt: skip
    height: dict[str, Any] = {
        "title": "read back rightly" if classes else "R² of what is read back",
        "scale": alt.Scale(domain=[0, 1] if classes else [LEAST, 1]),
        "axis": alt.Axis(tickCount=5, format=".0%" if classes else ".1f"),
    }
    y = alt.Y("score:Q", **height)
    paint = alt.Color(**series(labels, [colour(cell, dark) for cell in cells], legend))
    dashed = alt.StrokeDash(**series(labels, [dash(cell) for cell in cells], legend))
    tooltip = [alt.Tooltip("series:N", title="network"), alt.Tooltip("lag:Q", title="steps since"),
               alt.Tooltip("said:N", title="read back")]  # fmt: skip
    lines = alt.Chart().transform_filter(only("probe"))
    chance = alt.Chart().transform_filter(only("chance"))
    faint = ink("faint", dark)
    named = chance.mark_text(align="right", baseline="bottom", dy=-4, dx=-4, color=faint, fontSize=12)
    return finished(
        lines.mark_area(opacity=0.16, clip=True).encode(x, alt.Y("low:Q", **height), alt.Y2("high"), paint),
        chance.mark_rule(strokeDash=[5, 4], color=faint).encode(y),
        lines.mark_line(strokeWidth=2.6).encode(x, y, paint, dashed),
        lines.mark_point(size=70, filled=True, opacity=1).encode(x, y, paint, tooltip=tooltip),
        named.encode(y, x=alt.value("width"), text="said:N"),
        height=HEIGHT, dark=dark,
    )  # fmt: skip
