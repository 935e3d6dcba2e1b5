"""Forecasts on their curve: what was seen, the true next value, and how far off each network is."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from urllib.parse import quote

from markupsafe import Markup

from playground.components import palette
from playground.components.templates import render
from rnncore.tasks import Shown

TEMPLATE = "race/forecast_picture.html"
WIDTH, HEIGHT, EDGE = 330, 74, 6  # in units of the drawing, of which a narrow page has fewer pixels
LAST = 60  # values of the past that are drawn
ROOM = 0.35  # above and below the curve, as a share of its height
LANE = 19  # between two networks
CURVE, TRUE = palette.GREY, palette.DARKER_GREY
SHAPES = ("M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z", "M-3.6-3.6h7.2v7.2h-7.2z", "M0-4.6L4.6 3.4h-9.2z", "M0-5L5 0L0 5L-5 0z")
BEYOND = "M-4.5 2.5L0-4.5L4.5 2.5z"  # an arrowhead at the edge


@dataclass(frozen=True)
class Mark:
    """The name and the colour of a network in a picture."""

    name: str
    colour: str


def picture(lines: Sequence[Shown], marks: Sequence[Mark]) -> Markup:
    """Return one example's curve with the true next value and each network's forecast as an image.

    The scale follows from the curve and the truth alone, so that nothing but the forecasts moves; one that lies beyond
    it becomes an arrowhead at the edge. A stem joins each forecast to the true value: its error.
    """
    tracks = {track.role: [float(value) for value in track.values] for track in lines[0].tracks}
    past, truth = tracks["input"][-LAST:], tracks["truth"][0]
    low, high = min(*past, truth), max(*past, truth)
    room = ROOM * ((high - low) or 1.0)
    low, high = low - room, high + room

    def y(value: float) -> float:
        return EDGE + (HEIGHT - 2 * EDGE) * (high - min(high, max(low, value))) / (high - low)

    begin = WIDTH - LANE * (len(marks) + 0.5)  # where the forecasts stand
    step = (begin - 2 * EDGE) / max(1, len(past))
    points = [f"{EDGE + i * step:.1f} {y(value):.1f}" for i, value in enumerate(past)]
    forecasts = []
    for i, (line, mark) in enumerate(zip(lines, marks, strict=True)):
        answer = next((float(track.values[0]) for track in line.tracks if track.role == "answer"), float("nan"))
        if isfinite(answer):
            shape = SHAPES[i % len(SHAPES)] if low <= answer <= high else BEYOND
            turned = " rotate(180)" if answer < low else ""
            forecasts.append((f"{begin + LANE * (i + 0.5):.1f}", f"{y(answer):.1f}", mark.colour, shape, turned))
    svg = render(TEMPLATE, "drawing", WIDTH, HEIGHT, "L".join(points), CURVE, f"{begin - 6:.1f}", f"{y(truth):.1f}",
                 TRUE, forecasts)  # fmt: skip
    values = ", ".join(f"{mark.name} {line.answer}" for line, mark in zip(lines, marks, strict=True))
    said = f"The last values and the next one, {lines[0].truth}; forecasts: {values}"
    return render(TEMPLATE, "picture", said, quote(svg))
