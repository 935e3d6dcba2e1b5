"""Gradient flow as rows: what the charts receive, and the CSV a person downloads."""

import csv
import io
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from pyarrow.csv import write_csv

from rnncore.analysis.decay import FLOOR, Floats
from rnncore.analysis.gradients import GradientFlow, Norms
from rnncore.cells import CELLS

MOST_POINTS = 240  # of one line; a chart is hardly wider
NEAR_FLOOR = 1e-18  # below this the floor of float32 comes into view


def flow_rows(measured: Sequence[GradientFlow]) -> pa.Table:
    """Return kind (``h``, ``c``, ``floor``), series, lag, mean, low, high; lines end at float32's floor."""
    columns: dict[str, list[np.ndarray]] = {name: [] for name in ("kind", "series", "lag", "mean", "low", "high")}
    lowest = 1.0
    for flow in measured:
        for kind, norms in _curves(flow).items():
            shown = thinned(len(norms.mean))
            shown = shown[norms.mean[shown] >= FLOOR]
            values = tuple(np.maximum(each[shown], FLOOR) for each in (norms.mean, norms.low, norms.high))
            label = CELLS[flow.config.cell].label
            _extend(columns, kind, label if kind == "h" else f"{label}, c", shown, *values)
            lowest = min(lowest, values[0].min(initial=1.0))
    if lowest < NEAR_FLOOR:
        _extend(columns, "floor", "", np.array([0]), *[np.array([FLOOR])] * 3)
    return _table(columns)


def reaches_floor(rows: pa.Table) -> bool:
    """Return whether the floor of float32 is in view among such rows."""
    return "floor" in rows["kind"].to_pylist()


def share_rows(measured: Sequence[GradientFlow]) -> pa.Table:
    """Return what each step adds to the gradient of the input weights, in the columns of `flow_rows`."""
    columns: dict[str, list[np.ndarray]] = {name: [] for name in ("kind", "series", "lag", "mean", "low", "high")}
    for flow in measured:
        added = flow.top.contributions
        if added is not None:
            shown = thinned(len(added))
            shown = shown[added[shown] >= FLOOR]
            _extend(columns, "h", CELLS[flow.config.cell].label, shown, *[added[shown]] * 3)
    return _table(columns)


def stretch_rows(labels: Sequence[str], values: Sequence[Floats]) -> pa.Table:
    """Return the singular values of d h_T / d h_t: median as the line, smallest and largest as the band.

    What is smaller than the rounding error of the largest is drawn at that error; where the median is, nothing is.
    """
    columns: dict[str, list[np.ndarray]] = {name: [] for name in ("kind", "series", "lag", "mean", "low", "high")}
    for label, found in zip(labels, values, strict=True):
        rounding = np.maximum(found[:, 0] * np.finfo(np.float64).eps, FLOOR)
        shown = thinned(len(found))
        shown = shown[np.median(found[shown], axis=1) > rounding[shown]]
        low, middle, high = found[shown, -1], np.median(found[shown], axis=1), found[shown, 0]
        _extend(columns, "h", label, shown, middle, np.maximum(low, rounding[shown]), high)
    return _table(columns)


def triangle_rows(label: str, found: Floats) -> pa.Table:
    """Return one row per cell of the triangle: series, loss_step, step, norm."""
    loss_step, step = np.nonzero(np.isfinite(found) & (found > 0))
    values = found[loss_step, step].astype(np.float32)
    return pa.table({"series": [label] * len(values), "loss_step": loss_step + 1, "step": step + 1, "norm": values})


def along(found: dict[int, GradientFlow]) -> tuple[list[int], Floats]:
    """Return distances, at most 60, and the norms ``(milestones, distances)``; NaN below float32's floor."""
    norms = np.stack([flow.top.norm_h.mean for flow in found.values()])
    lags = np.unique(np.linspace(0, norms.shape[1] - 1, min(norms.shape[1], 60)).round().astype(int))
    shown = norms[:, lags]
    return lags.tolist(), np.where(shown >= FLOOR, shown, np.nan)


def along_rows(found: dict[int, GradientFlow], cell: str) -> pa.Table:
    """Return one row per milestone and distance at which a norm is drawn: cell, update, lag, norm."""
    lags, norms = along(found)
    update, lag = np.nonzero(~np.isnan(norms))
    return pa.table({"cell": pa.array([cell] * len(lag), pa.string()), "update": np.array([*found], dtype=int)[update],
                     "lag": np.array(lags, dtype=int)[lag], "norm": norms[update, lag]})  # fmt: skip


def flow_csv(measured: Sequence[GradientFlow]) -> str:
    """Return every lag of every cell of the networks, not thinned: one row per cell, layer, direction and lag."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["cell", "layer", "direction", "lag", "norm_h", "norm_h_low", "norm_h_high", "norm_c",
                     "contribution"])  # fmt: skip
    for each in measured:
        for flow in each.flows:
            for lag in range(len(flow.norm_h.mean)):
                c = None if flow.norm_c is None else flow.norm_c.mean[lag]
                added = None if flow.contributions is None else flow.contributions[lag]
                h = flow.norm_h
                row = (h.mean[lag], h.low[lag], h.high[lag], c, added)
                writer.writerow([each.config.cell, flow.layer, flow.direction, lag,
                                 *("" if value is None else repr(float(value)) for value in row)])  # fmt: skip
    return out.getvalue()


def as_csv(parts: Sequence[pa.Table]) -> bytes:
    """Return rows of a chart as CSV."""
    out = io.BytesIO()
    write_csv(pa.concat_tables(parts), out)
    return out.getvalue()


def thinned(length: int) -> np.ndarray:
    """Return at most `MOST_POINTS` places of a line, evenly spread, the last one among them."""
    return np.unique(np.linspace(0, length - 1, min(length, MOST_POINTS)).round().astype(int))


def _curves(flow: GradientFlow) -> dict[str, Norms]:
    top = flow.top
    return {"h": top.norm_h} | ({"c": top.norm_c} if top.norm_c is not None else {})


def _extend(columns: dict[str, list[np.ndarray]], kind: str, series: str, lag: np.ndarray, *values: np.ndarray) -> None:
    n = len(lag)
    for name, part in zip(columns, (np.repeat(kind, n), np.repeat(series, n), lag, *values), strict=True):
        columns[name].append(part)


def _table(columns: dict[str, list[np.ndarray]]) -> pa.Table:
    joined = {name: np.concatenate(parts) if parts else np.empty(0) for name, parts in columns.items()}
    return pa.table({name: pa.array(column.tolist() if name in ("kind", "series") else column.astype(np.float64))
                     for name, column in joined.items()})  # fmt: skip
