"""The S&P 500: changes and reference lines, recomputed in plain Python; and that nobody can forecast them."""

from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import fmean, stdev

import numpy as np
import pytest

import rnncore.tasks.series
from rnncore.config import RunConfig
from rnncore.tasks import TASKS
from rnncore.tasks.series.stocks import closes
from rnncore.training.run import Run


@pytest.fixture(scope="module")
def index():
    """The index by date, as the file has it."""
    lines = (Path(rnncore.tasks.series.__file__).parent / "data" / "sp500.csv").read_text().split()
    assert lines[0] == "date,close"
    return {date.fromisoformat(day): float(close) for day, close in (line.split(",") for line in lines[1:])}


@pytest.fixture(scope="module")
def changes(index):
    """Training and held-out changes in per cent."""
    percent = [100 * (b - a) / a for a, b in pairwise(index.values())]
    return percent[:847], percent[847:]


def test_every_week_is_there_once(index):
    days, points = closes()
    assert list(days) == list(index) and points.tolist() == list(index.values()) and len(days) == 1059
    assert days[0] == date(2000, 1, 7) and days[-1] == date(2020, 4, 17)
    mondays = [day.toordinal() - day.weekday() for day in days]
    assert all(b - a == 7 for a, b in pairwise(mondays))
    # Fridays, or Thursdays before a holiday; in one week of September 2001 only Monday was a trading day
    assert [day for day in days if day.weekday() < 3] == [date(2001, 9, 10)]


def test_the_index_is_the_one_that_is_known(index):
    assert index[date(2009, 3, 6)] == 683.38 and index[date(2020, 2, 14)] == 3380.16
    change = {day: 100 * (after / before - 1) for (_, before), (day, after) in pairwise(index.items())}
    worst, best = min(change, key=change.get), max(change, key=change.get)
    assert (worst, round(change[worst], 1)) == (date(2008, 10, 10), -18.2)
    assert (best, round(change[best], 1)) == (date(2020, 4, 9), 12.1)


def windows(part, seq_len):
    return np.array([part[at : at + seq_len + 1] for at in range(len(part) - seq_len)])


@pytest.mark.parametrize("seq_len", [2, 12, 104])
def test_the_windows_are_those_of_their_side_of_the_border(changes, seq_len):
    task = TASKS["stocks"](seq_len)
    for part, found in zip(changes, (task.training_windows, task.held_out_windows), strict=True):
        assert task.in_units(found).numpy() == pytest.approx(windows(part, seq_len), abs=1e-4)
    assert task.held_out_size == len(task.held_out_windows)
    assert closes()[0][task.border + 1] == date(2016, 4, 8)  # as the docstring says


@pytest.mark.parametrize("seq_len", [2, 12, 52])
def test_the_lines_agree_with_plain_python(changes, seq_len):
    task = TASKS["stocks"](seq_len)
    mean, deviation = fmean(changes[0]), stdev(changes[0])
    past, later = (windows(part, seq_len) for part in changes)
    truth = later[:, -1]
    weights = np.linalg.lstsq(np.c_[past[:, :-1], np.ones(len(past))], past[:, -1], rcond=None)[0]
    guesses = [0 * truth, 0 * truth + mean, np.c_[later[:, :-1], np.ones(len(later))] @ weights]
    for line, guess in zip(task.baselines(), guesses, strict=True):
        assert line.metric == pytest.approx(np.abs(guess - truth).mean(), rel=1e-4), line.name
        assert line.loss == pytest.approx((((guess - truth) / deviation) ** 2).mean(), rel=1e-4), line.name


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["gru", "lstm", "rnn", "feedforward"])
def test_no_network_forecasts_the_index(cell):
    lines = TASKS["stocks"](12).baselines()
    for seed in range(3):
        run = Run(RunConfig(task="stocks", cell=cell, seed=seed))
        run.advance()
        error, loss = (float(run.history.held_out[key][-1]) for key in ("metric", "loss"))
        assert error > 0.99 * min(line.metric for line in lines)  # the best of these twelve gains 0.4 %
        assert loss > 0.98 * min(line.loss for line in lines)  # and 0.8 %
