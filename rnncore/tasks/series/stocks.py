"""The S&P 500 week by week, 2000 to 2020: predict next week's change, which nobody can."""

import csv
from datetime import date
from pathlib import Path

import torch
from torch import Tensor

from rnncore.caching.once import once_for_each
from rnncore.tasks.base import TASKS, Baseline
from rnncore.tasks.series.forecast import SeriesTask

FILE = Path(__file__).with_name("data") / "sp500.csv"


@once_for_each(1)
def closes() -> tuple[tuple[date, ...], Tensor]:
    """Return the last trading day of each of 1,059 weeks and the index at its close, in points, float64."""
    rows = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
    points = torch.tensor([float(row["close"]) for row in rows], dtype=torch.float64)
    return tuple(date.fromisoformat(row["date"]) for row in rows), points


@TASKS.register("stocks")
class Stocks(SeriesTask):
    """Predict how much a stock index will change within a week, from the changes of the last T weeks.

    Inputs ``(time, batch, 1)``: T = `seq_len` weekly changes in a row, each in per cent of the week before; target
    ``(batch, 1)``: the next one. All are less the mean and divided by the standard deviation of the training weeks; the
    metric is in per cent of the index. Changes and not the index itself, because it rises out of the range in which the
    network was trained, and because a forecast that merely repeats the last value looks good in every figure.

    The S&P 500, 500 large companies of the United States, at the close of the last trading day of each week, January
    2000 to April 2020; dividends are not in it. Thinned from the daily values of the npm package `vega-datasets` 3.2.1,
    which has them from Yahoo Finance. The last fifth is held out, from April 2016 with the crash of 2020 at its end; no
    window crosses the border.
    """

    label = "Stock index"
    keywords = "finance market money shares price S&P forecast time series economy trading"
    data = "Real: weekly closes of the Standard & Poor's 500 from 2000 to 2020."
    order = 72
    question = "Where will the stock market stand next week? Nobody knows, and no network will tell you."
    summary = "The S&P 500 week by week. Predict its next change: a task that cannot be learned."
    metric_unit = "% of the index"
    unit_label = "change in %"
    shown_unit = "%"
    next_name = "next week"
    seq_len_label = "Weeks seen"
    seq_len_range = (2, 104)
    recommended = {"seq_len": 12, "hidden_size": 16, "lr": 0.003, "schedule": "cosine", "steps": 300}
    beats = ()  # nobody: it cannot be forecast
    form = "+.2f"
    measured_on = ", up to April 2020"

    def setup(self) -> None:
        """Turn the index into changes and divide them."""
        points = closes()[1]
        changes = 100 * (points[1:] / points[:-1] - 1)
        self.divide(changes, len(changes) - len(changes) // 5)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return persistence, the mean change and a straight-line fit."""
        return (
            self.rival("next week = this week", self.unchanged, "the index stays", "memoryless"),
            self.rival("always the mean change", 0, f"{self.mean:+.2f} % a week, the mean of the training weeks"),
            self.rival(
                "least squares on all weeks", self.weighted_sum(),
                f"a weighted sum of the last {self.seq_len} changes, fitted on the training weeks",
            ),
        )  # fmt: skip
