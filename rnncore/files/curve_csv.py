"""The course of training as CSV: every update and every held-out measurement."""

import csv
import io
from collections.abc import Iterable

import numpy as np

from rnncore.training.history import HELD_OUT_COLUMNS, UPDATE_COLUMNS
from rnncore.training.race import Race


def curve_csv(race: Race) -> str:
    """Return every update and every held-out measurement of a race as CSV, one row per cell and update.

    Numbers have as many digits as float32 holds; a column is empty where nothing was measured.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    held_names = [f"held_out_{name}" for name in HELD_OUT_COLUMNS[1:]]
    writer.writerow(["cell", "update", "examples", *UPDATE_COLUMNS, *held_names])
    for run in race.runs:
        held = {int(step): measured for step, *measured in run.history.held_out.rows()}
        if 0 in held:
            writer.writerow([run.config.cell, 0, 0, *[""] * len(UPDATE_COLUMNS), *_plain(held[0])])
        for step, row in enumerate(run.history.updates.rows(), start=1):
            measured = _plain(held[step]) if step in held else [""] * len(held_names)
            writer.writerow([run.config.cell, step, step * run.config.batch_size, *_plain(row), *measured])
    return out.getvalue()


def _plain(row: Iterable[float]) -> list[str]:
    return ["" if np.isnan(value) else f"{value:.9g}" for value in row]
