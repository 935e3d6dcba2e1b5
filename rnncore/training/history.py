"""A run's history: append-only columns, and views whose size never grows with the run."""

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

UPDATE_COLUMNS = ("loss", "metric", "grad_norm", "lr", "clip_norm", "seconds")
HELD_OUT_COLUMNS = ("step", "loss", "metric", "update_ratio", "saturated")


class Columns:
    """Append-only rows of float32 in one array that doubles when full."""

    def __init__(self, names: tuple[str, ...], rows: Floats | None = None) -> None:
        self.names = names
        self._rows = np.empty((64, len(names)), np.float32) if rows is None else rows.astype(np.float32)
        self._n = 0 if rows is None else len(rows)

    def __len__(self) -> int:
        return self._n

    def append(self, *values: float) -> None:
        """Add one row."""
        if self._n == len(self._rows):
            grown = np.empty((max(2 * self._n, 64), len(self.names)), np.float32)
            grown[: self._n] = self._rows  # what is not written yet takes no memory
            self._rows = grown
        self._rows[self._n] = values
        self._n += 1

    def cut(self, n: int) -> None:
        """Keep only the first `n` rows."""
        self._n = min(self._n, n)

    def rows(self) -> Floats:
        """Return all rows, ``(n, columns)``."""
        return self._rows[: self._n]

    def __getitem__(self, name: str) -> Floats:
        return self.rows()[:, self.names.index(name)]


class Buckets:
    """Minimum, maximum and last value of equal stretches; when they become too many, neighbours merge.

    Appending is O(1) on average and reading O(capacity), however long the series.
    """

    def __init__(self, capacity: int = 256) -> None:
        self.capacity, self.width, self.n = capacity, 1, 0
        self.low, self.high, self.last = (np.empty(2 * capacity, np.float32) for _ in range(3))

    def append(self, value: float) -> None:
        """Add the next value of the series."""
        place = self.n // self.width
        if place == 2 * self.capacity:
            self._merge()
            place = self.n // self.width
        if self.n % self.width == 0:
            self.low[place] = self.high[place] = value
        else:
            self.low[place] = min(self.low[place], value)
            self.high[place] = max(self.high[place], value)
        self.last[place] = value
        self.n += 1

    def _merge(self) -> None:
        half = self.capacity
        self.low[:half] = self.low.reshape(-1, 2).min(axis=1)
        self.high[:half] = self.high.reshape(-1, 2).max(axis=1)
        self.last[:half] = self.last[1::2]
        self.width *= 2

    def view(self, max_points: int) -> tuple[Ints, Floats, Floats, Floats]:
        """Return at most `max_points` stretches: index of the last value, minimum, maximum, last value."""
        filled = -(-self.n // self.width)
        group = 1
        while -(-filled // group) > max_points:
            group *= 2
        starts = np.arange(0, filled, group)
        if not len(starts):
            empty = np.empty(0, np.float32)
            return np.empty(0, np.int64), empty, empty, empty
        ends = np.minimum(starts + group, filled)
        index = np.minimum(ends * self.width, self.n) - 1
        low = np.minimum.reduceat(self.low[:filled], starts)
        high = np.maximum.reduceat(self.high[:filled], starts)
        return index, low, high, self.last[ends - 1]


@dataclass(frozen=True)
class Curve:
    """A history as a chart needs it; never more than `max_points` rows per series.

    ``step`` is the last update of each stretch, ``low``, ``high`` and ``loss`` its smallest, largest and last
    training loss. The ``held_`` arrays are measurements on held-out examples. ``seconds`` count the
    processor time of this run's own updates.
    """

    step: Ints
    seconds: Floats
    low: Floats
    high: Floats
    loss: Floats
    held_step: Ints
    held_seconds: Floats
    held_loss: Floats
    held_metric: Floats


@dataclass(frozen=True)
class Gradients:
    """Gradient norms over the updates; never more than `max_points` rows.

    ``step`` is the last update of each stretch; ``norm``, ``clipped_norm`` and ``loss`` the largest in it, before and
    after clipping, and the largest training loss. Over all updates, ``longest`` is the largest norm, at update
    ``longest_at``, and ``clipped`` the share that was clipped; 0 before the first update.
    """

    step: Ints
    norm: Floats
    clipped_norm: Floats
    loss: Floats
    longest: float
    longest_at: int
    clipped: float


@dataclass(frozen=True)
class Lowest:
    """The lowest held-out loss, and the update after which it was measured."""

    step: int
    loss: float


class History:
    """Every update and every held-out measurement of one run."""

    def __init__(self, updates: Floats | None = None, held_out: Floats | None = None) -> None:
        self.updates = Columns(UPDATE_COLUMNS, updates)
        self.held_out = Columns(HELD_OUT_COLUMNS, held_out)
        self._lock = threading.Lock()
        self._summarise()

    def _summarise(self) -> None:
        self._losses, self._held, self._held_metrics = Buckets(), Buckets(), Buckets()
        self._norms, self._clipped_norms = Buckets(), Buckets()
        self._longest, self._longest_at, self._clipped = 0.0, 0, 0
        for loss, norm, clip in zip(*(self.updates[name] for name in ("loss", "grad_norm", "clip_norm")), strict=True):
            self._summarise_update(loss, norm, clip)
        for loss, metric in zip(self.held_out["loss"], self.held_out["metric"], strict=True):
            self._held.append(loss)
            self._held_metrics.append(metric)

    def _summarise_update(self, loss: float, norm: float, clip: float) -> None:
        self._losses.append(loss)
        clipped = 0 < clip < norm
        self._norms.append(norm)
        self._clipped_norms.append(clip if clipped else norm)
        self._clipped += clipped
        if norm > self._longest:
            self._longest, self._longest_at = float(norm), self._norms.n

    def __len__(self) -> int:
        return len(self.updates)

    def append(
        self, *, loss: float, metric: float, grad_norm: float, lr: float, clip_norm: float, seconds: float
    ) -> None:
        """Add one update."""
        with self._lock:
            self.updates.append(loss, metric, grad_norm, lr, clip_norm, seconds)
            self._summarise_update(loss, grad_norm, clip_norm)

    def append_held_out(self, *, step: int, loss: float, metric: float, update_ratio: float, saturated: float) -> None:
        """Add one measurement on the held-out examples."""
        with self._lock:
            self.held_out.append(step, loss, metric, update_ratio, saturated)
            self._held.append(loss)
            self._held_metrics.append(metric)

    def cut(self, step: int) -> None:
        """Forget everything after update `step`."""
        with self._lock:
            self.updates.cut(step)
            self.held_out.cut(int(np.searchsorted(self.held_out["step"], step, side="right")))
            self._summarise()

    def view(self, max_points: int) -> Curve:
        """Return the curve in at most `max_points` rows per series."""
        with self._lock:
            index, low, high, loss = self._losses.view(max_points)
            held, _, _, held_loss = self._held.view(max_points)
            _, _, _, held_metric = self._held_metrics.view(max_points)
            held_step = self.held_out["step"][held].astype(np.int64)
            seconds = self.updates["seconds"]
            return Curve(
                step=index + 1, seconds=seconds[index], low=low, high=high, loss=loss,
                held_step=held_step, held_seconds=self._seconds_at(held_step),
                held_loss=held_loss, held_metric=held_metric,
            )  # fmt: skip

    def gradients(self, max_points: int) -> Gradients:
        """Return the gradient norms in at most `max_points` rows."""
        with self._lock:
            index, _, norm, _ = self._norms.view(max_points)
            clipped_norm, loss = (buckets.view(max_points)[2] for buckets in (self._clipped_norms, self._losses))
            return Gradients(index + 1, norm, clipped_norm, loss, self._longest, self._longest_at,
                             self._clipped / max(len(self), 1))  # fmt: skip

    def lowest(self) -> Lowest | None:
        """Return the lowest held-out loss; None before the first measurement."""
        with self._lock:
            if not len(self.held_out):
                return None
            step, loss = self.held_out["step"], self.held_out["loss"]
            at = int(loss.argmin())
            return Lowest(int(step[at]), float(loss[at]))

    def first_below(self, loss: float) -> int | None:
        """Return the first update at which the measured held-out loss was at most this; None if it never was."""
        with self._lock:
            below = (self.held_out["loss"] <= loss).nonzero()[0]
            return int(self.held_out["step"][below[0]]) if len(below) else None

    def _seconds_at(self, step: Ints) -> Floats:
        """Processor seconds after each of these updates; 0 before the first."""
        return np.where(step > 0, self.updates["seconds"][np.maximum(step, 1) - 1], 0) if len(self) else 0.0 * step
