"""Colours and shapes as people know them, for pictures that a network sees as a few points."""

import math

Outline = tuple[tuple[float, float], ...]
PAINT = {"red": "#C8102E", "yellow": "#F5D000", "green": "#2E9E3E", "blue": "#1F5FC4",
         "pink": "#F78DB8", "grey": "#8C8C8C", "black": "#000000"}  # fmt: skip


def _box(left: float, top: float, right: float, bottom: float) -> Outline:
    return (left, top), (right, top), (right, bottom), (left, bottom)


def _arc(x: float, radius: float, first: float, last: float, points: int = 48) -> Outline:
    """Return points of a circle around ``(x, 2.5)``, from one angle to another, in degrees clockwise from the right."""
    angles = [math.radians(first + (last - first) * i / points) for i in range(points)]
    return tuple((x + radius * math.cos(angle), 2.5 + radius * math.sin(angle)) for angle in angles)


_HORN = 51.0, 76.3  # where the two circles of the moon cross, seen from the middle of either
SHAPES: dict[str, tuple[Outline, ...]] = {
    "circle": (_arc(2.5, 2.5, 0, 360),),
    "square": (_box(0, 0, 5, 5), _box(1, 1, 4, 4)[::-1]),
    "triangle": (((2.5, 0), (5, 5), (0, 5)),),
    "cross": (((0, 1), (1, 0), (2.5, 1.5), (4, 0), (5, 1), (3.5, 2.5), (5, 4), (4, 5), (2.5, 3.5), (1, 5), (0, 4),
               (1.5, 2.5)),),
    "moon": (_arc(2.5, 2.5, _HORN[0], 360 - _HORN[0]) + _arc(3.6, 2.0, 360 - _HORN[1], _HORN[1]),),
    "arrow": (((0, 2), (2.6, 2), (2.6, 0.3), (5, 2.5), (2.6, 4.7), (2.6, 3), (0, 3)),),
    "ladder": (_box(0, 0, 1, 5), _box(4, 0, 5, 5), _box(1, 1, 4, 2), _box(1, 3, 4, 4)),
    "flag": (_box(0, 0, 0.8, 5), _box(0.8, 0, 4.4, 2.4)),
}  # fmt: skip


def outlines(shape: str, left: float, top: float) -> tuple[Outline, ...]:
    """Return the outlines of a shape, five wide, at a place."""
    return tuple(tuple((left + x, top + y) for x, y in outline) for outline in SHAPES[shape])
