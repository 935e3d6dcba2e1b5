"""Series of one's own: the reference lines in plain Python, what is refused, and what a network makes of them."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from vega_datasets import local_data

from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.number_text import number
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.series.own_series import OwnSeriesOptions
from rnncore.training.run import Run

WAVE = [round(50 + 8 * math.sin(i * math.pi / 6) + i + (i * 7919 % 13) / 5, 2) for i in range(121)]


def text(values):
    return "\n".join(map(str, values))


def build(values, seq_len=6, **options):
    return TASKS["own_series"](seq_len, OwnSeriesOptions(data=text(values), **options))


def test_the_built_in_table_is_that_of_the_package():
    options = OwnSeriesOptions()
    assert len(options.data) < 5000 and options.data.isascii()
    lines = local_data.us_employment.raw().decode().split()
    task = TASKS["own_series"](6)
    assert task.parsed.column == "nonfarm" and len(task.parsed.values) == len(lines) - 1 == 120
    assert list(task.parsed.values) == [float(line.split(",")[1]) for line in lines[1:]]
    assert task.parsed.names == ("month", "nonfarm", "manufacturing", "retail_trade", "government")


@pytest.mark.parametrize("period", [1, 12])
@pytest.mark.parametrize("seq_len", [2, 10])
def test_the_lines_agree_with_numpy(period, seq_len):
    task = build(WAVE, seq_len, period=period)
    change = np.diff(WAVE)
    border = 96  # of 120 changes
    training, deviation = change[:border], change[:border].std(ddof=1)
    places = range(border + seq_len, 120)
    truth = change[places]

    def examples(first, last):
        table = np.array([change[at : at + seq_len + 1] for at in range(first, last - seq_len)])
        return np.c_[table[:, :-1], np.ones(len(table))], table[:, -1]

    guesses = {
        "next value = this value": 0 * truth,
        "always the mean change": 0 * truth + training.mean(),
        "the same change again": change[[at - 1 for at in places]],
        "the mean for the season": [training[at % 12 :: 12].mean() for at in places],
        "least squares on all steps": examples(border, 120)[0] @ np.linalg.lstsq(*examples(0, border), rcond=None)[0],
    }
    if period == 1:
        del guesses["the mean for the season"]
    lines = task.baselines()
    assert [line.name for line in lines] == list(guesses)
    for line in lines:
        error = guesses[line.name] - truth
        assert line.metric == pytest.approx(np.abs(error).mean(), rel=1e-4), line.name
        assert line.loss == pytest.approx(((error / deviation) ** 2).mean(), rel=1e-4), line.name


def test_the_last_fifth_is_held_out_and_comes_back_in_the_columns_unit():
    task = build(WAVE)
    assert task.in_units(task.series).numpy() == pytest.approx(np.diff(WAVE), abs=1e-4)
    assert len(task.training_windows) == 96 - 6 and len(task.held_out_windows) == 24 - 6 == task.held_out_size
    batch = task.held_out(18, generator(0, "held-out"))
    assert sorted(task.in_units(batch.targets).flatten().tolist()) == pytest.approx(
        sorted(np.diff(WAVE)[102:]), abs=1e-4
    )


@pytest.mark.parametrize("scale", [1e-6, 1, 1e9])
def test_right_separates_whoever_knows_from_whoever_does_not_at_any_scale(scale):
    task = build([value * scale for value in WAVE])
    truth = task.in_units(task.held_out_windows[:, -1])
    still, mean = truth.abs(), (truth - task.mean).abs()
    assert task.tolerance == pytest.approx(min(float(still.median()), float(mean.median())) / 2, rel=0.05)
    shares = [float((errors <= task.tolerance).double().mean()) for errors in (still, mean)]
    assert max(shares) < 0.5
    batch = task.held_out(1, generator(0, "held-out"))
    assert task.show(batch, batch.targets[0]).right
    assert not task.show(batch, batch.targets[0] + 1.1 * task.tolerance / task.deviation).right
    assert task.within == f"{number(task.tolerance, 3)} in units of “column 1”"


def test_where_most_values_stay_the_same_something_counts_as_right_and_something_does_not():
    task = build([i // 9 * 5 for i in range(120)], period=1)
    assert 0 < task.tolerance < 5


def test_the_tolerance_names_the_unit():
    assert TASKS["own_series"](6).within.endswith(" thousand jobs")
    assert build(["rain (mm)", *WAVE]).within.endswith(" mm")


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_very_small_and_very_large_numbers_are_written_short(scale):
    task = build([v * scale for v in WAVE])
    example = task.held_out(1, generator(0, "held-out"))
    shown = task.show(example, torch.tensor([-12345.678]))
    assert all(len(part) <= 16 for part in (shown.truth, shown.answer)) and len(shown.question) <= 34
    assert shown.right is False and "e" not in shown.question + shown.truth + shown.answer
    task.parse_text(task.first_question)  # what can be asked is written as it could be typed


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"data": "a,b\n1,2"}, "at least 60 rows"),
        ({"data": text([*WAVE, "inf"])}, "Line 122"),
        ({"data": text(WAVE), "column": "level"}, "No column of 'data' has the name given"),
        ({"data": text(range(100))}, "changes by the same amount at every step"),
        ({"data": text([v / 10 for v in range(100)])}, "changes by the same amount at every step"),
        ({"data": text([5.0] * 90 + [6.0] * 10)}, "changes by the same amount at every step"),
        ({"data": text([v / 1e6 for v in WAVE] + [1e11])}, "a million times"),
        ({"data": "1\n" * 2_000_001}, "at most 4,000,000 characters"),
        ({"period": 0}, "from 1 to 1,000"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_in_one_sentence(options, words):
    with pytest.raises(ConfigError, match=r"\.$") as caught:
        RunConfig.from_flat({"task": "own_series", **options})
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_window_longer_than_the_held_out_part_is_refused():
    build(WAVE, 19)
    with pytest.raises(ConfigError, match=r"'seq_len' of 20 .* choose at most 19, or paste 126 rows\."):
        build(WAVE, 20)
    build([*WAVE, *WAVE[:5]], 20)  # 126 rows


def test_a_season_that_does_not_come_back_twice_in_training_is_refused():
    build(WAVE, period=48)
    with pytest.raises(ConfigError, match=r"'period' of 49 does not come back twice in the 96 steps .* at most 48"):
        build(WAVE, period=49)


@given(
    st.lists(st.one_of(st.floats(-1e13, 1e13), st.sampled_from([0.0, 1e-300, 5e-324, 1e12])), min_size=1, max_size=30),
    st.integers(2, 9),
    st.integers(1, 60),
)
@settings(max_examples=60, deadline=None)
def test_whatever_is_accepted_gives_finite_numbers(values, seq_len, period):
    data = text(values * (90 // len(values) + 1))[:20_000]
    try:
        task = RunConfig.from_flat(
            {"task": "own_series", "data": data, "seq_len": seq_len, "period": period}
        ).build_task()
    except ConfigError:
        return
    batch = task.held_out(8, generator(0, "held-out"))
    assert batch.inputs.isfinite().all() and task.metric(0 * batch.targets, batch).isfinite()
    assert all(math.isfinite(line.loss) and math.isfinite(line.metric) for line in task.baselines())


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_a_network_follows_the_trend_of_jobs_beyond_the_values_it_was_trained_on(cell):
    run = Run(RunConfig(task="own_series", cell=cell, seed=1))
    values = torch.tensor(run.task.parsed.values)
    assert values[run.task.border + 13 :].min() > values[: run.task.border + 1].max()
    run.advance()
    persistence, mean, again, season, line = (line.metric for line in run.task.baselines())
    error = float(run.history.held_out["metric"][-1])
    assert error < 0.5 * persistence and error < 0.5 * mean and error < 0.5 * season and error < 1.1 * again
    assert error > 0.9 * line
