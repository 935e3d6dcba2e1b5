"""States as a space: figures as Plotly takes them, plain dictionaries."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from playground.components.heat_map import LETTERS, TITLES, escaped
from playground.components.palette import CLEAR, DARK_SERIES, FAINT, LIGHT_SERIES, SPACE_GRID, ink
from rnncore.analysis.space import Paths

HEIGHT = 440
# far enough for the names of the axes
CAMERA = {"eye": {"x": 1.5, "y": 1.5, "z": 0.8}, "center": {"x": 0, "y": 0, "z": -0.12}}
SHAPES = ("circle", "square", "diamond", "cross", "x")  # known in two and in three dimensions
MOST_NAMED = 12  # classes in a legend
MOST_LETTERS, MOST_WORDS = 10, 4  # examples whose symbols, or words, are written instead of dots


def space_figure(
    found: Paths, *, colour: str, flat: bool, letters: bool, chosen: tuple[int, int], ends: Sequence[float], dark: bool,
    camera: dict[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return the states as points, those of an example joined by a line, the chosen state ringed.

    Parameters
    ----------
    colour
        ``remembered``, ``class`` or ``step``.
    flat, letters
        Whether in two dimensions, not three; whether symbols are written in place of dots.
    chosen
        Example and step of the state that is looked at.
    ends
        Lowest and highest value of all axes, which have one scale.
    camera
        From where three dimensions are seen, as Plotly says it.
    """
    size = 2 if flat else 3
    points = found.points[:, :size]
    keep = np.array([not letters or example < written(found) for example in found.example])
    data = [_lines(points, found, keep, dark), *_dots(points, found, keep, colour, flat, letters, dark)]
    ring = [i for i, place in enumerate(zip(found.example, found.step, strict=True)) if place == chosen]
    if ring:
        look = {"size": 16 if flat else 9, "color": ink("warm", dark), "symbol": "circle-open", "line": {"width": 3}}
        data.append(_trace(points[ring], flat, mode="markers", marker=look, hoverinfo="skip", showlegend=False))
    called = "component " if flat else ""
    titles = [f"{called}{i + 1} ({100 * share:.0f} %)" for i, share in enumerate(found.shares[:size])]
    axes = {f"{letter}axis": _axis(title, ends, dark, flat) for letter, title in zip("xyz", titles, strict=False)}
    if flat:
        axes["yaxis"] |= {"scaleanchor": "x"}
    words = {"size": TITLES, "color": ink("text", dark)}
    return {"data": data, "layout": {
        "template": {}, "height": HEIGHT, "margin": {"l": 0, "r": 0, "t": 8, "b": 0, "pad": 0},
        "paper_bgcolor": CLEAR, "plot_bgcolor": CLEAR, "hovermode": "closest", "clickmode": "event+select",
        "dragmode": False if flat else "orbit", "uirevision": "stays",
        "legend": {"orientation": "h", "y": -0.16, "font": words,
                   "title": {"text": escaped(f"{_meant(colour, found)}:"), "side": "left", "font": words},
                   "itemclick": False, "itemdoubleclick": False, "itemsizing": "constant"},
        "modebar": {"bgcolor": CLEAR, "color": ink("quiet", dark), "activecolor": ink("text", dark)},
        **(axes if flat else {"scene": {**axes, "aspectmode": "cube", "camera": camera or CAMERA}}),
    }}  # fmt: skip


def written(found: Paths) -> int:
    """Return of how many examples the symbols are written instead of dots: of fewer where they are words."""
    return MOST_LETTERS if max(map(len, found.text)) <= 3 else MOST_WORDS


def explained(figure: dict[str, Any]) -> bool:
    """Return whether a figure says what its colours stand for, by a legend or a scale."""
    return any(each.get("showlegend") or "colorbar" in each.get("marker", {}) for each in figure["data"])


def limits(found: Sequence[Paths]) -> list[float]:
    """Return one range that holds all points along all axes."""
    most = max(float(np.abs(each.points).max()) for each in found) or 1.0
    return [-1.08 * most, 1.08 * most]


def _axis(title: str, ends: Sequence[float], dark: bool, flat: bool) -> dict[str, Any]:
    quiet = ink("quiet", dark)
    look = {"automargin": True} if flat else {"showbackground": False}
    return {"title": {"text": title, "font": {"size": TITLES, "color": quiet}}, "range": [*ends], "showgrid": not flat,
            "gridcolor": FAINT if flat else SPACE_GRID[dark], "zeroline": flat, "zerolinecolor": FAINT, "nticks": 5,
            "tickfont": {"size": LETTERS, "color": quiet}, **look}  # fmt: skip


def _trace(points: np.ndarray, flat: bool, **look: Any) -> dict[str, Any]:
    columns = zip("xyz", np.ascontiguousarray(points.T), strict=False)  # lists would take Plotly ten times as long
    return {"type": "scatter" if flat else "scatter3d", **dict(columns), **look}


def _lines(points: np.ndarray, found: Paths, keep: np.ndarray, dark: bool) -> dict[str, Any]:
    """Return one line through the states of each example, broken between them."""
    example, flat = np.asarray(found.example)[keep], points.shape[1] == 2
    breaks = 1 + np.flatnonzero(example[1:] != example[:-1])
    joined = np.insert(points[keep].astype(float), breaks, np.nan, axis=0)
    look = {"color": FAINT, "width": 1} if flat else {"color": ink("quiet", dark), "width": 1}  # in space none is clear
    return _trace(joined, flat, mode="lines", line=look, opacity=1 if flat else 0.3, hoverinfo="skip",
                  showlegend=False)  # fmt: skip


def _dots(
    points: np.ndarray, found: Paths, keep: np.ndarray, colour: str, flat: bool, letters: bool, dark: bool
) -> list[dict[str, Any]]:
    values: Sequence[Any] = {"remembered": found.remembered, "class": found.answer, "step": found.step}[colour]
    values = _numbers(values) if len(set(values)) > MOST_NAMED else values
    rest = {"hovertext": [_said(found, i) for i in range(len(points))], "hoverinfo": "text"}
    if all(isinstance(value, int | float) for value in values):
        shift = 1 if colour == "step" else 0
        scale = {"colorscale": "Viridis", "showscale": True, "colorbar": _bar(colour, found, dark, flat)}
        return [_group(points, found, np.flatnonzero(keep).tolist(), rest, flat, False, "",
                       {"color": [values[i] + shift for i in np.flatnonzero(keep).tolist()], **scale})]  # fmt: skip
    names = sorted(set(values))
    paints = DARK_SERIES if dark else LIGHT_SERIES
    groups = []
    for number, name in enumerate(names):
        these = [i for i in np.flatnonzero(keep).tolist() if values[i] == name]
        look = {"color": paints[number % len(paints)], "symbol": SHAPES[number // len(paints) % len(SHAPES)]}
        named = len(names) <= MOST_NAMED
        groups.append(_group(points, found, these, rest, flat, letters, escaped(str(name)), look,
                             named=named and not letters))  # fmt: skip
        if named and letters:  # their markers are clear, and so they would be in the legend
            groups.append({"type": "scatter", "x": [None], "y": [None], "mode": "markers", "name": escaped(str(name)),
                           "marker": {"size": 9, **look}, "showlegend": True})  # fmt: skip
    return groups


def _numbers(values: Sequence[Any]) -> Sequence[Any]:
    """Return the numbers that all of these are or say; what they are if some say none."""
    try:
        return [float(value) for value in values]
    except ValueError:
        return values


def _group(
    points: np.ndarray, found: Paths, these: list[int], rest: dict[str, Any], flat: bool, letters: bool, name: str,
    look: dict[str, Any], *, named: bool = False,
) -> dict[str, Any]:  # fmt: skip
    own = {key: [value[i] for i in these] if isinstance(value, list) else value for key, value in rest.items()}
    places = [[found.example[i], found.step[i]] for i in these]
    strength = 0.0 if letters else 0.85
    drawn: dict[str, Any] = {"mode": "markers", "marker": {"size": 5 if flat else 3.2, "opacity": strength, **look}}
    if flat:  # a click must not make the others fade
        drawn |= {"selected": {"marker": {"opacity": strength}}, "unselected": {"marker": {"opacity": strength}}}
    if letters:
        paint = {"color": look["color"]}
        drawn |= {"mode": "markers+text", "text": [escaped(found.text[i]) for i in these],
                  "textfont": {"size": LETTERS, **paint}, "selected": {**drawn["selected"], "textfont": paint},
                  "unselected": {**drawn["unselected"], "textfont": paint}}  # fmt: skip
        drawn["marker"]["size"] = 12
    return _trace(points[these], flat, name=name, customdata=places, showlegend=named, **own, **drawn)


def _said(found: Paths, i: int) -> str:
    value = found.remembered[i]
    kept = value if isinstance(value, str) else f"{value:.2f}"
    return escaped(f"example {found.example[i] + 1}, after step {found.step[i] + 1}: {found.text[i]}; "
                   f"to remember: {kept}; answer: {found.answer[i]}")  # fmt: skip


def _meant(colour: str, found: Paths) -> str:
    """Return what a colour tells."""
    return {"remembered": found.remembered_name, "class": "right answer", "step": "step"}[colour]


def _bar(colour: str, found: Paths, dark: bool, flat: bool) -> dict[str, Any]:
    """Return the colour scale, beside two dimensions and below three, which need all the width there is."""
    quiet = ink("quiet", dark)
    place = {} if flat else {"orientation": "h", "x": 0.5, "y": 0, "yanchor": "top"}
    words = {"size": TITLES, "color": quiet}
    return {"title": {"text": _meant(colour, found), "side": "right" if flat else "top", "font": words},
            "thickness": 10, "tickfont": {"size": LETTERS, "color": quiet}, "outlinewidth": 0, "nticks": 6, "len": 0.9,
            **place}  # fmt: skip
