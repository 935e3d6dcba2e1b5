"""A column of cells as numbers: which mark is the decimal one is decided for the column as a whole."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rnncore.tables.cells import bare, is_infinite, is_missing, sign_of
from rnncore.tables.reading import Decimal

_EXPONENT = r"(?:[eE][+-]?[0-9]{1,4})?"
_BY_POINT = re.compile(
    r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+|[0-9]{1,3}(?:(?:,[0-9]{3})+|(?:'[0-9]{3})+|(?: [0-9]{3})+)(?:\.[0-9]*)?"
    r"|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]*)?)" + _EXPONENT
)
_BY_COMMA = re.compile(
    r"[+-]?(?:[0-9]+(?:,[0-9]*)?|,[0-9]+|[0-9]{1,3}(?:(?:\.[0-9]{3})+|(?:'[0-9]{3})+|(?: [0-9]{3})+)(?:,[0-9]*)?)"
    + _EXPONENT
)
_LONG_WHOLE = re.compile(r"[+-]?[0-9]{4,}")
_SHORT_WHOLE = re.compile(r"[+-]?[0-9]{1,3}")


class Numbers(NamedTuple):
    """A column as numbers.

    Attributes
    ----------
    values
        ``(rows,)`` float64; NaN where there is none, infinity where a number is too large for the computer.
    missing, unreadable
        Places of cells that say that there is no value, and of those that are no number.
    decimal
        The decimal mark that was taken: "point" or "comma".
    unclear
        A cell that is another number with the other mark, if every cell is a number with either; else "".
    example
        A cell in which a mark was read in another way than Python would, "" if there is none.
    sign
        A per cent or currency sign that stands with the numbers, "" if there is none.
    """

    values: np.ndarray
    missing: list[int]
    unreadable: list[int]
    decimal: Decimal
    unclear: str
    example: str
    sign: str


def read_numbers(cells: Sequence[str], decimal: Decimal, hint: Decimal = "auto") -> Numbers:
    """Read tidy cells as numbers.

    Parameters
    ----------
    decimal
        The decimal mark, or "auto": the one with which more cells are numbers. If all are with either, the column
        tells by itself where some numbers of four digits have no mark, or some of three digits; then `hint` does;
        then a point is a decimal point, and a comma groups digits.
    hint
        The decimal mark of the other columns, or what goes with the table's separator.
    """
    there = [(at, bare(cell)) for at, cell in enumerate(cells) if not is_missing(cell)]
    marked = [cell for _, cell in there if "." in cell or "," in cell]
    by = {"point": _BY_POINT, "comma": _BY_COMMA}
    fits = {name: sum(pattern.fullmatch(cell) is not None for cell in marked) for name, pattern in by.items()}
    unclear = ""
    if decimal != "auto":
        chosen: Decimal = decimal
    elif fits["point"] != fits["comma"]:
        chosen = "point" if fits["point"] > fits["comma"] else "comma"
    else:
        chosen = _by_evidence([cell for _, cell in there], marked, hint)
    if fits["point"] == fits["comma"] > 0:
        unclear = next(cell for cell in marked if by[chosen].fullmatch(cell))
    values = np.full(len(cells), np.nan)
    unreadable, example = [], ""
    for at, cell in there:
        if by[chosen].fullmatch(cell):
            plain = _as_python_writes(cell, chosen)
            values[at] = float(plain)
            example = example or (cell if plain != cell else "")
        elif is_infinite(cell):
            values[at] = np.inf
        else:
            unreadable.append(at)
    known = {at for at, _ in there}
    signs = [sign_of(cells[at]) for at, _ in there[:50]]
    sign = max(set(signs), key=signs.count) if signs else ""
    return Numbers(
        values, [at for at in range(len(cells)) if at not in known], unreadable, chosen, unclear, example, sign
    )


def _by_evidence(cells: list[str], marked: list[str], hint: Decimal) -> Decimal:
    """Return the decimal mark of cells all of which are numbers with either mark."""
    if not marked:
        return "point"
    mark: Decimal = "point" if "." in marked[0] else "comma"
    other: Decimal = "comma" if mark == "point" else "point"
    if any(_LONG_WHOLE.fullmatch(cell) for cell in cells):
        return mark  # who groups digits groups all of them
    if any(_SHORT_WHOLE.fullmatch(cell) for cell in cells):
        return other  # who writes decimals writes them everywhere
    return hint if hint != "auto" else "point"


def _as_python_writes(cell: str, decimal: Decimal) -> str:
    plain = cell.replace(" ", "").replace("'", "")
    return plain.replace(",", "") if decimal == "point" else plain.replace(".", "").replace(",", ".")
