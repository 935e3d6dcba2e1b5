"""A column of numbers out of a table that anyone can paste in: what was read, and what had to be done to it."""

import csv
import io
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rnncore.errors import ConfigError

FEWEST = 60
LARGEST = 1e12
MOST_COLUMNS = 100
MOST_MISSING = 0.05
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|[+-]?(nan|inf|infinity)")


@dataclass(frozen=True)
class Parsed:
    """A column as numbers.

    Attributes
    ----------
    values
        The numbers in order, all finite.
    names
        What the columns of the table are called.
    column
        The one that was read.
    notes
        For a person: one sentence each on what was read, what was missing and what was done about it.
    """

    values: tuple[float, ...]
    names: tuple[str, ...]
    column: str
    notes: tuple[str, ...]


@lru_cache(maxsize=8)
def parse(text: str, column: str = "") -> Parsed:
    """Read one column of a table separated by commas, semicolons or tabs, whose first line may name the columns.

    Parameters
    ----------
    text
        The table. With semicolons as separators, decimal commas are understood. Blank lines are left out.
    column
        The column's name, whether in capitals or not; empty takes the first in which most cells are numbers.

    Raises
    ------
    ConfigError
        If there is no such column, fewer than 60 rows, more than one value in twenty missing or unreadable, a
        number that is not finite or beyond 10^12, or always the same number. Fewer missing values are filled in
        along a straight line between their neighbours, or left out at either end.
    """
    names, rows, notes = _table(text)
    at = _column(column, names, rows)
    values = [_number(cells[at], line) for line, cells in rows]
    missing = [line for (line, _), value in zip(rows, values, strict=True) if value is None]
    name = names[at]
    if len(values) < FEWEST:
        raise ConfigError(f"'data' must have at least {FEWEST} rows of numbers, not {len(values)}: paste more.")
    if len(missing) > MOST_MISSING * len(values):
        raise ConfigError(
            f"{len(missing)} of {len(values)} rows have no number in column {at + 1}, {_lines(missing)}: at most "
            f"{MOST_MISSING:.0%} can be filled in, so mend the table or name another of its {len(names)} columns."
        )
    filled, left_out = _fill(values)
    if len(filled) < FEWEST:
        raise ConfigError(f"'data' must have at least {FEWEST} rows with a number, not {len(filled)}: paste more.")
    if min(filled) == max(filled):
        raise ConfigError(f"Column {at + 1} is {filled[0]:g} in all rows: name another of the {len(names)} columns.")
    notes = (f"{len(values)} rows were read; the column “{name}” is forecast.", *notes)
    if missing:
        done = "filled in along a straight line between the neighbours" + (
            f", or left out at the ends ({left_out})" if left_out else ""
        )
        notes += (f"{len(missing)} missing or unreadable, {_lines(missing)}: {done}.",)
    return Parsed(tuple(filled), names, name, notes)


def _table(text: str) -> tuple[tuple[str, ...], list[tuple[int, list[str]]], tuple[str, ...]]:
    """Return the columns' names, the rows with their line numbers, all equally long, and notes."""
    text = text.removeprefix("\ufeff")
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = next((mark for mark in ";\t," if mark in first), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    try:
        lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise ConfigError(f"'data' cannot be read as a table: {error}, line {reader.line_num}.") from None
    while lines and not any(lines[-1][1]):
        lines.pop()
    rows = [(line, cells) for line, cells in lines if any(cells)]
    blank = len(lines) - len(rows)
    width = max((len(cells) for _, cells in rows), default=0)
    if not 1 <= width <= MOST_COLUMNS:
        raise ConfigError(f"'data' must be a table of 1 to {MOST_COLUMNS} columns, not {width}: paste another.")
    if separator == ";":
        rows = [(line, [_with_point(cell) for cell in cells]) for line, cells in rows]
    rows = [(line, cells + [""] * (width - len(cells))) for line, cells in rows]
    headed = not any(_is_number(cell) for cell in rows[0][1])
    header = rows.pop(0)[1] if headed else [""] * width
    names = tuple(_one_line(name) or f"column {i}" for i, name in enumerate(header, 1))
    return names, rows, (f"{blank} blank lines were left out.",) if blank else ()


def _column(wanted: str, names: tuple[str, ...], rows: list[tuple[int, list[str]]]) -> int:
    if wanted := _one_line(wanted):
        folded = [name.casefold() for name in names]
        if wanted.casefold() not in folded:
            raise ConfigError(f"No column of 'data' has the name given in 'column': name one of its {len(names)}.")
        return folded.index(wanted.casefold())
    for at in range(len(names)):
        if 2 * sum(_is_number(cells[at]) for _, cells in rows) > len(rows):
            return at
    raise ConfigError(f"No column of 'data' consists of numbers, of {len(names)}: paste another table.")


def _one_line(name: str) -> str:
    return " ".join(name.split())[:40]


def _with_point(cell: str) -> str:
    return cell if "." in cell else cell.replace(",", ".")


def _is_number(cell: str) -> bool:
    return NUMBER.fullmatch(cell.lower().replace("−", "-")) is not None


def _number(cell: str, line: int) -> float | None:
    if not _is_number(cell):
        return None
    value = float(cell.replace("−", "-"))
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise ConfigError(f"Line {line} of 'data' has {cell[:20]!r}: numbers must lie between -10^12 and 10^12.")
    return value


def _fill(values: list[float | None]) -> tuple[list[float], int]:
    """Return the values with gaps bridged by straight lines, and how many at the ends were left out."""
    known = [(at, value) for at, value in enumerate(values) if value is not None]
    filled = [known[0][1]] if known else []
    for (before, start), (after, end) in pairwise(known):
        span = after - before
        filled += [start + (end - start) * step / span for step in range(1, span)] + [end]
    return filled, len(values) - len(filled)


def _lines(numbers: list[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:3])
    return f"line {shown}" if len(numbers) == 1 else f"lines {shown}" + (" and others" if len(numbers) > 3 else "")
