"""Daily maximum temperature of Seattle, 2012 to 2015: predict tomorrow from the last days."""

import csv
import io
from datetime import date

import torch
from torch import Tensor
from vega_datasets import local_data

from rnncore.caching.once import once_for_each
from rnncore.tasks.base import TASKS, Baseline
from rnncore.tasks.series.forecast import SeriesTask

HELD_OUT_YEAR = 2015
SMOOTHING = 7  # days to either side of a day of the year


@once_for_each(1)
def seattle() -> tuple[tuple[date, ...], Tensor]:
    """Return the 1,461 days and their maximum temperatures in °C, float64 ``(days,)``."""
    rows = list(csv.DictReader(io.StringIO(local_data.seattle_weather.raw().decode())))
    days = tuple(date.fromisoformat(row["date"].replace("/", "-")) for row in rows)
    return days, torch.tensor([float(row["temp_max"]) for row in rows], dtype=torch.float64)


@TASKS.register("temperature")
class Temperature(SeriesTask):
    """Predict tomorrow's maximum temperature from the last T days.

    Inputs ``(time, batch, 1)``: the daily maxima of T = `seq_len` days in a row; target ``(batch, 1)``: that
    of the next day. Both are °C less the mean and divided by the standard deviation of the training years;
    the metric is in °C. Real measurements (NOAA, Seattle, shipped in the package `vega_datasets`). 2012 to
    2014 are for training, 2015 is held out; no window crosses the border, and held-out windows and their
    targets lie entirely in 2015.
    """

    label = "Temperature"
    keywords = "weather forecast time series climate rain day season Seattle"
    data = "Real: NOAA measurements of 2012 to 2015, as shipped in vega_datasets."
    order = 70
    question = "How warm will it be tomorrow? Real weather, and rivals that are hard to beat."
    summary = "The daily maximum temperatures of Seattle. Predict tomorrow's from the days before."
    metric_unit = unit_label = shown_unit = "°C"
    next_name = "next day"
    seq_len_label = "Days seen"
    seq_len_range = (7, 180)
    recommended = {"seq_len": 30, "hidden_size": 16, "lr": 0.003, "schedule": "cosine", "steps": 800}
    beats = ("always the mean", "tomorrow = today", "the mean for the season")
    measured_on = f" of {HELD_OUT_YEAR}"

    def setup(self) -> None:
        """Load the series and divide it."""
        days, celsius = seattle()
        self.divide(celsius, sum(day.year < HELD_OUT_YEAR for day in days))

    def without_memory(self) -> dict[str, Tensor | float]:
        """Return the training mean and persistence."""
        return {"always the mean": 0.0, "tomorrow = today": self.held_out_windows[:, -2]}

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the training mean, persistence, the seasonal mean and a straight-line fit."""
        return (
            self.rival("always the mean", 0, f"the mean of the training years is {self.mean:.1f} °C", "chance"),
            self.rival("tomorrow = today", self.held_out_windows[:, -2], "persistence", "memoryless"),
            self.rival(
                "the mean for the season", self.as_normal(_seasonal_mean()),
                f"the mean of 2012 to 2014 for that day of the year, taken over {2 * SMOOTHING + 1} days around it",
            ),
            self.rival(
                "least squares on all days", self.weighted_sum(),
                f"a weighted sum of the last {self.seq_len} days, fitted on the training years",
            ),
        )  # fmt: skip


@once_for_each(1)
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
