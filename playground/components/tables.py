"""The rows of the loss chart."""

import textwrap
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from playground.components import spikes
from playground.components.numbers import number
from rnncore.cells import CELLS
from rnncore.tasks import Baseline
from rnncore.training.views import LearningView

LOG_FLOOR = 1e-8  # a loss of exactly 0 has no logarithm
LETTERS = 17  # in a line of a reference line's name, right of the chart
TOO_CLOSE = 0.08


def curve_table(
    views: Sequence[LearningView],
    baselines: Sequence[Baseline],
    *,
    x_axis: str,
    batch_size: int,
    scale: str,
    factor: float = 1.0,
) -> pa.Table:
    """Return the rows of the loss chart; their number does not grow with the runs. See `charts.loss_chart`.

    A few very large values are cut at a ceiling (see `spikes`) and named there; ``value`` is what was measured.
    `factor` turns losses into the unit in which people read them.
    """
    kinds: list[str] = []
    series: list[str] = []
    labels: list[str | None] = []
    columns: list[list[np.ndarray]] = [[], [], [], []]  # x, y, low, high

    def add(kind: str, name: str, label: str | None, *values: np.ndarray) -> None:
        n = len(values[0])
        kinds.extend([kind] * n)
        series.extend([name] * n)
        labels.extend([label] * n)
        for column, value in zip(columns, values, strict=True):
            column.append(np.asarray(value, np.float32))

    lines = [(name, factor * loss) for name, loss in drawn_lines(baselines)]
    seen = [factor * values for view in views for values in (view.curve.held_loss, view.curve.high)]
    top = spikes.ceiling(np.concatenate(seen) if seen else np.empty(0), [y for _, y in lines], scale)
    for view in views:
        curve, name = view.curve, CELLS[view.cell].label
        unit = batch_size if x_axis == "examples" else 1
        seconds = x_axis == "seconds"
        x = curve.seconds if seconds else (curve.step * unit).astype(np.float64)
        held_x = curve.held_seconds if seconds else (curve.held_step * unit).astype(np.float64)
        add("train", name, None, x, factor * curve.loss, factor * curve.low, factor * curve.high)
        held = factor * curve.held_loss
        add("held", name, None, held_x, held, held, held)
        marked = spikes.peaks(x, factor * curve.high, top) or spikes.peaks(held_x, held, top)
        if view.divergence is not None:
            ended = float(x[-1]) if seconds and len(x) else view.divergence.step * unit * (not seconds)
            marked.append((ended, spikes.blown(factor * view.divergence.loss)))
        highest = max([float(values.max()) for values in seen if len(values)] + [y for _, y in lines], default=1.0)
        for at, label in marked:
            y = np.array([min(top, highest)])
            add("spike", name, label, np.array([at]), y, y, y)
    for name, loss in lines:
        y = np.array([loss])
        label = "\n".join(textwrap.wrap(f"{name}: {number(loss)}", LETTERS, break_long_words=False))
        add("line", "", label, np.array([np.nan]), y, y, y)
    x, y, low, high = (np.concatenate(column) if column else np.empty(0, np.float32) for column in columns)
    value = y
    y, low, high = (np.minimum(values, np.float32(top)) for values in (y, low, high))
    if scale == "log":
        y, low, high = (np.maximum(values, LOG_FLOOR) for values in (y, low, high))
    return pa.table({
        "kind": pa.array(kinds, pa.string()).dictionary_encode(),
        "series": pa.array(series, pa.string()).dictionary_encode(),
        "label": pa.array(labels, pa.string()).dictionary_encode(),
        "x": pa.array(x, from_pandas=True), "y": pa.array(y), "value": pa.array(value),
        "low": pa.array(low), "high": pa.array(high),
    })  # fmt: skip


def drawn_lines(baselines: Sequence[Baseline]) -> list[tuple[str, float]]:
    """Return the reference lines to draw, highest first; of two that would lie on one another, the telling one.

    A loss of 0 has no place on a logarithmic axis and is the axis itself on a linear one.
    """
    telling = ("memoryless", "optimum", "other", "chance")
    drawn: list[tuple[str, float]] = []
    for line in sorted(baselines, key=lambda line: telling.index(line.kind)):
        loss = line.loss
        if loss and all(abs(loss / other - 1) > TOO_CLOSE for _, other in drawn):
            drawn.append((line.name, loss))
    return sorted(drawn, key=lambda line: -line[1])
