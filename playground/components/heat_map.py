"""Heat maps: matrices whose cells are painted by their values, drawn with Plotly, for pictures that stand still.

A figure is a plain dictionary, so nothing here imports Plotly: Streamlit has done so anyway, and has Plotly check what
it is given; a figure made of Plotly's own objects would be checked twice, in twice the time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from playground.components.numbers import number
from playground.components.palette import CLEAR, FULL_SHADE, ink, shades
from rnncore.analysis.outcomes import Floats
from rnncore.number_text import power_of_ten

LETTERS, TITLES = 12, 13  # pixels; larger on a large screen, see page.css
LETTER, GAP, CLOSE, NARROWEST = 7, 10, 3, 24  # widths: of a letter, around a column's name and a text, of any column
# heights: of a row, of the names above and below the columns, and of the scale of colours
ROW, ABOVE, BELOW, SCALE = 28, 48, 48, 60
SCALE_LENGTH = 160
WIDEST = 1.6  # times the least width, where there is room
NORM_CELLS, ABOVE_NORMS = 262, 30  # heights; above are Plotly's buttons
NORM_HEIGHT = ABOVE_NORMS + NORM_CELLS + BELOW + SCALE
POWERS = {power: number(10.0**power) if power > -3 else power_of_ten(power) for power in (-8, -4, 0)}
LEAST, MOST = min(POWERS), max(POWERS)  # what is beyond has their colours
LINES = "#8883"  # between cells
# no logo, no pictures to save, no dragging: a finger moves the page, as it does beside the chart
BUTTONS = ["zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d"]
CONFIG = {"displaylogo": False, "showAxisDragHandles": False, "scrollZoom": False}
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Side:
    """Rows or columns of a heat map.

    Attributes
    ----------
    title
        What they are.
    names
        What each is called. They may come from a visitor: letters that Plotly would take for HTML are escaped.
    numbers
        In place of names, the numbers at which they lie on an axis, in rising order.
    """

    title: str
    names: Sequence[str] = ()
    numbers: Sequence[int] = ()

    def called(self) -> list[str]:
        """Return what each row or column is called, safe for Plotly."""
        return [escape(name, quote=False) for name in self.names] or [f"{each:,}" for each in self.numbers]


@dataclass(frozen=True)
class HeatMap:
    """A figure as Plotly takes it, its height, and the width below which names would lie on one another, if any."""

    figure: dict[str, Any]
    height: int
    least_width: int | None = None


def escaped(text: str) -> str:
    """Return a text that Plotly writes as it is, and takes no letter of it for HTML."""
    return escape(text, quote=False)


def share_map(
    shares: Floats, rows: Side, columns: Side, *, unit: str, dark: bool, most: float = 1.0,
    texts: Sequence[Sequence[str]] | None = None, marked: Flags | None = None,
) -> HeatMap:  # fmt: skip
    """Return a matrix of shares, rows from above, as a table has them.

    Parameters
    ----------
    shares
        ``(rows, columns)`` from 0, painted as paper, to `most`, in full colour.
    unit
        What a share is of; named at the scale of colours.
    texts, marked
        What stands in each cell, if anything; and which cells get a frame.
    """
    inside = list(zip(*texts, strict=True)) if texts else [()] * len(columns.names)
    widths = (max(NARROWEST, LETTER * len(name) + GAP, LETTER * max(map(len, cells), default=0) + CLOSE)
              for name, cells in zip(columns.names, inside, strict=True))  # fmt: skip
    across = [0, *accumulate(widths)]
    down = [*range(len(rows.names) + 1)]
    said = [[f"{row}, {column}: {share:.3f}" for column, share in zip(columns.called(), line, strict=True)]
            for row, line in zip(rows.called(), shares, strict=True)]  # fmt: skip
    ticks = {most * part: f"{number(100 * most * part, 2)} %" for part in (0, 0.5, 1)}
    look = {"hoverinfo": "text", "colorscale": [*map(list, enumerate(shades(dark)))], "zmin": 0, "zmax": most,
            "xgap": 1, "ygap": 1,
            "colorbar": _scale(unit, ticks, dark, len=SCALE_LENGTH, lenmode="pixels", y=0)}  # fmt: skip
    data = [_cells(shares, across, down, said, look)]
    if texts:
        data.append(_letters(texts, across, down, shares > FULL_SHADE * most, dark))
    if marked is not None:
        data.append(_frames(marked, across, down, dark))
    x, y = (_axis(side, [edges[0], edges[-1]], dark, tickvals=_middles(edges), ticktext=side.called())
            for side, edges in ((columns, across), (rows, down)))  # fmt: skip
    above = _above_the_first(x.pop("title"))
    layout = {"xaxis": {**x, "side": "top"}, "yaxis": _from_above(y), "annotations": [above], "plot_bgcolor": LINES}
    height = ABOVE + ROW * len(rows.names) + SCALE
    least = TITLES + GAP + LETTER * max(map(len, rows.names)) + max(across[-1], SCALE_LENGTH + 2 * NARROWEST)
    return HeatMap(_figure(data, height, dark, margin={"t": ABOVE, "b": SCALE}, **layout), height, least)


def norm_map(norms: Floats, rows: Side, columns: Side, *, dark: bool) -> HeatMap:
    """Return gradient norms on a logarithmic scale, rows from above; no cell where a norm is 0 or NaN."""
    shown = norms > 0
    powers = np.log10(norms, where=shown, out=np.full(norms.shape, np.nan)).clip(LEAST, MOST)
    said = [[number(norm) if norm > 0 else "" for norm in row] for row in norms.tolist()]
    (across, x), (down, y) = _counted(columns, dark), _counted(rows, dark)
    hover = f"{rows.title}: %{{y}}<br>{columns.title}: %{{x}}<br>norm: %{{hovertext}}<extra></extra>"
    look = {"hovertemplate": hover, "colorscale": "Viridis", "zmin": LEAST, "zmax": MOST,
            "colorbar": _scale("norm", POWERS, dark, len=1, y=-BELOW / NORM_CELLS)}  # fmt: skip
    figure = _figure([_cells(powers, across, down, said, look)], NORM_HEIGHT, dark, xaxis=x, yaxis=_from_above(y),
                     margin={"t": ABOVE_NORMS, "b": SCALE + BELOW})  # fmt: skip
    return HeatMap(figure, NORM_HEIGHT)


def draw_heat_map(drawn: HeatMap, *, key: str, alt: str, zoom: bool = False) -> None:
    """Draw a heat map; `alt` says what it shows and what was found, `zoom` gives buttons that enlarge a part.

    Where the page is too narrow for the names of its columns, it scrolls sideways in a box of its own.
    """
    least = drawn.least_width
    config = {**CONFIG, "modeBarButtonsToRemove": ["toImage", "autoScale2d", *(BUTTONS if not zoom else [])]}
    place = st.container(horizontal=True, key=f"heat-map.{key}").container(width=least) if least else st.container()
    place.plotly_chart(drawn.figure, key=key, alt=alt, width=round(WIDEST * least) if least else "stretch",
                       height=drawn.height, config=config)  # fmt: skip


def _figure(
    data: list[dict[str, Any]], height: int, dark: bool, *, margin: dict[str, int], **layout: Any
) -> dict[str, Any]:
    return {"data": data, "layout": {
        "template": {}, "height": height, "margin": {"l": 0, "r": GAP, "pad": 0, **margin}, "dragmode": False,
        "showlegend": False, "hovermode": "closest", "paper_bgcolor": CLEAR, "plot_bgcolor": CLEAR,
        "modebar": {"bgcolor": CLEAR, "color": ink("quiet", dark), "activecolor": ink("text", dark)}, **layout,
    }}  # fmt: skip


def _cells(
    values: Floats, across: Sequence[Any], down: Sequence[Any], said: list[list[str]], look: dict[str, Any]
) -> dict[str, Any]:
    z = [[value if np.isfinite(value) else None for value in row] for row in values.tolist()]
    return {"type": "heatmap", "x": [*across], "y": [*down], "z": z, "hovertext": said, "hoverongaps": False, **look}


def _letters(
    texts: Sequence[Sequence[str]], across: Sequence[float], down: Sequence[float], full: Flags, dark: bool
) -> dict[str, Any]:
    x, y = _middles(across), _middles(down)
    places = [(i, j) for i, line in enumerate(texts) for j, text in enumerate(line) if text]
    colours = [ink("on-full-shade" if full[place] else "on-shade", dark) for place in places]
    return {"type": "scatter", "mode": "text", "x": [x[j] for _, j in places], "y": [y[i] for i, _ in places],
            "text": [escape(texts[i][j], quote=False) for i, j in places],
            "textfont": {"size": LETTERS, "color": colours}, "hoverinfo": "skip"}  # fmt: skip


def _frames(marked: Flags, across: Sequence[float], down: Sequence[float], dark: bool) -> dict[str, Any]:
    """Return one line around each of the marked cells, broken between them: a shape for each takes far longer."""
    x: list[float | None] = []
    y: list[float | None] = []
    for i, j in np.argwhere(marked).tolist():
        left, right, top, bottom = across[j], across[j + 1], down[i], down[i + 1]
        x += [left, right, right, left, left, None]
        y += [top, top, bottom, bottom, top, None]
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": {"color": ink("warm", dark), "width": 2},
            "hoverinfo": "skip", "cliponaxis": False}  # fmt: skip


def _above_the_first(title: dict[str, Any]) -> dict[str, Any]:
    """Return the title of columns above the first of them, where it is seen before the page is scrolled sideways."""
    return {"text": title["text"], "font": title["font"], "showarrow": False, "xref": "paper", "x": 0,
            "xanchor": "left", "yref": "paper", "y": 1, "yanchor": "bottom", "yshift": 22}  # fmt: skip


def _from_above(axis: dict[str, Any]) -> dict[str, Any]:
    return {**axis, "range": axis["range"][::-1]}


def _axis(side: Side, ends: list[float], dark: bool, **ticks: Any) -> dict[str, Any]:
    return {
        "title": {"text": side.title, "font": {"size": TITLES, "color": ink("quiet", dark)}, "standoff": 16},
        "tickfont": {"size": LETTERS, "color": ink("quiet", dark)}, "range": ends, "showgrid": False,
        "zeroline": False, "ticks": "", "automargin": True, "tickangle": 0, "ticklabelstandoff": 4, **ticks,
    }  # fmt: skip


def _counted(side: Side, dark: bool) -> tuple[list[Any], dict[str, Any]]:
    """Return where cells lie, and an axis whose labels Plotly chooses: as many as there is room for."""
    if side.names:
        return side.called(), _axis(side, [-0.5, len(side.names) - 0.5], dark, type="category")
    edges = _around(side.numbers)
    return edges, _axis(side, [edges[0], edges[-1]], dark, nticks=7, tickformat=",d")


def _scale(title: str, ticks: Mapping[Any, str], dark: bool, **place: Any) -> dict[str, Any]:
    quiet = ink("quiet", dark)
    return {
        "orientation": "h", "thickness": 10, "x": 0, "xanchor": "left",
        "yanchor": "top", "outlinewidth": 0, "ticks": "", "tickangle": 0,
        "title": {"text": title, "side": "top", "font": {"size": TITLES, "color": quiet}},
        "tickvals": [*ticks], "ticktext": [*ticks.values()], "tickfont": {"size": LETTERS, "color": quiet},
        **place,
    }  # fmt: skip


def _middles(edges: Sequence[float]) -> list[float]:
    return [(low + high) / 2 for low, high in pairwise(edges)]


def _around(places: Sequence[int]) -> list[float]:
    """Return the edges of cells around places: half-way to the next, and as far beyond the first and the last."""
    if len(places) == 1:
        return [places[0] - 0.5, places[0] + 0.5]
    inner = _middles(places)
    return [2 * places[0] - inner[0], *inner, 2 * places[-1] - inner[-1]]
