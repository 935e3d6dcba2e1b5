"""Share prices: changes and reference lines, recomputed in plain Python; and that nobody can forecast them."""

from itertools import pairwise
from statistics import fmean, stdev

import numpy as np
import pytest
import torch
from vega_datasets import local_data

from rnncore.config import RunConfig
from rnncore.randomness import generator
from rnncore.run import Run
from rnncore.tasks import TASKS
from rnncore.tasks.stocks import prices


@pytest.fixture(scope="module")
def changes():
    """Per company: training and held-out changes in per cent, by the year at the end of each date."""
    found = {}
    for line in local_data.stocks.raw().decode().split("\n")[1:]:
        if line.strip():
            company, day, price = line.strip().split(",")
            found.setdefault(company, []).append((int(day[-4:]), float(price)))
    percent = {
        company: [(b[0], 100 * (b[1] - a[1]) / a[1]) for a, b in pairwise(rows)] for company, rows in found.items()
    }
    return {
        company: ([c for year, c in rows if year < 2007], [c for year, c in rows if year >= 2007])
        for company, rows in percent.items()
    }


def windows(parts, seq_len):
    return [part[at : at + seq_len + 1] for part in parts for at in range(len(part) - seq_len)]


def test_every_month_of_five_companies_is_there():
    found = prices()
    assert {company: len(months) for company, (months, _) in found.items()} == {
        "MSFT": 123, "AMZN": 123, "IBM": 123, "GOOG": 68, "AAPL": 123,
    }  # fmt: skip
    for months, dollars in found.values():
        assert all(b.year * 12 + b.month == a.year * 12 + a.month + 1 for a, b in pairwise(months))
        assert (dollars > 0).all()


@pytest.mark.parametrize("seq_len", [2, 6, 24])
def test_the_windows_are_those_of_single_companies_on_their_side_of_the_border(changes, seq_len):
    task = TASKS["stocks"](seq_len)
    for side, found in ((0, task.training_windows), (1, task.held_out_windows)):
        expected = windows([parts[side] for parts in changes.values()], seq_len)
        assert task.in_units(found).numpy() == pytest.approx(np.array(expected), abs=1e-4)
    assert task.held_out_size == len(task.held_out_windows)


@pytest.mark.parametrize("seq_len", [2, 6, 12])
def test_the_lines_agree_with_plain_python(changes, seq_len):
    task = TASKS["stocks"](seq_len)
    training = [c for part, _ in changes.values() for c in part]
    mean, deviation = fmean(training), stdev(training)
    past = np.array(windows([part for part, _ in changes.values()], seq_len))
    later = np.array(windows([part for _, part in changes.values()], seq_len))
    truth = later[:, -1]
    weights = np.linalg.lstsq(np.c_[past[:, :-1], np.ones(len(past))], past[:, -1], rcond=None)[0]
    guesses = [0 * truth, 0 * truth + mean, np.c_[later[:, :-1], np.ones(len(later))] @ weights]
    for line, guess in zip(task.baselines(), guesses, strict=True):
        assert line.metric == pytest.approx(np.abs(guess - truth).mean(), rel=1e-5), line.name
        assert line.loss == pytest.approx((((guess - truth) / deviation) ** 2).mean(), rel=1e-5), line.name


def test_an_unchanged_price_scores_the_same_through_the_task():
    task = TASKS["stocks"](6)
    everything = task.held_out(task.held_out_size, generator(0, "held-out"))
    unchanged = task.as_normal(torch.zeros_like(everything.targets))
    persistence = task.baselines()[0]
    assert float(task.loss(unchanged, everything)) == pytest.approx(persistence.loss, rel=1e-4)
    assert float(task.metric(unchanged, everything)) == pytest.approx(persistence.metric, rel=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["gru", "lstm", "rnn", "feedforward"])
def test_no_network_forecasts_share_prices(cell):
    persistence, mean, _ = TASKS["stocks"](6).baselines()
    for seed in range(3):
        run = Run(RunConfig(task="stocks", cell=cell, seed=seed))
        run.advance()
        error = float(run.history.held_out["metric"][-1])
        assert error > 0.95 * persistence.metric  # the little that is gained is the mean rise, which needs no past
        assert error > 0.98 * mean.metric
