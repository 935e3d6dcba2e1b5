"""The numbers behind the pictures of the Cell page, as CSV."""

import csv
import io
import math
from collections.abc import Iterable, Sequence

import numpy as np

from rnncore.analysis.cell_network import CellNetwork
from rnncore.analysis.equations import names_of


def values_csv(network: CellNetwork) -> str:
    """Return one row for each step, value and unit; a state has a dash after the step, none before it."""
    return _csv(
        ("step", "reads", "value", "unit", "number"),
        ((at, read, name, unit, number)
         for at, (values, read) in enumerate(zip(network.unrolled(), network.read, strict=True), 1)
         for name, vector in values.items() for unit, number in enumerate(vector.tolist(), 1)),
    )  # fmt: skip


def weights_csv(network: CellNetwork) -> str:
    """Return one row for each weight, by the name that the equations give its matrix; rows and columns from 1."""
    return _csv(
        ("weights", "row", "column", "number"),
        ((name, row + 1, *([at + 1 for at in column] or [""]), float(number))
         for name, values in names_of(network.cell, network.weights).items()
         for (row, *column), number in np.ndenumerate(values)),
    )  # fmt: skip


def _csv(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([*row[:-1], "" if not math.isfinite(float(str(row[-1]))) else row[-1]] for row in rows)
    return out.getvalue()
