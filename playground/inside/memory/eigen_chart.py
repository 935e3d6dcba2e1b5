"""Eigenvalues in the plane: a spec that depends on choices alone."""

from functools import lru_cache

import altair as alt

from playground.components.charts import SPECS_CACHED, Spec, finished, only
from playground.components.numbers import said
from playground.components.palette import colour, ink

HEIGHT = 300
LIMITS = (1.3, 2.6, 5.2, 10.4, 100.0, 1e4)  # how far the axes reach


@lru_cache(SPECS_CACHED)
def eigen_chart(cell: str, reach: float, *, dark: bool) -> Spec:
    """Return the spec of eigenvalues with the unit circle, both axes on one scale at any width.

    Rows: kind (``circle``, ``recurrent``, ``jacobian``), order, real, imaginary, absolute.
    """
    wide, high = ([alt.ExprRef(f"{sign}{reach} * max(1, {ratio})") for sign in ("-", "")]
                  for ratio in ("width / height", "height / width"))  # fmt: skip
    axis = alt.Axis(grid=False, tickCount=5, labelFlush=True, labelBound=True, labelExpr=said("datum.value", 2))
    x = alt.X("real:Q", title="real part", scale=alt.Scale(domain=wide, nice=False), axis=axis)
    y = alt.Y("imaginary:Q", title="imaginary part", scale=alt.Scale(domain=high, nice=False), axis=axis)
    tooltip = [alt.Tooltip("kind:N", title="of"), *(alt.Tooltip(f"{name}_said:N", title=name)
               for name in ("real", "imaginary", "absolute"))]  # fmt: skip
    written = {f"{name}_said": said(f"datum.{name}", 3) for name in ("real", "imaginary", "absolute")}
    circle = alt.Chart().transform_filter(only("circle"))
    recurrent, jacobian = (
        alt.Chart().transform_filter(only(kind)).transform_calculate(**written) for kind in ("recurrent", "jacobian")
    )
    paint, faint = colour(cell, dark), ink("faint", dark)
    return finished(
        circle.mark_line(color=faint, strokeWidth=1.5, strokeDash=[5, 4]).encode(x, y, order="order:Q"),
        recurrent.mark_point(size=46, color=paint, strokeWidth=1.8, shape="circle").encode(x, y, tooltip=tooltip),
        jacobian.mark_point(size=46, color=ink("text", dark), filled=True, opacity=0.9, shape="diamond")
        .encode(x, y, tooltip=tooltip),
        height=HEIGHT, dark=dark,
    )  # fmt: skip
