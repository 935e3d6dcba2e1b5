"""A curve of gradient norms in a few numbers: by which factor it changes per step, and for which steps that holds."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

FLOOR = float(torch.finfo(torch.float32).tiny)  # the smallest number that float32 holds with full precision
HORIZON = 1000  # times weaker than at the loss: what counts as out of reach
STRAIGHT = math.log(1.25)  # by so much a factor per step may miss the measured ratio of two lags
SHORTEST = 3  # a straight stretch covers at least one in so many lags
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Decay:
    """A curve over lags in a few numbers; None where the curve does not have one.

    Attributes
    ----------
    stretch
        First and last lag of the longest stretch found on which ln(norm) is a straight line: between any two of its
        lags the factor predicts the measured ratio to within 25 %. None if no such stretch covers a third of the lags.
    per_step
        Factor by which the gradient changes per step on that stretch: exp of the least-squares slope of ln(norm).
        Over 1 it grows. It says nothing of lags outside of the stretch.
    half_life
        Steps after which it has halved there, ln 2 / |ln per_step|; where it grows, after which it has doubled.
    horizon
        First lag at which it is under 1/1000 of its length at the loss; None if it stays above.
    """

    stretch: tuple[int, int] | None
    per_step: float | None
    half_life: float | None
    horizon: int | None


def decay(norm: Floats) -> Decay:
    """Return a curve of norms over lags 0, 1, 2, ... as a factor per step with its stretch, a half-life and a horizon.

    Lags from the first one on whose norm float32 does not hold with full precision are left out.
    """
    out_of_range = np.flatnonzero(~((norm > FLOOR) & np.isfinite(norm)))
    usable = int(out_of_range[0]) if len(out_of_range) else len(norm)
    under = np.flatnonzero(norm < norm[0] / HORIZON) if len(norm) else np.empty(0, int)
    horizon = int(under[0]) if len(under) else None
    stretch = straight_stretch(np.log(norm[:usable]))
    if stretch is None:
        return Decay(None, None, None, horizon)
    slope = _line(np.log(norm[stretch[0] : stretch[1] + 1]))[0]
    half_life = math.log(2) / abs(slope) if abs(slope) > 1e-12 else None
    return Decay(stretch, math.exp(min(slope, 700.0)), half_life, horizon)


def straight_stretch(logs: Floats) -> tuple[int, int] | None:
    """Return the first and last place of the longest straight stretch found in a row of logarithms, or None.

    Straight: what is left over beside the least-squares line spans at most ln 1.25. Stretches begin and end at places
    that lie ever further apart, about a sixth of the way each time; one has to cover a third of the row.
    """
    n = len(logs)
    best, fewest = None, max(2, math.ceil(n / SHORTEST))
    for first in _spread_out(n):
        for last in (n - 1 - gap for gap in _spread_out(n)):
            if last - first + 1 < fewest:
                break
            if _line(logs[first : last + 1])[1] <= STRAIGHT:
                best, fewest = (first, last), last - first + 2
                break
    return best


def _spread_out(n: int) -> list[int]:
    """Return 0, 1, 2, ... below `n`, ever further apart."""
    places, place = [], 0
    while place < n:
        places.append(place)
        place += max(1, place // 6)
    return places


def _line(logs: Floats) -> tuple[float, float]:
    """Return the slope of the least-squares line through a row, and the range of what is left over beside it."""
    steps = np.arange(len(logs)) - (len(logs) - 1) / 2
    slope = float(steps @ logs / (steps @ steps))
    rest = logs - slope * steps
    return slope, float(rest.max() - rest.min())
