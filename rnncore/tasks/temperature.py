"""Daily maximum temperature of Seattle, 2012 to 2015: predict tomorrow from the last days."""

import csv
import io
from datetime import date
from functools import lru_cache

import torch
from torch import Tensor
from vega_datasets import local_data

from rnncore.tasks.base import TASKS, Baseline, Batch, SequenceType, Shown, Track
from rnncore.tasks.linear import least_squares
from rnncore.tasks.windows import WindowTask

HELD_OUT_YEAR = 2015
SMOOTHING = 7  # days to either side of a day of the year


@lru_cache(maxsize=1)
def seattle() -> tuple[tuple[date, ...], Tensor]:
    """Return the 1,461 days and their maximum temperatures in °C, float64 ``(days,)``."""
    rows = list(csv.DictReader(io.StringIO(local_data.seattle_weather.raw().decode())))
    days = tuple(date.fromisoformat(row["date"].replace("/", "-")) for row in rows)
    return days, torch.tensor([float(row["temp_max"]) for row in rows], dtype=torch.float64)


@TASKS.register("temperature")
class Temperature(WindowTask):
    """Predict tomorrow's maximum temperature from the last T days.

    Inputs ``(time, batch, 1)``: the daily maxima of T = `seq_len` days in a row; target ``(batch, 1)``: that
    of the next day. Both are °C less the mean and divided by the standard deviation of the training years;
    the metric is in °C. Real measurements (NOAA, Seattle, shipped in the package `vega_datasets`). 2012 to
    2014 are for training, 2015 is held out; no window crosses the border, and held-out windows and their
    targets lie entirely in 2015. In the table an answer counts as right within 2 °C.
    """

    label = "Temperature"
    order = 70
    question = "How warm will it be tomorrow? Real weather, and rivals that are hard to beat."
    summary = "The daily maximum temperatures of Seattle. Predict tomorrow's from the days before."
    sequence_type = SequenceType.MANY_TO_ONE
    loss_kind = "mse"
    loss_label = "squared error, normalised"
    metric_label = "mean absolute error"
    metric_unit = "°C"
    metric_higher_is_better = False
    seq_len_label = "Days seen"
    seq_len_range = (7, 180)
    recommended = {"seq_len": 30, "hidden_size": 16, "lr": 0.003, "schedule": "cosine", "steps": 800}
    fails = {
        "feedforward": "Not a failure: ten days are enough for 2.16 °C, as good as the gru (2.16 °C) and better than "
        "the lstm (2.21 °C); a weighted sum of all days reaches 2.15 °C.",
    }
    input_size = 1
    output_size = 1
    tolerance = 2.0

    def setup(self) -> None:
        """Load the series, normalise it with the training years and split it."""
        days, celsius = seattle()
        self.border = sum(day.year < HELD_OUT_YEAR for day in days)
        training = celsius[: self.border]
        self.mean, self.deviation = float(training.mean()), float(training.std())
        self.series = ((celsius - self.mean) / self.deviation).float()
        self.split(self.series[: self.border], self.series[self.border :])
        self.held_out_size = len(self.held_out_windows)  # all of them: the reference lines are measured on all

    def as_batch(self, windows: Tensor) -> Batch:
        """Return windows as inputs and the day after."""
        return Batch(windows[:, :-1].T[..., None].contiguous(), windows[:, -1:].contiguous())

    def metric(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Return the mean absolute error in °C."""
        return (outputs - batch.targets).abs().mean() * self.deviation

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the training mean, persistence, the seasonal mean and a straight-line fit."""
        windows = self.held_out_windows
        truth = windows[:, -1].double()
        how = f"Measured on all {len(windows)} held-out windows of {HELD_OUT_YEAR}"
        past, following = self.training_windows[:, :-1], self.training_windows[:, -1]
        seasonal = (_seasonal_mean()[-len(windows) :] - self.mean) / self.deviation

        def scored(guess: Tensor) -> tuple[float, float]:
            error = guess - truth
            return float(error.square().mean()), float(error.abs().mean()) * self.deviation

        return (
            Baseline(
                "chance",
                "always the mean",
                *scored(torch.zeros_like(truth)),
                f"{how}; the mean of the training years is {self.mean:.1f} °C.",
            ),
            Baseline("memoryless", "tomorrow = today", *scored(windows[:, -2].double()), f"{how}; persistence."),
            Baseline(
                "other",
                "the mean for the season",
                *scored(seasonal),
                f"{how}; the mean of 2012 to 2014 for that day of the year, taken over {2 * SMOOTHING + 1} days "
                "around it.",
            ),
            Baseline(
                "other",
                "least squares on all days",
                *scored(least_squares(past, following, windows[:, :-1])),
                f"{how}; a weighted sum of the last {self.seq_len} days, fitted on the training years.",
            ),
        )

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show the last days and the next one, in °C."""

        def celsius(values: Tensor) -> list[float]:
            return (values.flatten().double() * self.deviation + self.mean).tolist()

        days, (truth,) = celsius(example.inputs), celsius(example.targets)
        tracks = [Track("°C", "input", tuple(days)), Track("next day, °C", "truth", (truth,), start=len(days))]
        answer = None
        if output is not None:
            (answer,) = celsius(output)
            tracks.append(Track("network, °C", "answer", (answer,), start=len(days)))
        return Shown(
            question="… " + ", ".join(f"{t:.1f}" for t in days[-2:]) + " °C",
            truth=f"{truth:.1f}",
            answer=None if answer is None else f"{answer:.1f}",
            right=None if answer is None else abs(answer - truth) <= self.tolerance,
            tracks=tuple(tracks),
        )


@lru_cache(maxsize=1)
def _seasonal_mean() -> Tensor:
    """Return, for each held-out day, the smoothed mean of its day of the year in training, °C, float64 ``(365,)``."""
    days, celsius = seattle()
    total, count = torch.zeros(365, dtype=torch.float64), torch.zeros(365, dtype=torch.float64)
    for day, value in zip(days, celsius, strict=True):
        if day.year < HELD_OUT_YEAR:
            total[_day_of_year(day)] += value
            count[_day_of_year(day)] += 1
    around = range(-SMOOTHING, SMOOTHING + 1)  # over the turn of the year as well
    smooth = sum((total.roll(by) for by in around), torch.zeros(())) / sum(count.roll(by) for by in around)
    return smooth[[_day_of_year(day) for day in days if day.year == HELD_OUT_YEAR]]


def _day_of_year(day: date) -> int:
    """Return 0 to 364, with 29 February counted as 28 February, so that all years line up."""
    return date(2001, day.month, 28 if (day.month, day.day) == (2, 29) else day.day).timetuple().tm_yday - 1
