"""What training comes to: from which start a network learns something can depend on how a processor rounds."""

from collections.abc import Callable
from typing import Any

import pytest

from rnncore.config import RunConfig
from rnncore.training.run import Run

MOST_SEEDS = 4


@pytest.fixture
def one_that():
    """Return a function that trains from one seed after the other, and returns the first network that solves it.

    Where training waits long and then jumps, the same seed has jumped on one processor and not on another: temporal
    order by the LSTM at seed 0 on two of three, at seed 1 on the third.
    """

    def one_that(solves: Callable[[Run], bool], *, train: Callable[[Run], Any] = Run.advance, **settings) -> Run:
        reached = []
        for seed in range(MOST_SEEDS):
            run = Run(RunConfig(**settings, seed=seed))
            train(run)
            if solves(run):
                return run
            reached.append(round(float(run.history.held_out["metric"][-1]), 3))
        pytest.fail(f"none of {MOST_SEEDS} seeds solves {settings}: they reached {reached}")

    return one_that
