"""The first line of a table: names of its columns or values; and names that are all different."""

import re
from collections.abc import Sequence
from itertools import pairwise

from rnncore.tables.cells import is_missing, looks_like_date, looks_like_number, shape

LONGEST_NAME = 40
FEW_SHAPES = 3
_WHOLE = re.compile(r"[0-9]{1,9}")
_YEAR = re.compile(r"1[89][0-9]{2}|20[0-9]{2}")


def is_header(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Return whether a first line of tidy cells names the columns of the lines below it.

    It does if it has a word where numbers or dates stand below. If all its cells could be numbers, it does where the
    rest says so: a corner left empty above an index, a word unlike all below it, years or 0, 1, 2 above something else.
    """
    numeric: list[int] = []
    hints = 0
    for at, name in enumerate(first):
        cells = [row[at] for row in below if at < len(row) and not is_missing(row[at])]
        numbers, dates = (
            2 * sum(map(looks, cells)) > len(cells) for looks in (looks_like_number, looks_like_date)
        )  # fmt: skip
        if cells and numbers and not dates:
            if not is_missing(name) and not looks_like_number(name):
                return True
            if name and not is_missing(name):
                numeric.append(at)
            hints += not name and len(cells) == len(below) > 1 and _counts(cells)
        elif dates:
            if name and not is_missing(name) and not looks_like_date(name):
                return True
            hints += not name
        elif cells and not name:
            hints += len(cells) == len(below)
        elif cells and name:
            kinds = {shape(cell) for cell in cells}
            hints += len(kinds) <= FEW_SHAPES and shape(name) not in kinds
            hints += name not in cells and _year_above(at + 1, first, below)
    return bool(numeric or hints) and (hints > 0 or _are_labels(first, below, numeric))


def _counts(cells: Sequence[str]) -> bool:
    """Return whether cells are 0, 1, 2 ... or 1, 2, 3 ..."""
    return list(cells) in ([str(i) for i in range(len(cells))], [str(i) for i in range(1, len(cells) + 1)])


def _are_labels(first: Sequence[str], below: Sequence[Sequence[str]], numeric: list[int]) -> bool:
    """Return whether whole numbers stand above columns that are none: with decimals, or names that count on."""
    names = [first[at] for at in numeric]
    if not all(_WHOLE.fullmatch(name) for name in names):
        return False
    columns = [[row[at] for row in below if at < len(row) and not is_missing(row[at])] for at in numeric]
    decimals = [len(cells) > 1 and all("." in cell or "," in cell for cell in cells) for cells in columns]
    if any(decimals) and all(d or _counts(cells) for d, cells in zip(decimals, columns, strict=True)):
        return True
    numbers = [int(name) for name in names]
    count_on = len(numbers) > 1 and all(b - a == 1 for a, b in pairwise(numbers))
    if not count_on or not (numbers[0] == 0 or all(_YEAR.fullmatch(name) for name in names)):
        return False
    return any(cells and not (_WHOLE.fullmatch(cells[0]) and int(cells[0]) - number in (0, 1, len(numbers)))
               for number, cells in zip(numbers, columns, strict=True))  # fmt: skip


def _year_above(at: int, first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Return whether a year stands above a column that is not one of years."""
    under = [row[at] for row in below if at < len(row)]
    return at < len(first) and _YEAR.fullmatch(first[at]) is not None and not all(map(_YEAR.fullmatch, under))


def unique_names(first: Sequence[str]) -> tuple[str, ...]:
    """Return names that are never empty, at most 40 characters, and differ also when capitals are ignored."""
    found: list[str] = []
    seen: set[str] = set()
    for number, cell in enumerate(first, 1):
        plain = " ".join(cell.split())[:LONGEST_NAME].strip() or f"column {number}"
        name, copy = plain, 1
        while name.casefold() in seen:
            copy += 1
            ending = f" ({copy})"
            name = plain[: LONGEST_NAME - len(ending)] + ending
        seen.add(name.casefold())
        found.append(name)
    return tuple(found)
