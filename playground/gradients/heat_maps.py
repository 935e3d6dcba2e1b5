"""Heat maps of the Gradients page: gradient norms by two sides, drawn and in words."""

import numpy as np

from playground.components.heat_map import HeatMap, Side, norm_map
from playground.gradients import tables, words
from rnncore.analysis.decay import Floats
from rnncore.analysis.gradients import GradientFlow

FAR = 10  # steps: how far back the text alternative of a triangle looks


def triangle_map(found: Floats, *, dark: bool) -> HeatMap:
    """Return the triangle: one row per loss, one column per state."""
    rows, columns = (range(1, size + 1) for size in found.shape)
    return norm_map(found, Side("loss at step", numbers=rows), Side("state h at step", numbers=columns), dark=dark)


def triangle_in_words(found: Floats) -> str:
    """Compare the last loss's gradient on its own state with the one ten steps earlier."""
    last = next(row for row in reversed(found) if np.isfinite(row).any())
    own = int(np.flatnonzero(np.isfinite(last))[-1])
    far = max(own - FAR, 0)
    if not last[far] > 0:
        return f"of the loss at step {own + 1} nothing reaches the state {own - far} steps earlier."
    ratio = words.times(float(last[own] / last[far]))
    return f"the loss at step {own + 1} reaches the state {own - far} steps earlier {ratio} times weaker than its own."


def along_map(found: dict[int, GradientFlow], *, dark: bool) -> HeatMap:
    """Return the gradient over training: one row per update at which weights were kept, one column per distance."""
    lags, norms = tables.along(found)
    rows = Side("at update", [f"{update:,}" for update in found])
    return norm_map(norms, rows, Side("steps before the loss", numbers=lags), dark=dark)


def along_in_words(found: dict[int, GradientFlow]) -> str:
    """Say how much arrives at the first and at the last update."""
    first, last = min(found), max(found)
    said = (words.arriving(found[update].top) for update in (first, last))
    return f"at update {first:,} {next(said)}; at update {last:,} {next(said)}."
