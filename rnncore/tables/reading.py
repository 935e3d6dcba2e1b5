"""The reading of a table where its text leaves it open; and the sizes that are checked before anything is read."""

from typing import Literal, NamedTuple

FEWEST_ROWS, MOST_ROWS = 60, 50_000
MOST_COLUMNS = 100
MOST_CHARACTERS = 4_000_000
LONGEST_LINE = 50_000  # characters; a row of 100 columns has about a thousand

Separator = Literal["auto", "comma", "semicolon", "tab", "bar", "spaces", "none"]
Header = Literal["auto", "names", "no names"]
Decimal = Literal["auto", "point", "comma"]
Dates = Literal["auto", "day first", "month first"]
RowOrder = Literal["auto", "as they stand"]


class Reading(NamedTuple):
    """The choices that a table's text can leave open; "auto" decides by the whole table or column.

    Attributes
    ----------
    separator
        What stands between two cells; "none" for a table of one column.
    header
        Whether the first line names the columns.
    decimal
        The decimal mark; the other one of point and comma then groups digits.
    dates
        Which comes first in dates such as 03/04/2020.
    rows
        "auto" puts rows in the order of their dates, "as they stand" leaves them.
    missing_code
        A number that stands for "missing", such as -999.
    """

    separator: Separator = "auto"
    header: Header = "auto"
    decimal: Decimal = "auto"
    dates: Dates = "auto"
    rows: RowOrder = "auto"
    missing_code: float | None = None


AUTO = Reading()


def lines_said(numbers: list[int]) -> str:
    """Name lines of a file in words: "line 7", "lines 7, 8, 9 and 2 others"."""
    shown = ", ".join(f"{number:,}" for number in numbers[:3])
    others = len(numbers) - 3
    more = f" and {others:,} other{'s' if others > 1 else ''}" if others > 0 else ""
    return f"line {shown}" if len(numbers) == 1 else f"lines {shown}{more}"


def counted(number: int, what: str) -> str:
    """Return a number with its noun: "1 row", "3,650 rows"."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
