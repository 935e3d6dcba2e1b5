"""Seattle hour by hour: the series and its reference lines, recomputed in plain Python."""

from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from vega_datasets import local_data

from rnncore.config import RunConfig
from rnncore.tasks import TASKS
from rnncore.tasks.series.hourly import hours
from rnncore.training.run import Run


@pytest.fixture(scope="module")
def celsius():
    """The temperatures by (month, day, hour) as the file has them."""
    lines = local_data.seattle_temps.raw().decode().split("\n")[1:]
    found = {}
    for line in filter(None, map(str.strip, lines)):
        day, fahrenheit = line.split(",")
        found[int(day[5:7]), int(day[8:10]), int(day[11:13])] = (float(fahrenheit) - 32) * 5 / 9
    return found


def test_the_series_has_every_hour_and_the_missing_one_is_the_mean_of_its_neighbours(celsius):
    times, values = hours()
    assert len(times) == len(values) == 8760 == len(celsius) + 1
    assert times[0] == datetime(2010, 1, 1) and all(b - a == timedelta(hours=1) for a, b in pairwise(times))
    missing = [at for at in times if (at.month, at.day, at.hour) not in celsius]
    assert missing == [datetime(2010, 3, 14, 3)]
    celsius = {**celsius, (3, 14, 3): (celsius[3, 14, 2] + celsius[3, 14, 4]) / 2}
    assert values.tolist() == pytest.approx([celsius[at.month, at.day, at.hour] for at in times])


def test_it_is_no_weather_of_one_year():
    _, values = hours()
    assert float((values[24:] - values[:-24]).abs().mean()) == pytest.approx(0.09, abs=0.005)  # as the docstring says


@pytest.mark.parametrize("seq_len", [2, 24, 60])
def test_the_lines_agree_with_plain_python(seq_len):
    task = TASKS["hourly"](seq_len)
    times, values = hours()
    values = values.numpy()
    change = {at: values[i] - values[i - 1] for i, at in enumerate(times) if i}
    training = [c for at, c in change.items() if at.month < 11]
    later = [(at, c) for at, c in change.items() if at.month >= 11]
    deviation = np.std(training, ddof=1)
    targets = later[seq_len:]
    by_hour = {h: np.mean([c for at, c in change.items() if at.month < 11 and at.hour == h]) for h in range(24)}

    def examples(part):
        table = np.array([part[i : i + seq_len + 1] for i in range(len(part) - seq_len)])
        return np.c_[table[:, :-1], np.ones(len(table))], table[:, -1]

    past, truth = examples([c for _, c in later])
    guesses = [
        np.zeros(len(targets)),
        [by_hour[at.hour] for at, _ in targets],
        [change[at - timedelta(days=1)] for at, _ in targets],
        past @ np.linalg.lstsq(*examples(training), rcond=None)[0],
    ]
    for line, guess in zip(task.baselines(), guesses, strict=True):
        assert line.metric == pytest.approx(np.abs(guess - truth).mean(), rel=1e-4), line.name
        assert line.loss == pytest.approx((((guess - truth) / deviation) ** 2).mean(), rel=1e-4), line.name


@pytest.mark.slow
def test_a_network_learns_the_rhythm_but_does_not_beat_a_weighted_sum_or_yesterday():
    run = Run(RunConfig(task="hourly", cell="lstm", seed=1))
    run.advance()
    error = float(run.history.held_out["metric"][-1])
    persistence, season, yesterday, line = (line.metric for line in run.task.baselines())
    assert error < 0.25 * persistence and error < 0.25 * season
    assert yesterday < line < error
    window = Run(RunConfig(task="hourly", cell="feedforward", seed=1))
    window.advance()
    assert float(window.history.held_out["metric"][-1]) > 2 * error
