"""The separator of a table's cells, found by trying each mark on its first lines."""

import csv
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from rnncore.tables.cells import is_value, looks_like_number, tidy
from rnncore.tables.reading import Separator

MARKS: dict[Separator, str] = {"tab": "\t", "semicolon": ";", "bar": "|", "comma": ",", "spaces": " "}
NONE = "\x1f"  # a control character that no table holds: nothing is separated
TRIED_LINES, TRIED_CHARACTERS = 200, 200_000
COUNTED = 15  # digits of a row's number; Python refuses to read thousands
CLEAR_MARKS: tuple[Separator, ...] = ("tab", "semicolon", "bar")  # rarely part of a number or of a name


class Split(NamedTuple):
    """A mark tried on some lines.

    Attributes
    ----------
    score
        How well it does.
    fit
        The share of lines that have as many cells as most have, `width`.
    values
        How many of these cells are numbers or dates, on average.
    rows
        All cells.
    """

    score: float
    fit: float
    values: float
    width: int
    rows: list[list[str]]


def split(lines: Sequence[str], mark: str) -> list[list[str]]:
    """Return the cells of some lines; quoted ones may hold the mark. Empty if the lines cannot be split."""
    if mark == " ":
        lines = [" ".join(line.split()) for line in lines]
    try:
        rows = list(csv.reader([line + "\n" for line in lines], delimiter=mark, skipinitialspace=True))
    except csv.Error:
        return []
    return [[tidy(cell) for cell in row] for row in rows if row]


def find_separator(lines: Sequence[str]) -> Separator:
    """Return what separates the cells of a table's lines, none of them blank.

    A tab, semicolon or bar that cuts all lines alike wins; else the mark under which most lines have equally many cells
    and most cells are numbers or dates. A line that is a
    number as a whole is not cut at its comma, unless one above it names two columns, or the first numbers count.
    """
    tried = list(lines[:TRIED_LINES])
    while len(tried) > 1 and sum(map(len, tried)) > TRIED_CHARACTERS:
        tried = tried[: len(tried) // 2]
    found: dict[Separator, Split] = {}
    for name, mark in MARKS.items():
        rows = split(tried, mark)
        width = Counter(map(len, rows)).most_common(1)[0][0] if rows else 1
        if width > 1:
            found[name] = _judged(rows, width)
    if _names_cut_by_comma_only(found) and len(found["spaces"].rows[0]) == 1:
        del found["spaces"]  # they stand within dates: 2019. 12. 20.
    clear = [name for name in CLEAR_MARKS if name in found and found[name].fit > 0.98 and found[name].values > 0.9]
    by_spaces = found.get("spaces")
    only_values = by_spaces and by_spaces.values > 0.98 * by_spaces.width
    if only_values and not any(", " in line for line in tried) and not _names_cut_by_comma_only(found):
        clear.append("spaces")
    if not found:
        return "none"
    best = max(clear or found, key=lambda name: found[name].score)
    return "none" if best in ("comma", "spaces") and _one_column(tried, found[best]) else best


def _names_cut_by_comma_only(found: dict[Separator, Split]) -> bool:
    """Return whether commas cut the first line as all others, and spaces do not."""
    if "comma" not in found or "spaces" not in found:
        return False
    return all((len(cut.rows[0]) == cut.width) == (name == "comma") for name, cut in found.items() if name in
               ("comma", "spaces"))  # fmt: skip


def _judged(rows: list[list[str]], width: int) -> Split:
    """Judge a mark by its lines of this width; words in which another mark stands speak against it."""
    fitting = [row for row in rows if len(row) == width]
    below = fitting[1:] or fitting
    fit = len(fitting) / len(rows)
    values, against = 0, 0.0
    for cell in (cell for row in below for cell in row):
        if is_value(cell):
            values += 1
        else:
            against += 0.2 * any(mark in cell for mark in ",;|") + 0.1 * (" " in cell)
    return Split(fit * (values - against) / len(below), fit, values / len(below), width, rows)


def _one_column(lines: list[str], cut: Split) -> bool:
    """Return whether lines that a comma or a space cuts in pieces are numbers of a single column."""
    whole = [looks_like_number(tidy(line)) for line in lines]
    if sum(whole[1:]) < 0.9 * len(whole[1:]):
        return False
    first = cut.rows[0]
    if cut.width > 2:  # 1 000 000
        groups = [cell for row in cut.rows for cell in row[1:] if len(row) == cut.width]
        return len(first) in (1, cut.width) and all(len(cell) == 3 for cell in groups) and any(
            cell[0] == "0" for cell in groups
        )  # fmt: skip
    if len(first) == 1 or any(len(row) == 1 for row in cut.rows[1:]):
        return True
    if not whole[0]:
        return False
    pairs = [row for row in cut.rows if len(row) == 2]
    numbers = [int(row[0]) if row[0].isdecimal() and len(row[0]) <= COUNTED else -1 for row in pairs]
    if all(later - earlier == 1 for earlier, later in pairwise(numbers)):
        return False
    return len({len(row[1]) for row in pairs}) == 1 or any(row[1][:1] == "0" for row in pairs)
