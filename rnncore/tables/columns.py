"""The kind of thing a column holds, from samples of it: a measurement, or where in time or in the table a row is."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from rnncore.tables.cells import is_missing, looks_like_date, looks_like_number
from rnncore.tables.dates import read_dates
from rnncore.tables.numbers import read_numbers
from rnncore.tables.table import Table

Kind = Literal["measurement", "date", "time of day", "year", "part of a date", "counter", "constant", "words"]

_TIME_NAME = re.compile(
    r"(?:year|jahr|yr|month|monat|mon|day|tag|date|datum|hour|stunde|hr|minute|week|woche|kw|quarter|quartal|weekday|"
    r"wochentag|time|zeit|timestamp|zeitstempel|epoch|unix|doy)"
    r"(?:[ _.-]?(?:of|no|nr|index|in)?[ _.-]?(?:year|month|week)?)"
)
_COUNTER_NAME = re.compile(
    r"(?:id|nr|no|nr\.|no\.|number|nummer|index|idx|row|rownum|zeile|step|obs|"
    r"unnamed: ?[0-9]+|#)"
)
_CLOCK = re.compile(r"[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?")
YEARS = (1500, 2300)
WRAPPING = 60  # months, days, hours and minutes begin again before this


def is_called_a_time(name: str) -> bool:
    """Return whether a column's name is one for times: date, month, Jahr."""
    return _TIME_NAME.fullmatch(name.casefold().strip()) is not None


def kinds(table: Table) -> list[Kind]:
    """Return the kind of each column, judged by samples of its rows."""
    return [_kind(name, table.sample(at)) for at, name in enumerate(table.names)]


def _kind(name: str, blocks: Sequence[Sequence[str]]) -> Kind:
    cells = [cell for block in blocks for cell in block if not is_missing(cell)]
    if not cells:
        return "words"
    if sum(_CLOCK.fullmatch(cell) is not None for cell in cells) > 0.9 * len(cells):
        return "time of day"
    lengths = (6, 8, 10, 13) if is_called_a_time(name) else (6, 8)  # 10: seconds since 1970
    dated = all(cell.isdecimal() and len(cell) in lengths for cell in cells) or not all(map(looks_like_number, cells))
    if (dated or all(map(looks_like_date, cells))) and len(set(cells)) > 1 and read_dates(cells) is not None:
        return "date"
    if 2 * sum(map(looks_like_number, cells)) <= len(cells):
        return "words"
    if len(set(cells)) == 1:
        return "constant"
    return _kind_of_numbers(name, [_whole(block) for block in blocks])


def _whole(block: Sequence[str]) -> list[float]:
    """Return the numbers of a block that are there."""
    return [value for value in read_numbers(block, "auto").values.tolist() if value == value]


def _kind_of_numbers(name: str, blocks: Sequence[list[float]]) -> Kind:
    plain = name.casefold().strip()
    values = [value for block in blocks for value in block]
    steps = [b - a for block in blocks for a, b in pairwise(block)]
    forwards = [step for step in steps if step]
    one_way = bool(forwards) and (min(forwards) > 0 or max(forwards) < 0)
    whole = all(value.is_integer() for value in values if abs(value) < 1e15)
    if one_way and min(values) >= YEARS[0] and max(values) <= YEARS[1] and (
        _TIME_NAME.fullmatch(plain) or (whole and max(map(abs, steps)) <= 1) or _are_decimal_years(forwards)
    ):  # fmt: skip
        return "year"
    if whole and len(steps) > 1:
        if len(set(steps)) == 1 and (abs(steps[0]) == 1 or _COUNTER_NAME.fullmatch(plain)):
            return "counter"
        if one_way and (_COUNTER_NAME.fullmatch(plain) or _TIME_NAME.fullmatch(plain)):
            return "counter"
        small = min(values) >= 0 and max(values) <= 366
        if small and (_TIME_NAME.fullmatch(plain) or _wraps(steps, values)):
            return "part of a date"
    return "measurement"


def _are_decimal_years(steps: list[float]) -> bool:
    """Return whether steps are a fraction of a year each, all nearly the same, as in 1958.2027, 1958.2877."""
    return max(map(abs, steps)) < 1 and max(map(abs, steps)) < 1.2 * min(map(abs, steps))


def _wraps(steps: list[float], values: list[float]) -> bool:
    """Return whether whole numbers count and begin again, as months and hours do."""
    on = sum(step in (0, 1) for step in steps)
    back = sum(step in (0, -1) for step in steps)
    few = len(set(steps)) <= (6 if 31 in values else 3)  # months begin again after 28 to 31 days
    return few and max(values) < WRAPPING and len(set(values)) > 3 and max(on, back) > 0.85 * len(steps)
