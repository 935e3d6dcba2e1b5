"""The picture Inside as a table: every value of every unit of the layer that is shown, at every step, in full."""

import csv
import io
from collections.abc import Sequence

from rnncore.analysis.inside import Inside


def inside_csv(cells: Sequence[str], insides: Sequence[Inside]) -> str:
    """Return a row for each network, step and state: what stands there, the answer, what is left, and all units."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    widest = max(values.shape[1] for each in insides for values in each.strips.values())
    writer.writerow(["network", "update", "step", "does", "reads", "answer", "left", "state",
                     *(f"unit {unit}" for unit in range(1, widest + 1))])  # fmt: skip
    for cell, each in zip(cells, insides, strict=True):
        read = each.found.read
        for name, values in each.strips.items():
            for step, row in enumerate(values.tolist()):
                reads = step < len(read)
                writer.writerow([cell, each.found.step, step + 1, "reads" if reads else "writes",
                                 read[step] if reads else "", _answer(each, step), _left(each, step), name,
                                 *row])  # fmt: skip
    return text.getvalue()


def _answer(of: Inside, step: int) -> str:
    at = step - (len(of.found.read) if of.found.wrote else 0)
    return "" if of.answers is None or at < 0 else of.answers.names[at]


def _left(of: Inside, step: int) -> float | str:
    return "" if of.left is None or step < of.step else float(of.left.left[step - of.step])
