"""The order of a table's rows in time: turned round, sorted, with gaps and dates that stand twice, all of it said."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rnncore.tables.reading import RowOrder, counted, lines_said

DAY = np.timedelta64(1, "D")
REGULAR = 0.5  # share of equal steps from which on a table counts as regular
STEPS = {1: "second", 60: "minute", 600: "ten minutes", 900: "quarter of an hour", 1800: "half-hour", 3600: "hour",
         86_400: "day", 604_800: "week"}  # fmt: skip


class Ordered(NamedTuple):
    """The places of the rows in order, their moments, and sentences about both."""

    places: np.ndarray
    times: np.ndarray
    notes: tuple[str, ...]


def in_order(times: np.ndarray, lines: Sequence[int], rows: RowOrder) -> Ordered:
    """Return rows in the order of their moments.

    Parameters
    ----------
    times
        ``(rows,)`` datetime64[us], NaT where a row has no date: it stays after the row above it.
    lines
        The rows' lines in the file.
    rows
        "as they stand" changes nothing and says what is wrong.
    """
    places = np.arange(len(times))
    undated = np.flatnonzero(np.isnat(times))
    notes: list[str] = []
    if len(undated):
        notes.append(f"{counted(len(undated), 'row')} without a readable date, "
                     f"{lines_said([lines[int(at)] for at in undated])}: left after the row above.")  # fmt: skip
    steps = np.diff(times[~np.isnat(times)]).astype(np.int64)
    backwards = int((steps < 0).sum())
    if backwards and rows != "auto":
        notes.append("By their dates the rows run backwards or in disorder; they were left as they stand.")
        return Ordered(places, times, tuple(notes))
    if backwards:
        if 2 * backwards > int((steps != 0).sum()):
            places = places[::-1]
        filled = _filled(times[places])
        disorder = np.flatnonzero(np.diff(filled).astype(np.int64) < 0)
        if len(disorder):
            out_of_place = [lines[int(places[at + 1])] for at in disorder]
            notes.append(
                f"The rows were not in the order of their dates ({lines_said(out_of_place)}): they were sorted."
            )
            places = places[np.argsort(filled, kind="stable")]
        else:
            notes.append("The newest row came first: the rows were turned round, oldest first.")
    times = times[places]
    return Ordered(places, times, (*notes, *_steps_said(times, [lines[int(at)] for at in places])))


def _filled(times: np.ndarray) -> np.ndarray:
    """Return moments with those that are missing taken from the row above, or from the first one that is known."""
    known = np.maximum.accumulate(np.where(np.isnat(times), -1, np.arange(len(times))))
    known[known < 0] = int(np.flatnonzero(~np.isnat(times))[0])
    return times[known]


def _steps_said(times: np.ndarray, lines: list[int]) -> list[str]:
    """Return sentences about the usual step, gaps, and moments that stand more than once."""
    known = np.flatnonzero(~np.isnat(times))
    moments = times[known]
    if len(moments) < 2:
        return []
    notes = []
    twice = np.flatnonzero(np.diff(moments).astype(np.int64) == 0)
    if len(twice):
        said = lines_said([lines[known[at + 1]] for at in twice])
        notes.append(f"{counted(len(twice), 'row')} with the same date as the row before ({said}): all were kept.")
    numbers, name = _numbered(moments)
    steps = np.diff(numbers)
    steps_there, counts = np.unique(steps[steps > 0], return_counts=True)
    if not len(counts) or counts.max() < REGULAR * counts.sum():
        return [*notes, "The dates are not evenly spaced: rows are taken as steps all the same."]
    usual = int(steps_there[counts.argmax()])
    gaps = np.flatnonzero(steps > 1.5 * usual)
    if len(gaps):
        left_out = int(sum(round(int(steps[at]) / usual) - 1 for at in gaps))
        at = known[gaps[0]]
        notes.append(
            f"{counted(len(gaps), 'gap')}, {counted(left_out, _unit(usual, name))} in all, the first after line "
            f"{lines[at]:,} ({moment_text(times[at])} to {moment_text(times[known[gaps[0] + 1]])}): "
            "not filled, the rows were joined."
        )
    return notes


def _numbered(moments: np.ndarray) -> tuple[np.ndarray, str]:
    """Return moments as whole numbers in which regular rows are equally far apart, and what is counted."""
    days = moments.astype("datetime64[D]")
    if (moments == days).all():
        months = days.astype("datetime64[M]")
        in_month = (days - months).astype(int)
        last = (days + DAY).astype("datetime64[M]") > months
        if last.all() or len(np.unique(in_month)) == 1:
            return months.astype(int), "month"
        weekdays = (days.astype(int) + 3) % 7
        if weekdays.max() < 5 and len(np.unique(weekdays)) > 1:
            return np.busday_count(days[0], days), "working day"
        return days.astype(int), "day"
    return moments.astype("datetime64[s]").astype(np.int64), "second"


def _unit(usual: int, name: str) -> str:
    """Return what one step is: "day", "month", "quarter", "row"."""
    if name == "second":
        return STEPS.get(usual, "row")
    return {("month", 1): "month", ("month", 3): "quarter", ("month", 12): "year", ("day", 1): "day",
            ("day", 7): "week", ("working day", 1): "working day"}.get((name, usual), "row")  # fmt: skip


def moment_text(moment: np.datetime64) -> str:
    """Return a moment as a person reads it; the time only where it is not midnight."""
    text = str(moment.astype("datetime64[s]")).replace("T", " ")
    return text.removesuffix(" 00:00:00").removesuffix(":00") if text.endswith("00:00:00") else text.removesuffix(":00")
