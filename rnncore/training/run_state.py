"""The state of a run as plain data: its status, its signs of health, its divergence."""

import itertools
import math
from dataclasses import dataclass
from typing import Literal

from rnncore.training.history import History

Status = Literal["ready", "running", "paused", "diverged", "finished"]
MILESTONES = (0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000)  # updates whose weights a run keeps


_numbers = itertools.count(1)


def next_number() -> int:
    """Return a number that nothing else in this process has: it tells a late frame of an old run from a new one's."""
    return next(_numbers)


def measured_at(step: int) -> bool:
    """Return whether held-out examples are measured after this update: often at first, then every 25 updates."""
    return step <= 10 or step % 25 == 0 or (step < 100 and step % 5 == 0)


@dataclass(frozen=True)
class Divergence:
    """The figures measured when training blew up."""

    step: int
    loss: float
    grad_norm: float
    lr: float


@dataclass(frozen=True)
class Health:
    """Measured signs of how training goes.

    ``update_ratio`` is the length of the last measured update over the length of the weights; ``clipped`` the
    share of the last 100 updates whose gradient was clipped; ``saturated`` the share of hidden values on
    held-out examples where the activation is nearly flat. None where nothing has been measured yet.
    """

    grad_norm: float | None
    update_ratio: float | None
    clipped: float | None
    saturated: float | None


def health(history: History) -> Health:
    """Return the latest measured signs of how training goes."""
    if not len(history.updates) or not len(history.held_out):
        return Health(None, None, None, None)
    grad_norm, clip = (history.updates[name][-100:] for name in ("grad_norm", "clip_norm"))
    ratio, saturated = (float(history.held_out[name][-1]) for name in ("update_ratio", "saturated"))
    return Health(
        grad_norm=float(grad_norm[-1]),
        update_ratio=ratio if math.isfinite(ratio) else None,
        clipped=float(((clip > 0) & (grad_norm > clip)).mean()),
        saturated=saturated,
    )
