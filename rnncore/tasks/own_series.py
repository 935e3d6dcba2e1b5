"""A series of one's own: predict the next change in a column of a table that anyone can paste in."""

import csv
import io
from typing import Self

import torch
from pydantic import model_validator
from torch import Tensor
from vega_datasets import local_data

from rnncore.errors import ConfigError
from rnncore.settings import setting
from rnncore.tasks.base import TASKS, Baseline, TaskOptions
from rnncore.tasks.series import SeriesTask, seasonal_mean
from rnncore.tasks.table import parse

COLUMNS = ("nonfarm", "manufacturing", "retail_trade", "government")
FEWEST_WINDOWS = 5
STEADY, TINY, WILD = 1e-12, 1e-30, 1e6


def _jobs() -> str:
    """Return jobs in the United States in thousands, month by month from 2006 to 2015, as a table."""
    rows = csv.DictReader(io.StringIO(local_data.us_employment.raw().decode()))
    return "\n".join(
        [",".join(("month", *COLUMNS)), *(",".join((r["month"][:7], *(r[c] for c in COLUMNS))) for r in rows)]
    )


class OwnSeriesOptions(TaskOptions):
    """The table, its column and its season."""

    data: str = setting(
        _jobs(), max_length=20_000, group="task", label="Table", unit="characters",
        help="A table with one row per step, separated by commas, semicolons or tabs: at least 60 rows. The last fifth "
        "is held out. The built-in one is the number of jobs in the United States in thousands, month by month.",
    )  # fmt: skip
    column: str = setting(
        "", max_length=40, group="task", label="Column",
        help="Name of the column to forecast. Empty: the first one that consists of numbers.",
    )  # fmt: skip
    period: int = setting(
        12, ge=1, le=1000, group="task", label="Season", unit="steps", log=True,
        help="After how many steps the season comes back: 12 for months, 7 for days of the week. 1: there is none. "
        "It sets a rival to beat, the mean for the season; the network is not told.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _check(self) -> Self:
        parsed = parse(self.data, self.column)
        changes, border = _changes(parsed.values)
        training = changes[:border]
        if training.std() <= max(TINY, STEADY * max(map(abs, parsed.values[: border + 1]))):
            raise ConfigError(
                "The column to forecast changes by the same amount at every step of its first four fifths, which "
                f"leaves nothing to learn: name another of the {len(parsed.names)} columns in 'column'."
            )
        if (changes - training.mean()).abs().max() > WILD * training.std():
            raise ConfigError(
                "The column to forecast jumps in its last fifth by more than a million times what is usual "
                "before: mend the table."
            )
        return self


@TASKS.register("own_series")
class OwnSeries(SeriesTask):
    """Predict how a series of one's own changes in the next step.

    Inputs ``(time, batch, 1)``: T = `seq_len` changes in a row, each a value of the column less the one before; target
    ``(batch, 1)``: the next change. All are less the mean and divided by the standard deviation of the training part;
    the metric is in the unit of the column. Changes and not values, because a series that grows soon leaves the range
    in which the network was trained; the errors are those of the values themselves.

    The first four fifths are for training, the last fifth is held out; no window crosses the border. `parsed` tells how
    the table was read; missing values are filled in as `rnncore.tasks.table.parse` says, before the split. In the table
    an answer counts as right within half a standard deviation of the training changes.

    The built-in series are real: jobs in the United States from the Bureau of Labor Statistics, shipped in the package
    `vega_datasets`; seasonally adjusted, so that the mean for the season is a weak rival here.
    """

    label = "Own series"
    data = "Yours; until then real numbers of jobs from the US Bureau of Labor Statistics."
    order = 74
    question = "What comes next in your own numbers? Paste a table and see who forecasts it best."
    summary = "A column of a table of your own, or jobs in the United States by month. Predict its next change."
    metric_unit = "units of the column"
    unit_label = "change, in units of the column"
    next_name = "next step"
    seq_len_label = "Steps seen"
    seq_len_range = (2, 200)
    recommended = {"seq_len": 6, "hidden_size": 16, "schedule": "cosine", "steps": 300}
    beats = ("next value = this value", "always the mean change", "the same change again", "the mean for the season")
    form = "+.4g"
    Options = OwnSeriesOptions

    def setup(self) -> None:
        """Read the table, take the changes and divide them."""
        self.parsed = parse(self.options.data, self.options.column)
        changes, border = _changes(self.parsed.values)
        held_out, period = len(changes) - border, self.options.period
        if held_out - self.seq_len < FEWEST_WINDOWS:
            raise ConfigError(
                f"'seq_len' of {self.seq_len} leaves too little of the held-out fifth, {held_out} steps: choose at "
                f"most {held_out - FEWEST_WINDOWS}, or paste {5 * (self.seq_len + FEWEST_WINDOWS) + 1:,} rows."
            )
        if period > border // 2:
            raise ConfigError(
                f"'period' of {period} does not come back twice in the {border} steps for training: choose at "
                f"most {border // 2}, or paste more rows."
            )
        self.divide(changes, border)
        self.tolerance = self.deviation / 2

    def baselines(self) -> tuple[Baseline, ...]:
        """Return persistence, the mean, the same change again, the mean for the season and a straight-line fit."""
        rivals = [
            self.rival("next value = this value", self.unchanged, "persistence, no change", "memoryless"),
            self.rival("always the mean change", 0, f"{self.mean:+.4g} a step, the training mean"),
            self.rival("the same change again", self.held_out_windows[:, -2], "the last change, once more"),
        ]
        if (period := self.options.period) > 1:
            reason = f"the mean change of the training part at that place of a season of {period} steps"
            rivals.append(
                self.rival("the mean for the season", seasonal_mean(self.series, self.border, period), reason)
            )
        reason = f"a weighted sum of the last {self.seq_len} changes, fitted on the training part"
        return (*rivals, self.rival("least squares on all steps", self.weighted_sum(), reason))


def _changes(values: tuple[float, ...]) -> tuple[Tensor, int]:
    """Return the changes from step to step, float64, and how many of them are for training."""
    changes = torch.tensor(values, dtype=torch.float64).diff()
    return changes, len(changes) - len(changes) // 5
