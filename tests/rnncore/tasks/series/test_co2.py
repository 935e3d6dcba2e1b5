"""Carbon dioxide over Mauna Loa: the series and its reference lines, recomputed in plain Python."""

from itertools import pairwise
from pathlib import Path
from statistics import fmean, stdev

import numpy as np
import pytest
import torch

import rnncore.tasks.series
from rnncore.config import RunConfig
from rnncore.tasks import TASKS
from rnncore.tasks.series.co2 import months
from rnncore.training.run import Run


@pytest.fixture(scope="module")
def ppm():
    """The concentrations by months counted from the year 0, as the file has them."""
    lines = (Path(rnncore.tasks.series.__file__).parent / "data" / "co2.csv").read_text().split()
    assert lines[0] == "year,month,ppm"
    rows = [line.split(",") for line in lines[1:]]
    return {12 * int(year) + int(month) - 1: float(value) for year, month, value in rows}


def test_the_series_has_every_month_of_fifty_six_years(ppm):
    times, values = months()
    assert times[0] == (1964, 5) and times[-1] == (2020, 4) and len(times) == 56 * 12 == len(ppm)
    assert all(12 * b[0] + b[1] == 12 * a[0] + a[1] + 1 for a, b in pairwise(times))
    assert values.tolist() == list(ppm.values())
    assert values.dtype == torch.float64


def test_the_curve_is_the_one_that_is_known(ppm):
    """It climbs from year to year, is highest in May and lowest in September or October."""
    years = {year: [ppm[12 * year + month] for month in range(12)] for year in range(1965, 2020)}
    assert all(fmean(years[year + 1]) > fmean(years[year]) for year in range(1965, 2019))
    assert fmean(years[1965]) == pytest.approx(320, abs=0.5) and fmean(years[2019]) == pytest.approx(411.5, abs=0.5)
    assert all(np.argmax(values) in (3, 4, 5) and np.argmin(values) in (8, 9) for values in list(years.values())[1:-1])


@pytest.mark.parametrize("seq_len", [2, 24, 60])
def test_the_lines_agree_with_plain_python(ppm, seq_len):
    task = TASKS["co2"](seq_len)
    change = {at: ppm[at] - ppm[at - 1] for at in ppm if at - 1 in ppm}
    border = 12 * 2010 + 4  # May 2010
    training = [c for at, c in change.items() if at < border]
    later = [(at, c) for at, c in change.items() if at >= border]
    assert len(later) == 120
    by_month = {m: fmean(c for at, c in change.items() if at < border and at % 12 == m) for m in range(12)}

    def examples(part):
        table = np.array([part[i : i + seq_len + 1] for i in range(len(part) - seq_len)])
        return np.c_[table[:, :-1], np.ones(len(table))], table[:, -1]

    past, truth = examples([c for _, c in later])
    targets = [at for at, _ in later[seq_len:]]
    guesses = [
        np.zeros(len(targets)),
        [by_month[at % 12] for at in targets],
        [change[at - 12] for at in targets],
        past @ np.linalg.lstsq(*examples(training), rcond=None)[0],
    ]
    for line, guess in zip(task.baselines(), guesses, strict=True):
        error = np.array(guess) - truth
        assert line.metric == pytest.approx(np.abs(error).mean(), rel=1e-4), line.name
        assert line.loss == pytest.approx(((error / stdev(training)) ** 2).mean(), rel=1e-4), line.name


def test_the_concentrations_themselves_leave_the_range_of_training():
    _, values = months()
    border = len(values) - 120
    assert int((values[border:] > values[:border].max()).sum()) == 104  # as the docstring says


@pytest.mark.slow
def test_a_network_beats_the_mean_for_the_month_and_draws_level_with_a_weighted_sum():
    run = Run(RunConfig(task="co2", cell="lstm", seed=1))
    run.advance()
    persistence, season, year_ago, line = (line.metric for line in run.task.baselines())
    error = float(run.history.held_out["metric"][-1])
    assert error < 0.3 * persistence and error < 0.8 * year_ago and error < 0.93 * season
    assert 0.9 * line < error < 1.1 * line
