"""A series of one's own: predict the next change in a column of a table that anyone can paste in."""

import csv
import io
import re
from typing import Self

import numpy as np
import torch
from pydantic import model_validator
from torch import Tensor
from vega_datasets import local_data

from rnncore.caching.by_text import CacheByText
from rnncore.errors import ConfigError
from rnncore.number_text import number
from rnncore.settings import setting
from rnncore.tables import Reading, Series, Table, read_column, read_table
from rnncore.tables.cells import looks_like_date
from rnncore.tables.reading import MOST_CHARACTERS, Dates, Decimal, Header, RowOrder, Separator
from rnncore.tables.series import find_column, offered
from rnncore.tasks.base import TASKS, Baseline, TaskOptions
from rnncore.tasks.series.forecast import SeriesTask, seasonal_mean

COLUMNS = ("nonfarm", "manufacturing", "retail_trade", "government")
FEWEST_WINDOWS = 5
STEADY, TINY, WILD = 1e-12, 1e-30, 1e6
_LIKE_A_NUMBER = re.compile(r"[0-9][\w .,:%°]{0,19}")
TRIED_COLUMNS = 4  # where no column is named, so many are tried until one can be forecast
_CACHE: CacheByText[Series] = CacheByText(64)  # at most 0.4 MB each


def _jobs() -> str:
    """Return jobs in the United States in thousands, month by month from 2006 to 2015, as a table."""
    rows = csv.DictReader(io.StringIO(local_data.us_employment.raw().decode()))
    return "\n".join(
        [",".join(("month", *COLUMNS)), *(",".join((r["month"][:7], *(r[c] for c in COLUMNS))) for r in rows)]
    )


_JOBS, JOBS_UNIT = _jobs(), "thousand jobs"


class OwnSeriesOptions(TaskOptions):
    """The table, its column and season, and how to read it where its text leaves that open."""

    data: str = setting(
        _JOBS, max_length=MOST_CHARACTERS, group="table", label="Table", unit="characters",
        help="A table with one row per step: 60 to 50,000 rows. The last fifth is held out. The built-in one is the "
        "number of jobs in the United States in thousands, month by month.",
    )  # fmt: skip
    column: str = setting(
        "", max_length=40, group="table", label="Column to forecast",
        help="Name of the column to forecast. Empty: the first one with measurements that can be forecast, not dates, "
        "years, months or running numbers.",
    )  # fmt: skip
    period: int = setting(
        12, ge=1, le=1000, group="task", label="Season", unit="steps", log=True,
        help="After how many steps the season comes back: 12 for months, 7 for days of the week. 1: there is none. "
        "It sets a rival to beat, the mean for the season; the network is not told.",
    )  # fmt: skip
    separator: Separator = setting(
        "auto", group="table", label="Separator", help="What stands between two cells of the table; none: one column.",
    )  # fmt: skip
    header: Header = setting(
        "auto", group="table", label="First line", help="Whether the first line of the table names its columns.",
    )  # fmt: skip
    decimal: Decimal = setting(
        "auto", group="table", label="Decimal mark",
        help="Which mark begins the decimals; the other one then groups digits. 1.103 is 1103 with the comma.",
    )  # fmt: skip
    dates: Dates = setting(
        "auto", group="table", label="Dates", help="Which comes first in dates such as 03/04/2020.",
    )  # fmt: skip
    rows: RowOrder = setting(
        "auto", group="table", label="Order of rows",
        help="By their dates, oldest first, where the table has dates; or as they stand in the table.",
    )  # fmt: skip
    missing_code: float | None = setting(
        None, ge=-1e6, le=1e6, group="table", label="Mark for missing",
        help="A number that stands for a missing value, such as -999. Empty: every number counts.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _check(self) -> Self:
        self.series()
        return self

    def series(self) -> Series:
        """Return the column that is forecast; read once, however often it is asked for.

        Raises
        ------
        ConfigError
            If the column, or every one of the first few where none is named, cannot be read or forecast.
        """
        how = Reading(self.separator, self.header, self.decimal, self.dates, self.rows, self.missing_code)
        return _CACHE.get(self.data, (self.column, how), lambda: _read(self.data, self.column, how))


def _read(data: str, column: str, how: Reading) -> Series:
    table = read_table(data, how)
    places = [find_column(table, column)] if column.strip() else offered(table)[:TRIED_COLUMNS]
    if not places:
        other = "another table" if how == Reading() else "'auto' for how it is read, or another table"
        raise ConfigError(
            f"No column of 'data' consists of numbers, of {len(table.names)}{_no_number(table)} choose {other}."
        )
    refusal: ConfigError | None = None
    for at in places:
        try:
            series = read_column(table, at, how)
            _check_changes(series)
        except ConfigError as error:
            refusal = refusal or error
        else:
            return series
    assert refusal is not None  # noqa: S101
    raise refusal


def _no_number(table: Table) -> str:
    """Return what is said about a cell that begins like a number; it may stand on a page, so no other is named."""
    cells = (cell for at in reversed(range(len(table.names))) for cell in table.column(at)[:5])
    found = next((cell for cell in cells if _LIKE_A_NUMBER.fullmatch(cell) and not looks_like_date(cell)), "")
    return f"; “{found}” is none, so leave nothing but a number in each cell, or" if found else ":"


def _check_changes(series: Series) -> None:
    """Refuse a column whose changes leave nothing to learn."""
    changes, border = _changes(series.values)
    training = changes[:border]
    if training.std() <= max(TINY, STEADY * float(abs(series.values[: border + 1]).max())):
        raise ConfigError(
            "The column to forecast changes by the same amount at every step of its first four fifths, which "
            f"leaves nothing to learn: choose another of the {len(series.names)} columns."
        )
    if (changes - training.mean()).abs().max() > WILD * training.std():
        raise ConfigError(
            "The column to forecast jumps in its last fifth by more than a million times what is usual before: mend "
            "the table."
        )


@TASKS.register("own_series")
class OwnSeries(SeriesTask):
    """Predict how a series of one's own changes in the next step.

    Inputs ``(time, batch, 1)``: T = `seq_len` changes in a row, each a value of the column less the one before; target
    ``(batch, 1)``: the next change. All are less the mean and divided by the standard deviation of the training part;
    the metric is in the unit of the column. Changes and not values, because a series that grows soon leaves the range
    in which the network was trained; the errors are those of the values themselves.

    The first four fifths are for training, the last fifth is held out; no window crosses the border. `parsed` tells how
    the table was read; missing values are filled in as `rnncore.tables.read_column` says, before the split.

    The built-in series are real: jobs in the United States from the Bureau of Labor Statistics, shipped in the package
    `vega_datasets`; seasonally adjusted, so that the mean for the season is a weak rival here.
    """

    label = "Own series"
    keywords = "upload table CSV spreadsheet Excel forecast time series own data custom jobs economy"
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
        self.parsed = self.options.series()
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

    @property
    def within(self) -> str:
        """The distance within which an answer counts as right, with the unit where the table gives one."""
        unit = JOBS_UNIT if self.options.data == _JOBS else self.parsed.unit
        return f"{number(self.tolerance, 3)} {unit or f'in units of “{self.parsed.column}”'}"

    def written(self, value: float) -> str:
        """Return a change as it stands in the table."""
        return number(value, signed=True)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return persistence, the mean, the same change again, the mean for the season and a straight-line fit."""
        rivals = [
            self.rival("next value = this value", self.unchanged, "persistence, no change", "memoryless"),
            self.rival("always the mean change", 0, f"{number(self.mean, signed=True)} a step, the training mean"),
            self.rival("the same change again", self.held_out_windows[:, -2], "the last change, once more"),
        ]
        if (period := self.options.period) > 1:
            reason = f"the mean change of the training part at that place of a season of {period} steps"
            rivals.append(
                self.rival("the mean for the season", seasonal_mean(self.series, self.border, period), reason)
            )
        reason = f"a weighted sum of the last {self.seq_len} changes, fitted on the training part"
        return (*rivals, self.rival("least squares on all steps", self.weighted_sum(), reason))


def _changes(values: np.ndarray) -> tuple[Tensor, int]:
    """Return the changes from step to step, float64, and how many of them are for training."""
    changes = torch.from_numpy(np.diff(values))
    return changes, len(changes) - len(changes) // 5
