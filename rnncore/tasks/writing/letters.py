"""The small letters as pen strokes, in the hands of eight writers: shapes of our own, no font."""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from rnncore.caching.once import once_for_each

# Points x,y in tenths of the height of an x, baseline at 0. A blank goes on in a curve, "/" makes a corner, "|" lifts
# the pen.
SHAPES = {
    "a": "7,7 3.5,10 0,5 3.5,0 7,5 7,10 / 7,2 9,0",
    "b": "0,18 0,0 / 0,6 4,10 8,5 4,0 0,3",
    "c": "7,8 4,10 0,5 4,0 7,2",
    "d": "7,7 3.5,10 0,5 3.5,0 7,4 | 7,18 7,2 9,0",
    "e": "0,5 8,5 / 7,9 4,10 0,5 4,0 8,2",
    "f": "8,16 5.5,18 3,15 3,0 | 0,10 7,10",
    "g": "7,7 3.5,10 0,5.5 3.5,1 7,5 7,10 / 7,-3 3.5,-7 0,-5",
    "h": "0,18 0,0 / 0,6 4,10 7,7 7,0",
    "i": "2,10 2,2 4,0 | 2,14 2,15",
    "j": "4,10 4,-4 2,-7 -1,-5 | 4,14 4,15",
    "k": "0,18 0,0 | 7,10 0,4 / 7,0",
    "l": "2,18 2,2 4.5,0",
    "m": "0,10 0,0 / 0,6 3,10 5.5,7 5.5,0 / 5.5,6 8.5,10 11,7 11,0",
    "n": "0,10 0,0 / 0,6 4,10 7,7 7,0",
    "o": "5,9.8 2,9.5 0,5 4,0 8,5 5,9.8",
    "p": "0,10 0,-7 | 0,6 4,10 8,5 4,0 0,3",
    "q": "7,7 3.5,10 0,5 3.5,0 7,4 | 7,10 7,-7 / 10,-4",
    "r": "0,10 0,0 / 0,5 3,9.5 6,9",
    "s": "7,8.5 3.5,10 0.5,7.5 3.5,5 7,2.5 3.5,0 0,1.5",
    "t": "3,16 3,3 5,0 7.5,1 | 0,10 7,10",
    "u": "0,10 0,4 3.5,0 7,4 7,10 / 7,2 9,0",
    "v": "0,10 4,0 / 8,10",
    "w": "0,10 3,0 5.5,8 8,0 11,10",
    "x": "0,10 8,0 | 8,10 0,0",
    "y": "0,10 4,1 | 8,10 2,-7",
    "z": "0,10 7,10 / 0,0 / 7,0",
}
MOST_STROKES = 2


@dataclass(frozen=True)
class Hand:
    """Somebody's handwriting, as a few numbers.

    `slant` leans to the right (sideways per height), `width` and `size` scale, `roundness` is 1 for round curves and
    0 for straight lines between the points, `wobble` is how far the pen strays, in tenths of the height of an x.
    """

    slant: float = 0.0
    width: float = 1.0
    roundness: float = 1.0
    size: float = 1.0
    wobble: float = 0.0


HANDS = {
    "Ada": Hand(slant=0.45, width=0.9, roundness=1.1, size=0.9, wobble=0.2),
    "Ben": Hand(slant=-0.25, width=1.1, roundness=0.9, size=0.9, wobble=0.3),
    "Cleo": Hand(slant=0.0, width=1.5, roundness=1.2, size=0.8, wobble=0.15),
    "Dov": Hand(slant=0.15, width=0.6, roundness=0.7, size=1.2, wobble=0.25),
    "Eva": Hand(slant=0.7, width=1.1, roundness=0.8, size=0.7, wobble=0.15),
    "Finn": Hand(slant=0.0, width=1.0, roundness=0.1, size=1.0, wobble=0.2),
    "Gus": Hand(slant=-0.05, width=0.9, roundness=1.0, size=0.6, wobble=0.15),
    "Hana": Hand(slant=0.3, width=1.3, roundness=0.3, size=1.1, wobble=0.3),
}
_FINE = 24  # points by which a curve between two given points is drawn


def strokes(letter: str, hand: Hand) -> list[Tensor]:
    """Return a letter as it is meant to be, without wobble: for each stroke a fine line ``(points, 2)``."""
    shear = torch.tensor([[hand.width * hand.size, 0.0], [hand.slant * hand.size, hand.size]])
    drawn = []
    for stroke in SHAPES[letter].split("|"):
        line: list[Tensor] = []
        for piece in stroke.split("/"):
            given = torch.tensor([[float(v) for v in point.split(",")] for point in piece.split()])
            given = torch.cat([line[-1][-1:], given]) if line else given
            line.append(_curve(given, hand.roundness))
        drawn.append(torch.cat(line) @ shear)
    return drawn


def _curve(points: Tensor, roundness: float) -> Tensor:
    """Return a cardinal spline through ``(n, 2)`` points: Hermite cubics, tangents half the way between neighbours."""
    before, after = torch.cat([points[:1], points[:-1]]), torch.cat([points[1:], points[-1:]])
    tangents = roundness * (after - before) / 2
    t = torch.linspace(0, 1, _FINE)[:, None, None]
    line = (
        (2 * t**3 - 3 * t**2 + 1) * points[:-1] + (t**3 - 2 * t**2 + t) * tangents[:-1]
        + (3 * t**2 - 2 * t**3) * points[1:] + (t**3 - t**2) * tangents[1:]
    )  # fmt: skip
    return line.transpose(0, 1).flatten(0, 1)


def spaced(line: Tensor, count: int) -> Tensor:
    """Return `count` points at equal distances along a line ``(points, 2)``, both ends included."""
    along = torch.cat([torch.zeros(1), line.diff(dim=0).norm(dim=1).cumsum(0)])
    places = torch.linspace(0, float(along[-1]), count)
    right = torch.searchsorted(along, places).clamp(1, len(along) - 1)
    gap = (along[right] - along[right - 1]).clamp(min=1e-9)
    share = ((places - along[right - 1]) / gap)[:, None]
    return line[right - 1] * (1 - share) + line[right] * share


@dataclass(frozen=True)
class Sheet:
    """Every letter in every hand, as points of the pen.

    `points (letters, writers, steps, 2)` in units of `unit`, the length of one step of the neutral hand; `lifts` and
    `ends`, both ``(letters, steps)``, mark the last point of a stroke and of the letter; `counts (letters,)`.
    """

    points: Tensor
    lifts: Tensor
    ends: Tensor
    counts: Tensor
    unit: float


@once_for_each(16)
def sheet(steps: int) -> Sheet:
    """Return all letters with at most so many points each."""
    neutral = {letter: [_length(line) for line in strokes(letter, Hand())] for letter in SHAPES}
    unit = max(map(sum, neutral.values())) / (steps - MOST_STROKES)
    points = torch.zeros(len(SHAPES), len(HANDS), steps, 2)
    lifts, ends = torch.zeros(2, len(SHAPES), steps)
    counts = torch.zeros(len(SHAPES), dtype=torch.int64)
    for i, letter in enumerate(SHAPES):
        sizes = [max(1, int(length / unit)) + 1 for length in neutral[letter]]
        counts[i] = sum(sizes)
        lifts[i, torch.tensor(sizes).cumsum(0) - 1] = 1
        ends[i, counts[i] - 1] = 1
        for j, hand in enumerate(HANDS.values()):
            lines = zip(strokes(letter, hand), sizes, strict=True)
            points[i, j, : counts[i]] = torch.cat([spaced(line, size) for line, size in lines]) / unit
    return Sheet(points, lifts, ends, counts, unit)


@lru_cache(maxsize=len(SHAPES) * len(HANDS))
def template(letter: str, hand: str) -> Tensor:
    """Return many points along a letter in a writer's hand, ``(points, 2)``."""
    return torch.cat([spaced(line, 20) for line in strokes(letter, HANDS[hand])])


def _length(line: Tensor) -> float:
    return float(line.diff(dim=0).norm(dim=1).sum())
