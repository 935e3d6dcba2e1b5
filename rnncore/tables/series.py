"""One column of a table as numbers in the order of time, with a report on all that was decided on the way."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnncore.errors import ConfigError
from rnncore.number_text import exact
from rnncore.tables import sentences
from rnncore.tables.cells import tidy
from rnncore.tables.columns import Kind, kinds
from rnncore.tables.dates import Moments, read_dates
from rnncore.tables.numbers import read_numbers
from rnncore.tables.order import Ordered, in_order, moment_text
from rnncore.tables.reading import AUTO, FEWEST_ROWS, Decimal, Reading, lines_said
from rnncore.tables.table import Table

LARGEST = 1e12
MOST_MISSING = 0.05
_NINES = (99, 999, 9999, 99_999, 999_999, 99.9, 999.9, 9999.9, 99.99, 999.99, 9999.99, 8888, 32_767, 32_768)
CODES = tuple(sign * code for code in _NINES for sign in (-1, 1))


@dataclass(frozen=True)
class Series:
    """A column as numbers.

    Attributes
    ----------
    values
        ``(rows,)`` float64 in order, all finite; not to be written to.
    names, offered
        What all columns are called, and which of them are measurements, in the order of the table.
    column
        The one that was read.
    unit
        What its name gives in brackets, or the sign beside its numbers; "" if there is none.
    span
        The first and the last moment in words, "" if the table has no dates.
    notes
        For a person: one sentence each on what was read, what was missing and what was done about it.
    codes
        Numbers that look like marks for "missing", such as -999, and were taken as numbers.
    decimal, decimal_unclear, dates_unclear
        The decimal mark taken; and whether marks or dates could be read in another way.
    """

    values: np.ndarray
    names: tuple[str, ...]
    offered: tuple[str, ...]
    column: str
    unit: str
    span: str
    notes: tuple[str, ...]
    codes: tuple[float, ...]
    decimal: Decimal
    decimal_unclear: bool
    dates_unclear: bool


def offered(table: Table) -> list[int]:
    """Return the places of columns worth forecasting, best first: measurements, then other numbers."""
    found = kinds(table)
    order: tuple[Kind, ...] = ("measurement", "constant", "part of a date", "counter", "year")
    return [at for kind in order for at, each in enumerate(found) if each == kind]


def find_column(table: Table, wanted: str) -> int:
    """Return the place of the column of this name, whether in capitals or not."""
    plain = " ".join(tidy(wanted).split())[:40].casefold()
    folded = [name.casefold() for name in table.names]
    if plain not in folded:
        raise ConfigError(f"No column of 'data' has the name given in 'column': name one of its {len(folded)}.")
    return folded.index(plain)


def read_column(table: Table, at: int, reading: Reading = AUTO) -> Series:
    """Read one column of a table.

    Raises
    ------
    ConfigError
        If it has fewer than 60 rows of numbers, more than one value in twenty missing or unreadable, a number that is
        not finite or beyond 10^12, or always the same number. Fewer missing values are filled in along a straight line
        between their neighbours, or left out at either end.
    """
    found = kinds(table)
    cells = table.column(at)
    numbers = read_numbers(cells, reading.decimal, _hint(table, at, found))
    values = numbers.values
    if reading.missing_code is not None:
        values = np.where(values == reading.missing_code, np.nan, values)
    moments = _moments(table, found, reading)
    ordered = (
        in_order(moments.times, table.lines, reading.rows)
        if moments is not None and len(table.lines) > 1
        else Ordered(np.arange(len(cells)), np.full(len(cells), np.datetime64("NaT", "us")), ())
    )
    values = values[ordered.places]
    lines = [table.lines[place] for place in ordered.places]
    _check(values, lines, cells, at, table)
    filled, left_out = _fill(values)
    if len(filled) < FEWEST_ROWS:
        raise ConfigError(f"'data' must have at least {FEWEST_ROWS} rows with a number, not {len(filled)}: add rows.")
    if filled.min() == filled.max():
        raise ConfigError(
            f"Column {at + 1} is {exact(filled[0])} in all rows, so there is nothing to forecast: choose another of "
            f"the {len(table.names)} columns."
        )
    codes = _codes(filled)
    filled.setflags(write=False)
    dated = ordered.times[~np.isnat(ordered.times)]
    span = f"{moment_text(dated[0])} to {moment_text(dated[-1])}" if len(dated) else ""
    notes = (
        *sentences.layout(table), *sentences.marks(numbers), *sentences.signs(numbers, table, cells),
        *sentences.dates(moments),
        *(ordered.notes if moments else sentences.undated(table, found)),
        *sentences.missing(values, numbers, table, cells, left_out, reading), *sentences.codes(codes, filled),
    )  # fmt: skip
    return Series(
        filled, table.names, tuple(table.names[place] for place in offered(table)), table.names[at],
        _unit(table.names[at]) or numbers.sign, span, notes, codes, numbers.decimal, bool(numbers.unclear),
        moments is not None and bool(moments.unclear),
    )  # fmt: skip


def _hint(table: Table, at: int, found: Sequence[Kind]) -> Decimal:
    """Return the decimal mark that other columns show beyond doubt, or that goes with the separator."""
    for other, kind in enumerate(found):
        if other != at and kind in ("measurement", "constant"):
            cells = [cell for block in table.sample(other) for cell in block]
            read = read_numbers(cells, "auto")
            if not read.unclear and any("." in cell or "," in cell for cell in cells):
                return read.decimal
    column = table.column(at)
    return (
        "comma" if table.separator in ("semicolon", "tab", "none") and any("," in cell for cell in column) else "auto"
    )


def _moments(table: Table, found: Sequence[Kind], reading: Reading) -> Moments | None:
    """Return when each row was: a column of dates, with the time of day beside it, or a year and parts of a date."""
    if "date" in found:
        cells = table.column(found.index("date"))
        clock = found.index("time of day") if "time of day" in found else None
        if clock is not None and not any(":" in cell for cell in cells[:100]):
            times = table.column(clock)
            joined = [f"{day} {time}" if day and time else "" for day, time in zip(cells, times, strict=True)]
            if (both := read_dates(joined, reading.dates)) is not None:
                return both
        return read_dates(cells, reading.dates)
    if "year" not in found:
        return None
    parts = {"year": found.index("year")}
    for at, name in enumerate(table.names):
        word = name.casefold()
        part = {"month": "month", "monat": "month", "mon": "month", "mo": "month", "day": "day", "tag": "day"}.get(word)
        if part and found[at] in ("part of a date", "counter"):
            parts[part] = at
    return _joined(table, parts)


def _joined(table: Table, parts: dict[str, int]) -> Moments | None:
    columns = {part: read_numbers(table.column(at), "auto").values for part, at in parts.items()}
    ones = np.ones(len(table.lines))
    years, months, days = columns["year"], columns.get("month", ones), columns.get("day", ones)
    with np.errstate(invalid="ignore"):
        good = np.isfinite(years) & np.isfinite(months) & np.isfinite(days)
        sensible = good & (years > 1000) & (years < 3000) & (months >= 1) & (months <= 12) & (days >= 1) & (days <= 31)
    if not sensible.any():
        return None
    whole = [np.where(sensible, column, 1).astype(np.int64) for column in (years, months, days)]
    part_of_year = np.where(sensible, years % 1, 0)  # 1958.2027
    first = (whole[0] - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (whole[1] - 1)
    times = first.astype("datetime64[D]") + (whole[2] - 1) + (part_of_year * 365).astype(np.int64)
    times = times.astype("datetime64[us]")
    times[~sensible] = np.datetime64("NaT")
    return Moments(times, "parts", "")


def _check(values: np.ndarray, lines: list[int], cells: list[str], at: int, table: Table) -> None:
    """Refuse what no series can be made of."""
    rows, columns = len(values), len(table.names)
    if not np.isfinite(values).any() and not np.isinf(values).any():
        raise ConfigError(f"Column {at + 1} of 'data' has no numbers: choose another of its {columns} columns.")
    if rows < FEWEST_ROWS:
        raise ConfigError(f"'data' must have at least {FEWEST_ROWS} rows of numbers, not {rows}: add rows.")
    too_large = np.flatnonzero(np.abs(values) > LARGEST)
    if len(too_large):
        line = lines[too_large[0]]
        said = cells[table.lines.index(line)][:20]
        raise ConfigError(
            f"Line {line:,} of 'data' has {said!r}: numbers must lie between -10^12 and 10^12, so choose another "
            "column, mend that line, or give the numbers in a larger unit."
        )
    missing = np.flatnonzero(np.isnan(values))
    if len(missing) > MOST_MISSING * rows:
        raise ConfigError(
            f"{len(missing):,} of {rows:,} rows have no number in column {at + 1}, "
            f"{lines_said([lines[place] for place in missing])}: at most {MOST_MISSING:.0%} can be filled in, so mend "
            f"the table or choose another of its {columns} columns."
        )


def _fill(values: np.ndarray) -> tuple[np.ndarray, int]:
    """Return the values with gaps bridged by straight lines, and how many at the ends were left out."""
    known = np.flatnonzero(~np.isnan(values))
    places = np.arange(known[0], known[-1] + 1)
    return np.interp(places, known, values[known]), len(values) - len(places)


def _codes(values: np.ndarray) -> tuple[float, ...]:
    """Return numbers such as -999 that lie further from all others than those lie from each other."""
    found = [code for code in CODES if (values == code).any()]
    others = values[~np.isin(values, found)]
    if not found or not len(others):
        return ()
    low, high = others.min(), others.max()
    return tuple(code for code in found if max(low - code, code - high) > max(high - low, 1e-12))


def _unit(name: str) -> str:
    """Return what a name gives in brackets at its end: "C" of "temp; mean (C)"."""
    for opening, closing in ("()", "[]"):
        if name.endswith(closing) and opening in name[1:]:
            return name[name.rindex(opening) + 1 : -1].strip()[:20]
    return ""
