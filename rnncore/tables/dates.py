"""A column of cells as moments: one format for the whole column, found by trying."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnncore.tables.cells import LONGEST_DATE, is_missing
from rnncore.tables.reading import Dates

if TYPE_CHECKING:
    pass

TRIED = 60
ENOUGH = 0.9  # share of cells that must fit a format
DAY_FIRST = ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y", "%d/%m/%y", "%d-%m-%y")
OTHERS = ("%Y %d %m", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d %b %y", "%b %d %Y", "%b-%d-%Y", "%Y-%b-%d", "%Y %b %d")
MONTHS = ("%m/%Y", "%m.%Y", "%m-%Y", "%b %Y", "%b-%Y", "%Y-%b", "%Y %b", "%b-%y", "%b %y", "%Y%b", "%Ym%m", "%Y%m")
TIMES = (" %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", "T%H:%M", "T%H:%M:%S")
NAMES = {
    "januar": "jan", "january": "jan", "februar": "feb", "february": "feb", "march": "mar", "märz": "mar", "mär": "mar",
    "mrz": "mar", "maerz": "mar", "april": "apr", "mai": "may", "june": "jun", "juni": "jun", "july": "jul",
    "juli": "jul", "august": "aug", "september": "sep", "sept": "sep", "october": "oct", "oktober": "oct", "okt": "oct",
    "november": "nov", "december": "dec", "dezember": "dec", "dez": "dec",
    **dict.fromkeys(["mon", "tue", "wed", "thu", "fri", "sat", "sun", "mo", "di", "mi", "do", "fr", "sa", "so",
                     "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "cet", "cest", "mez", "mesz", "bst", "jst",
                     "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "utc", "gmt"], ""),
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_QUARTER = re.compile(r"([12][0-9]{3})[ -]?q([1-4])|(?:q([1-4])[ /-]?|([1-4])\. ?q(?:uartal)?\.? )([12][0-9]{3})")
_BY_POINTS = re.compile(r"([12][0-9]{3})\. ?([0-9]{1,2})\. ?([0-9]{1,2})\.?")  # 2019. 1. 31.
_WEEK = re.compile(r"([12][0-9]{3})[ -]?w([0-9]{1,2})")


class Moments(NamedTuple):
    """A column as moments: ``(rows,)`` datetime64[us] NaT where there is none; the format; what is unclear, or ""."""

    times: np.ndarray
    form: str
    unclear: str


def read_dates(cells: Sequence[str], order: Dates = "auto") -> Moments | None:
    """Read tidy cells as moments, or return None if most are none.

    Where day and month could both come first, that order is taken in which the rows run forwards or backwards, with
    more equal steps if both do; else the month comes first between slashes and the day everywhere else.
    """
    there = [at for at, cell in enumerate(cells) if not is_missing(cell)]
    if len(there) < 2:
        return None
    tried = [cells[at] for at in there[:: max(1, len(there) // TRIED)]]
    possible = [cell for cell in tried if len(cell) <= LONGEST_DATE and any(c.isdecimal() for c in cell)]
    if len(possible) < ENOUGH * len(tried):  # a line of units, or a total below, is no date
        return None
    forms = [form for form in _forms(possible[0]) if _fit(tried, form) >= ENOUGH]
    if not forms:
        return None
    read = {form: _moments(cells, form) for form in forms}
    most = max(int((~np.isnat(times)).sum()) for times in read.values())
    if most < ENOUGH * len(there):
        return None
    best = [form for form in forms if (~np.isnat(read[form])).sum() == most]
    day = next((form for form in best if form.startswith(DAY_FIRST)), None)
    month = next((form for form in best if form.startswith(tuple(map(_swapped, DAY_FIRST)))), None)
    if day is None or month is None:
        return Moments(read[best[0]], best[0], "")
    forwards, equal = zip(_steadiness(read[day]), _steadiness(read[month]), strict=True)
    if order != "auto":
        chosen = day if order == "day first" else month
    elif forwards[0] != forwards[1]:
        chosen = day if forwards[0] > forwards[1] else month
    elif equal[0] != equal[1]:
        chosen = day if equal[0] > equal[1] else month
    else:
        chosen = month if "/" in day else day
    certain = max(forwards) == 1 > min(forwards)
    return Moments(read[chosen], chosen, "" if certain and order == "auto" else cells[there[0]])


def _swapped(form: str) -> str:
    return form.replace("%d", "%%").replace("%m", "%d").replace("%%", "%m")


def _forms(cell: str) -> list[str]:
    """Return the formats worth trying on a column whose first cell is this one."""
    if cell.isdecimal():
        return {8: ["%Y%m%d"], 6: ["%Y%m"], 10: ["epoch s"], 13: ["epoch ms"]}.get(len(cell), [])
    dates = (*(form for day in DAY_FIRST for form in (day, _swapped(day))), *OTHERS)
    if ":" in cell:
        return ["ISO8601", *(date + time for date in dates for time in TIMES)]
    return ["ISO8601", *dates, *MONTHS]


def _fit(cells: Sequence[str], form: str) -> float:
    return float((~np.isnat(_moments(cells, form))).mean())


def _moments(cells: Sequence[str], form: str) -> np.ndarray:
    """Return cells read in one format: ``(rows,)`` datetime64[us], NaT where one does not fit or is no year of ours."""
    import pandas as pd  # costs a second, and few pages need it

    column: pd.Series[str] = pd.Series([_plain(cell) for cell in cells], dtype=object)
    if form == "ISO8601":
        column = column.where(column.str.len() > 5)  # a bare year is a number like any other
    if form.startswith("epoch"):
        whole = column.where(column.str.fullmatch(f"[0-9]{{{10 if form == 'epoch s' else 13}}}"))
        times = pd.to_datetime(pd.to_numeric(whole), unit="s" if form == "epoch s" else "ms", utc=True)
    else:
        times = pd.to_datetime(column, format=form, errors="coerce", utc=True)
    times = times.dt.tz_localize(None)
    found: np.ndarray = times.to_numpy().astype("datetime64[us]")
    sensible = (found > np.datetime64("1000-01-01")) & (found < np.datetime64("3000-01-01"))
    found[~sensible] = np.datetime64("NaT")
    return found


def _padded(date: re.Match[str]) -> str:
    return f"{date[1]}-{int(date[2]):02}-{int(date[3]):02}"


def _plain(cell: str) -> str:
    """Return a date with English months of three letters, no names of days, and quarters and weeks as dates."""
    if len(cell) > LONGEST_DATE:
        return ""
    text = _BY_POINTS.sub(_padded, cell).lower()
    if "q" in text and (quarter := _QUARTER.fullmatch(text)):
        year, number = quarter[1] or quarter[5], int(quarter[2] or quarter[3] or quarter[4])
        return f"{year}-{3 * number - 2:02}-01"
    if "w" in text and (week := _WEEK.fullmatch(text)):
        day = np.datetime64(f"{week[1]}-01-04") + 7 * (int(week[2]) - 1)
        return str(day - (day.astype(int) + 3) % 7)
    words = set(_WORD.findall(text))
    if words <= {"t", "z"}:
        return text.upper()
    plain = _WORD.sub(lambda word: NAMES.get(word[0], word[0]), text)
    return " ".join(plain.replace(",", " ").replace(". ", " ").split())


def _steadiness(times: np.ndarray) -> tuple[float, float]:
    """Return how well moments run in one direction, and how equal their steps are; both at most 1."""
    steps = np.diff(times[~np.isnat(times)]).astype(np.int64)
    sizes = np.abs(steps[steps != 0])
    if not len(sizes):
        return 0.0, 0.0
    return float(max((steps >= 0).mean(), (steps <= 0).mean())), float(np.median(sizes) / sizes.max())
