"""Share prices of five companies, 2000 to 2010: predict next month's change, which nobody can."""

import csv
import io
from datetime import date, datetime
from functools import lru_cache

import torch
from torch import Tensor
from vega_datasets import local_data

from rnncore.tasks.base import TASKS, Baseline
from rnncore.tasks.linear import least_squares
from rnncore.tasks.series import SeriesTask

HELD_OUT_FROM = 2007


@lru_cache(maxsize=1)
def prices() -> dict[str, tuple[tuple[date, ...], Tensor]]:
    """Return, by company, the months and the prices in dollars, float64."""
    found: dict[str, list[tuple[date, float]]] = {}
    for row in csv.DictReader(io.StringIO(local_data.stocks.raw().decode())):
        day = datetime.strptime(row["date"], "%b %d %Y").date()
        found.setdefault(row["symbol"], []).append((day, float(row["price"])))
    return {
        company: (tuple(day for day, _ in rows), torch.tensor([price for _, price in rows], dtype=torch.float64))
        for company, rows in found.items()
    }


@TASKS.register("stocks")
class Stocks(SeriesTask):
    """Predict how much a share price will change within a month, from the changes of the last T months.

    Inputs ``(time, batch, 1)``: T = `seq_len` monthly changes in a row, each in per cent of the price before; target
    ``(batch, 1)``: the next one. All are less the mean and divided by the standard deviation of the training years; the
    metric is in per cent of the price. Changes and not prices, because prices rise out of the range in which the
    network was trained, and because a forecast that merely repeats the last price looks good in every figure.

    Real monthly prices of Amazon, Apple, Google (from August 2004), IBM and Microsoft, January 2000 to March 2010,
    shipped in the package `vega_datasets` (which calls them daily); no month is missing. 2000 to 2006 are for training,
    the later years are held out for all companies alike; no window crosses the border. In the table an answer counts as
    right within 2 points.
    """

    label = "Share prices"
    order = 72
    question = "What will the share cost next month? Nobody knows, and no network will tell you."
    summary = "Monthly share prices of five companies. Predict the next change: a task that cannot be learned."
    metric_unit = "% of the price"
    unit_label = "change in %"
    shown_unit = "%"
    next_name = "next month"
    seq_len_label = "Months seen"
    seq_len_range = (2, 24)
    recommended = {"seq_len": 6, "hidden_size": 16, "lr": 0.003, "schedule": "cosine", "steps": 300}
    tolerance = 2.0

    def setup(self) -> None:
        """Turn prices into changes, normalise them with the training years and cut them into windows."""
        training, held_out = [], []
        for months, dollars in prices().values():
            changes = 100 * (dollars[1:] / dollars[:-1] - 1)
            border = sum(month.year < HELD_OUT_FROM for month in months[1:])
            training.append(changes[:border])
            held_out.append(changes[border:])
        self.normalise(torch.cat(held_out), torch.cat(training))
        size = self.seq_len + 1
        self.training_windows = torch.cat([self.as_normal(part).float().unfold(0, size, 1) for part in training])
        self.held_out_windows = torch.cat([self.as_normal(part).float().unfold(0, size, 1) for part in held_out])
        self.held_out_size = len(self.held_out_windows)

    def written(self, value: float) -> str:
        """Return a change with its sign."""
        return f"{value:+.1f}"

    def baselines(self) -> tuple[Baseline, ...]:
        """Return persistence, the mean change and a straight-line fit."""
        windows = self.held_out_windows
        how = f"Measured on all {len(windows)} held-out windows, {HELD_OUT_FROM} to March 2010"
        past, following = self.training_windows[:, :-1], self.training_windows[:, -1]
        unchanged = self.as_normal(torch.zeros(len(windows), dtype=torch.float64))
        return (
            Baseline("memoryless", "next month = this month", *self.scored(unchanged), f"{how}; the price stays."),
            Baseline(
                "other",
                "always the mean change",
                *self.scored(torch.zeros(len(windows))),
                f"{how}; {self.mean:+.1f} % a month, the mean of the training years. It is above zero in a "
                "list that was made afterwards, of companies that had grown.",
            ),
            Baseline(
                "other",
                "least squares on all months",
                *self.scored(least_squares(past, following, windows[:, :-1])),
                f"{how}; a weighted sum of the last {self.seq_len} changes, fitted on the training years.",
            ),
        )
