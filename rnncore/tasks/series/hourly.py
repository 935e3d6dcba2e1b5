"""Seattle's temperature hour by hour through an average year: predict the next hour."""

import csv
import io
from datetime import datetime, timedelta

import torch
from torch import Tensor
from vega_datasets import local_data

from rnncore.caching.once import once_for_each
from rnncore.tasks.base import TASKS, Baseline
from rnncore.tasks.series.forecast import SeriesTask, seasonal_mean

PERIOD = 24
HELD_OUT_FROM = datetime(2010, 11, 1)


@once_for_each(1)
def hours() -> tuple[tuple[datetime, ...], Tensor]:
    """Return the 8,760 hours of the year and their temperatures in °C, float64; the missing one is filled in."""
    rows = csv.DictReader(io.StringIO(local_data.seattle_temps.raw().decode()))
    known = {datetime.strptime(row["date"], "%Y/%m/%d %H:%M"): (float(row["temp"]) - 32) / 1.8 for row in rows}
    first, hour = min(known), timedelta(hours=1)
    times = tuple(first + hour * i for i in range((max(known) - first) // hour + 1))
    celsius = [known[at] if at in known else (known[at - hour] + known[at + hour]) / 2 for at in times]
    return times, torch.tensor(celsius, dtype=torch.float64)


@TASKS.register("hourly")
class Hourly(SeriesTask):
    """Predict how the temperature changes within an hour from the changes of the last T hours.

    Inputs ``(time, batch, 1)``: the changes of T = `seq_len` hours in a row, each the temperature less that of the hour
    before; target ``(batch, 1)``: the next change. All are °C (converted from °F) less the mean and divided by the
    standard deviation of the training months; the metric is in °C. Changes and not temperatures, because they have the
    same size in winter and in summer; their errors are those of the temperature itself.

    The series is `seattle_temps` of the package `vega_datasets` (NOAA), which calls it the hours of 2010. It can hardly
    be the weather of one year: at the same hour of the next day it differs by 0.09 °C on average, and no front ever
    passes. It looks like an average over many years, so this is a task about a very regular rhythm. One hour is missing
    (14 March, 3 o'clock) and is set to the mean of its neighbours. January to October are for training, November and
    December are held out; no window crosses the border.
    """

    label = "Hour by hour"
    keywords = "weather temperature forecast time series hours climate season"
    data = "Real: an average year of temperatures in Seattle by the hour, as shipped in vega_datasets."
    order = 73
    question = "How much warmer will it be in an hour? Every day is alike here, and yesterday knows."
    summary = "The temperatures of Seattle hour by hour, without any weather in them. Predict the next change."
    metric_unit = shown_unit = "°C"
    unit_label = "change in °C"
    next_name = "next hour"
    seq_len_label = "Hours seen"
    seq_len_range = (2, 168)
    recommended = {"seq_len": 24, "lr": 0.02, "schedule": "cosine", "steps": 2000}
    beats = ("next hour = this hour", "the mean for the hour")
    fails = {
        "feedforward": "It sees ten hours, less than a day: off by 0.08 to 0.10 °C, gated cells by 0.03 to 0.04 °C.",
    }
    form = "+.2f"
    measured_on = ", November and December"

    def setup(self) -> None:
        """Load the series, take its changes and divide them."""
        times, celsius = hours()
        self.divide(celsius.diff(), sum(at < HELD_OUT_FROM for at in times[1:]))

    def baselines(self) -> tuple[Baseline, ...]:
        """Return persistence, the mean for the hour, yesterday's change and a straight-line fit."""
        return (
            self.rival("next hour = this hour", self.unchanged, "persistence, no change", "memoryless"),
            self.rival(
                "the mean for the hour", seasonal_mean(self.series, self.border, PERIOD),
                f"the mean change from January to October at that hour of the day, a season of {PERIOD} hours",
            ),
            self.rival("the same change as yesterday", self.series.roll(PERIOD), f"the change {PERIOD} hours before"),
            self.rival(
                "least squares on all hours", self.weighted_sum(),
                f"a weighted sum of the last {self.seq_len} changes, fitted on January to October",
            ),
        )  # fmt: skip
