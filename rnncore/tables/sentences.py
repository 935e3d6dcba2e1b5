"""Sentences for a person on how a column of a table was read."""

from collections.abc import Sequence

import numpy as np

from rnncore.number_text import exact
from rnncore.tables.cells import looks_like_date
from rnncore.tables.columns import Kind, is_called_a_time
from rnncore.tables.dates import Moments
from rnncore.tables.numbers import Numbers, read_numbers
from rnncore.tables.order import moment_text
from rnncore.tables.reading import Reading, counted, lines_said
from rnncore.tables.table import WORDS, Table


def layout(table: Table) -> list[str]:
    """Say how many rows and columns there are, and what was left out."""
    columns = len(table.names)
    how = f", separated by {WORDS[table.separator]}" if table.separator in WORDS and columns > 1 else ""
    return [f"{counted(len(table.lines), 'row')} and {counted(columns, 'column')} were read{how}.", *table.notes]


def marks(numbers: Numbers) -> list[str]:
    """Say how a mark was read that could mean something else."""
    other = "comma" if numbers.decimal == "point" else "point"
    if numbers.unclear:
        cell = numbers.unclear
        read = read_numbers([cell], numbers.decimal).values[0]
        otherwise = read_numbers([cell], "comma" if numbers.decimal == "point" else "point").values[0]
        if read != otherwise:
            return [
                f"“{cell}” was read as {exact(read)}. If it means {exact(otherwise)}, choose the {other} as decimal "
                "mark."
            ]
    if numbers.example:
        return [f"“{numbers.example}” was read as {exact(read_numbers([numbers.example], numbers.decimal).values[0])}."]
    return []


def signs(numbers: Numbers, table: Table, cells: list[str]) -> list[str]:
    """Say that a sign stands beside some numbers only: they may not all be meant in one unit."""
    if not numbers.sign:
        return []
    other = [at for at in np.flatnonzero(np.nan_to_num(numbers.values)).tolist() if numbers.sign not in cells[at]]
    where = lines_said([table.lines[at] for at in other])
    return [f"“{numbers.sign}” does not stand in all rows, not in {where} (“{cells[other[0]][:20]}”): all numbers "
            "were taken as they stand."] if other else []  # fmt: skip


def dates(moments: Moments | None) -> list[str]:
    """Say how a date was read whose day and month could be the other way round."""
    if moments is None or not moments.unclear:
        return []
    known = moments.times[~np.isnat(moments.times)][0]
    return [f"“{moments.unclear}” was read as {moment_text(known)}; day and month could also be the other way round."]


def undated(table: Table, found: Sequence[Kind]) -> list[str]:
    """Say that a column is called a date or looks like one, and could not be read."""
    for at, kind in enumerate(found):
        cells = [cell for cell in table.sample(at)[0] if any(c.isdecimal() for c in cell)]
        like = 2 * sum(map(looks_like_date, cells)) > len(cells) or is_called_a_time(table.names[at])
        if kind == "words" and len(set(cells)) > 0.9 * len(table.sample(at)[0]) and like:
            return [f"“{cells[0][:20]}” could not be read as a date: the rows were left as they stand, and the "
                    "oldest must come first."]  # fmt: skip
    return []


def missing(
    values: np.ndarray, numbers: Numbers, table: Table, cells: list[str], left_out: int, reading: Reading
) -> list[str]:
    """Say which cells had no number, and what was done about it."""
    coded = [] if reading.missing_code is None else np.flatnonzero(numbers.values == reading.missing_code).tolist()
    notes = []
    for places, one, many in (
        (numbers.missing, "missing value", "missing values"),
        (coded, f"cell with {exact(reading.missing_code or 0)}", f"cells with {exact(reading.missing_code or 0)}"),
        (numbers.unreadable, "cell that is no number", "cells that are no numbers"),
    ):  # fmt: skip
        if places:
            said = f" (“{cells[places[0]][:20]}”)" if places is numbers.unreadable else ""
            where = lines_said([table.lines[place] for place in places])
            notes.append(f"{len(places):,} {one if len(places) == 1 else many}, {where}{said}.")
    if notes:
        inside = int(np.isnan(values).sum()) - left_out
        done = [f"{inside:,} filled in along a straight line between the neighbours"] if inside else []
        done += [f"{left_out:,} left out at the ends"] if left_out else []
        notes.append(f"Of these, {' and '.join(done)}.")
    return notes


def codes(found: tuple[float, ...], values: np.ndarray) -> list[str]:
    """Point out numbers that may stand for “missing”."""
    return [
        f"{exact(code)} stands in {counted(int((values == code).sum()), 'row')}, far from all others: it may be a mark "
        "for “missing”. It was taken as a number."
        for code in found
    ]
