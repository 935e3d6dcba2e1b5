"""Forecasts in the unit of their series: what a figure of predicted against true values is drawn from."""

import pytest
import torch

from rnncore.errors import ConfigError
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.series.co2 import months
from rnncore.tasks.series.forecast import Forecast, SeriesTask, seasonal_mean
from rnncore.tasks.series.hourly import hours
from rnncore.tasks.series.sines import Sines
from rnncore.tasks.series.temperature import seattle

every_forecast = pytest.mark.parametrize("name", [name for name in TASKS if issubclass(TASKS[name], Forecast)])


def build(name):
    kind = TASKS[name]
    return kind(kind.recommended["seq_len"])


@every_forecast
def test_predicted_and_true_values_are_in_the_unit_of_the_metric(name):
    task = build(name)
    assert task.unit_label
    batch = task.held_out(60, generator(0, "held-out"))
    outputs = batch.targets + 0.3 * torch.randn(batch.targets.shape, generator=generator(0, "noise"))
    apart = task.in_units(outputs) - task.in_units(batch.targets)
    assert apart.dtype == torch.float64 and apart.shape == (batch.size, 1)
    error = apart.square().mean().sqrt() if isinstance(task, Sines) else apart.abs().mean()
    assert float(task.metric(outputs, batch)) == pytest.approx(float(error), rel=1e-4)


@every_forecast
def test_the_table_shows_the_values_of_the_figure(name):
    task = build(name)
    for seed in range(10):
        example = task.held_out(1, generator(seed, "held-out"))
        output = example.targets[0] + 0.1
        shown = task.show(example, output)
        assert shown.truth == task.written(task.in_units(example.targets).item())
        assert shown.answer == task.written(task.in_units(output).item())
        past, truth, answer = (track.values for track in shown.tracks)
        assert past == tuple(task.in_units(example.inputs).flatten().tolist())
        assert (*truth, *answer) == (task.in_units(example.targets).item(), task.in_units(output).item())
        assert shown.right == (abs(truth[0] - answer[0]) <= task.tolerance)


@pytest.mark.parametrize(("name", "examples"), [("co2", 96), ("stocks", 199), ("hourly", 1440), ("own_series", 17)])
def test_no_change_scores_the_same_through_the_task_as_its_line(name, examples):
    task = build(name)
    everything = task.held_out(task.held_out_size, generator(0, "held-out"))
    assert everything.size == examples
    same = task.as_normal(torch.zeros_like(everything.targets))
    persistence = task.baselines()[0]
    assert float(task.loss(same, everything)) == pytest.approx(persistence.loss, rel=1e-4)
    assert float(task.metric(same, everything)) == pytest.approx(persistence.metric, rel=1e-4)


@pytest.mark.parametrize(("name", "series"), [("co2", months), ("hourly", hours)])
def test_the_target_is_the_change_after_the_window(name, series):
    task = TASKS[name](10)
    _, values = series()
    known = {tuple(w) for w in values.diff()[: task.border].unfold(0, 11, 1).numpy().round(3).tolist()}
    batch = task.batch(50, generator(0, "data"))
    for i in range(50):
        window = torch.cat([batch.inputs[:, i, 0], batch.targets[i]])
        assert tuple(task.in_units(window).numpy().round(3).tolist()) in known


def test_temperatures_come_back_as_measured():
    task = build("temperature")
    _, celsius = seattle()
    assert task.unit_label == "°C"
    assert task.in_units(task.series).numpy() == pytest.approx(celsius.numpy(), abs=1e-5)


def test_waves_have_no_unit():
    values = torch.tensor([0.25, -0.5])
    assert build("sines").in_units(values).tolist() == [0.25, -0.5]


def test_the_seasonal_mean_is_taken_place_by_place_before_the_border():
    series = torch.tensor([1.0, 10, 100, 3, 20, 300, 999, 999])
    assert seasonal_mean(series, 6, 3).tolist() == [2, 15, 200, 2, 15, 200, 2, 15]
    assert seasonal_mean(series, 4, 3).tolist() == [2, 10, 100, 2, 10, 100, 2, 10]


@pytest.mark.parametrize("name", [name for name in TASKS if issubclass(TASKS[name], SeriesTask)])
def test_a_real_series_can_be_asked_at_other_lengths_until_its_data_end(name):
    task = build(name)
    assert task.stretches
    other = type(task)(2 * task.seq_len, task.options)
    assert (other.mean, other.deviation) == (task.mean, task.deviation)  # the same values for a trained network
    with pytest.raises(ConfigError, match="'seq_len'"):
        type(task)(100_000, task.options)


def test_waves_at_other_lengths_are_other_waves():
    """Of half the length, the same waves turn twice as fast from step to step."""
    fine, coarse = (Sines(seq_len).sample(200, generator(0, "data")).inputs for seq_len in (100, 50))
    assert float(coarse.diff(dim=0).abs().mean()) > 1.3 * float(fine.diff(dim=0).abs().mean())
    assert not Sines.stretches
