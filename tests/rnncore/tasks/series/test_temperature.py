"""Seattle's temperatures: the series and its reference lines, recomputed in plain Python."""

from datetime import timedelta
from itertools import pairwise
from statistics import fmean, stdev

import numpy as np
import pytest
import torch
from vega_datasets import local_data

from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.series.temperature import seattle


@pytest.fixture(scope="module")
def rows():
    lines = local_data.seattle_weather.raw().decode().split()
    return [(line.split(",")[0], float(line.split(",")[2])) for line in lines[1:]]


def test_the_series_has_every_day_of_four_years(rows):
    days, celsius = seattle()
    assert len(days) == len(rows) == 1461
    assert all(b - a == timedelta(days=1) for a, b in pairwise(days))
    assert [f"{day:%Y/%m/%d}" for day in days] == [row[0] for row in rows]
    assert celsius.tolist() == [row[1] for row in rows]


@pytest.mark.parametrize("seq_len", [7, 30, 180])
def test_the_lines_agree_with_plain_python(rows, seq_len):
    task = TASKS["temperature"](seq_len)
    training = [t for day, t in rows if day < "2015"]
    last_year = [(day, t) for day, t in rows if day >= "2015"]
    mean, deviation = fmean(training), stdev(training)
    targets = last_year[seq_len:]
    assert len(task.held_out_windows) == len(targets)

    # 365 places in a circle; 29 February shares the place of the 28th
    place = {day[5:]: i for i, (day, _) in enumerate(last_year)}
    place["02/29"] = place["02/28"]
    around = {i: [] for i in range(365)}
    for day, t in rows:
        if day < "2015":
            for by in range(-7, 8):
                around[(place[day[5:]] + by) % 365].append(t)

    chance, persistence, season, line = task.baselines()
    guesses = {
        chance: [mean] * len(targets),
        persistence: [t for _, t in last_year[seq_len - 1 : -1]],
        season: [fmean(around[place[day[5:]]]) for day, _ in targets],
    }
    for baseline, guess in guesses.items():
        errors = [g - t for g, (_, t) in zip(guess, targets, strict=True)]
        assert baseline.metric == pytest.approx(fmean(abs(e) for e in errors), rel=1e-5)
        assert baseline.loss == pytest.approx(fmean((e / deviation) ** 2 for e in errors), rel=1e-5)

    z = (np.array([t for _, t in rows]) - mean) / deviation
    border = len(training)

    def examples(first, last):
        table = np.array([z[at : at + seq_len + 1] for at in range(first, last - seq_len)])
        return np.c_[table[:, :-1], np.ones(len(table))], table[:, -1]

    weights = np.linalg.lstsq(*examples(0, border), rcond=None)[0]
    past, following = examples(border, len(z))
    assert line.loss == pytest.approx(np.mean((past @ weights - following) ** 2), rel=1e-4)


def test_persistence_scores_the_same_through_the_task():
    task = TASKS["temperature"](30)
    everything = task.held_out(len(task.held_out_windows), generator(0, "held-out"))
    today = everything.inputs[-1]
    persistence = next(line for line in task.baselines() if line.kind == "memoryless")
    assert float(task.loss(today, everything)) == pytest.approx(persistence.loss, rel=1e-4)
    assert float(task.metric(today, everything)) == pytest.approx(persistence.metric, rel=1e-4)


def test_the_target_is_the_day_after_the_window():
    task = TASKS["temperature"](10)
    batch = task.batch(50, generator(0, "data"))
    for i in range(50):
        window = torch.cat([batch.inputs[:, i, 0], batch.targets[i]])
        assert any(torch.equal(window, task.series[at : at + 11]) for at in range(task.border - 10))
