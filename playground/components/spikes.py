"""Spikes of a loss curve: the height at which a chart ends, and what is told of what lies above it."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from playground.components.numbers import number

Floats = npt.NDArray[np.floating]
ROOM = {"linear": 4.0, "log": 30.0}  # how far the chart goes on above the ordinary
SPIKE = {"linear": 20.0, "log": 30.0}  # what lies no further above it is drawn whole, a high start for example
ORDINARY = 0.75  # three quarters of all points are no higher
MOST = 4  # spikes named for each network


def ceiling(values: Floats, lines: Sequence[float], scale: str) -> float:
    """Return the largest value that a chart has room for, so that a few very large ones do not flatten all others.

    Ordinary is what three quarters of all points and every reference line keep below. Infinity where nothing lies
    above that room, and then the axis ends where the curves do.
    """
    values = values[np.isfinite(values)]
    if not len(values):
        return math.inf
    ordinary = max([float(np.quantile(values, ORDINARY)), *lines])
    low = min(0.0, float(values.min()))
    room, spike = (
        far[scale] * ordinary if scale == "log" else ordinary + far[scale] * (ordinary - low) for far in (ROOM, SPIKE)
    )
    return room if 0 < spike < float(values.max()) else math.inf


def peaks(x: Floats, values: Floats, top: float) -> list[tuple[float, str]]:
    """Return the highest point of each stretch that lies above the ceiling: where it is, and its true value in words.

    Parameters
    ----------
    x, values
        A curve, ``(points,)`` both.
    top
        The ceiling.
    """
    above = values > top
    starts = np.flatnonzero(above & ~np.concatenate([[False], above[:-1]]))
    ends = np.flatnonzero(above & ~np.concatenate([above[1:], [False]])) + 1
    tops = [start + int(values[start:end].argmax()) for start, end in zip(starts, ends, strict=True)]
    highest = sorted(sorted(tops, key=lambda i: -values[i])[:MOST])
    return [(float(x[i]), f"▲ {number(float(values[i]))}") for i in highest]


def blown(loss: float) -> str:
    """Return what stands where a network diverged."""
    return f"✕ {number(loss)}"
