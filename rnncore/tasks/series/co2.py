"""Carbon dioxide over Mauna Loa, month by month: predict the next month's change."""

import csv
from pathlib import Path

import torch
from torch import Tensor

from rnncore.caching.once import once_for_each
from rnncore.tasks.base import TASKS, Baseline
from rnncore.tasks.series.forecast import SeriesTask, seasonal_mean

FILE = Path(__file__).with_name("data") / "co2.csv"
PERIOD = 12
HELD_OUT = 120


@once_for_each(1)
def months() -> tuple[tuple[tuple[int, int], ...], Tensor]:
    """Return the 672 months as (year, month), and the concentrations in ppm, float64."""
    rows = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
    ppm = torch.tensor([float(row["ppm"]) for row in rows], dtype=torch.float64)
    return tuple((int(row["year"]), int(row["month"])) for row in rows), ppm


@TASKS.register("co2")
class CO2(SeriesTask):
    """Predict how much carbon dioxide will be in the air next month, from the changes of the last T months.

    Inputs ``(time, batch, 1)``: the changes of T = `seq_len` months in a row, each the concentration less that of the
    month before; target ``(batch, 1)``: the next change. All are ppm (molecules in a million of dry air) less the mean
    and divided by the standard deviation of the training months; the metric is in ppm. Changes and not concentrations,
    because these climb: 104 of the 120 held-out ones are higher than all before. The errors of a change are those of
    the concentration itself.

    Measured on Mauna Loa, Hawaii, by the Scripps CO2 Program (C. D. Keeling and successors, scrippsco2.ucsd.edu), under
    the licence CC BY 4.0 (creativecommons.org/licenses/by/4.0), taken from the npm package `vega-datasets` 3.2.1. What
    was changed: the column adjusted for the season is left out, and so are the months before May 1964, five of which
    are missing; the 672 until April 2020 are complete. The last ten years are held out; no window crosses the border.
    """

    label = "Carbon dioxide"
    keywords = "climate carbon dioxide forecast time series season trend atmosphere environment"
    data = "Real: monthly means at Mauna Loa from 1964 to 2020, Scripps CO2 Program."
    order = 71
    question = "How much carbon dioxide will be in the air next month? The Earth breathes, and the curve climbs."
    summary = "The air over Hawaii, measured each month since 1964. Predict how its carbon dioxide changes next."
    metric_unit = shown_unit = "ppm"
    unit_label = "change in ppm"
    next_name = "next month"
    seq_len_label = "Months seen"
    seq_len_range = (2, 60)
    recommended = {"seq_len": 24, "hidden_size": 16, "lr": 0.01, "schedule": "cosine", "steps": 3000}
    beats = ("next month = this month", "the mean for the month", "the same change as a year ago")
    form = "+.2f"
    measured_on = ", up to April 2020"

    def setup(self) -> None:
        """Load the series, take its changes and divide them."""
        changes = months()[1].diff()
        self.divide(changes, len(changes) - HELD_OUT)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return persistence, the mean for the month, last year's change and a straight-line fit."""
        return (
            self.rival("next month = this month", self.unchanged, "persistence, no change", "memoryless"),
            self.rival(
                "the mean for the month", seasonal_mean(self.series, self.border, PERIOD),
                f"the mean change until April 2010 in that month of the year, a season of {PERIOD} months",
            ),
            self.rival(
                "the same change as a year ago", self.series.roll(PERIOD), f"the change {PERIOD} months before"
            ),
            self.rival(
                "least squares on all months", self.weighted_sum(),
                f"a weighted sum of the last {self.seq_len} changes, fitted on the months until April 2010",
            ),
        )  # fmt: skip
