"""What networks remember, and the eigenvalues of their memory, as the plain data that the command line prints."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from rich.console import Console
from rich.table import Table

from rnncore.analysis.interventions import Cut
from rnncore.analysis.probes import Probe, probe
from rnncore.analysis.space import Paths
from rnncore.analysis.spectrum import Spectrum, jacobian_spectrum, recurrent_spectrum
from rnncore.analysis.states import Network, Place, words_of
from rnncore.cli.printing import print_json, short
from rnncore.errors import ConfigError
from rnncore.training.run import Run


def memory_rows(run: Run, what: Literal["probe", "eigenvalues"], example: int, step: int) -> list[dict[str, Any]]:
    """Return what the last layer of a run's network remembers, or the eigenvalues of what carries its state.

    `example` is a held-out one, counted from 0; `step` is counted from 1, and one after the end is the last.

    Raises
    ------
    ConfigError
        There is nothing to measure: what is missing.
    """
    cell = run.config.cell
    network = Network(run.config, [parameter.detach() for parameter in run.model.parameters()])
    if what == "probe":
        rows = probe_rows(cell, probe(network, Place()))
    else:
        at = min(step, len(words_of(network, example).read)) - 1
        found = recurrent_spectrum(network), jacobian_spectrum(network, -1, example, at)
        rows = [row for one in found if one is not None for row in spectrum_rows(cell, run.step, one)]
    if not rows:
        missing = "what is to be remembered is the same in all examples" if what == "probe" else "it has no recurrence"
        raise ConfigError(f"'--memory {what}' has nothing to show of this network: {missing}.")
    return rows


def print_rows(rows: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    """Print rows: for programs a line each, for a person as a table of the columns in which they differ."""
    if as_json:
        for row in rows:
            print_json(row)
        return
    shown = [name for name in rows[0] if len({str(row[name]) for row in rows}) > 1 or len(rows) == 1]
    same = ", ".join(f"{name.replace('_', ' ')} {rows[0][name]}" for name in rows[0] if name not in shown)
    table = Table(*(name.replace("_", " ") for name in shown), title=same)
    for row in rows:
        table.add_row(*(short(row[name]) if isinstance(row[name], float) else str(row[name]) for name in shown))
    Console().print(table)


def probe_rows(cell: str, found: Probe) -> list[dict[str, Any]]:
    """Return one row per distance: how well the thing to remember is read back, with its interval and chance."""
    measure = "right" if found.classes else "r2"
    each = zip(found.lags, found.score.tolist(), found.low.tolist(), found.high.tolist(), strict=True)
    return [
        {"cell": cell, "remembered": found.name, "measure": measure, "steps_later": lag, "score": score, "low": low,
         "high": high, "chance": found.chance, "fitted": found.fitted, "tested": found.tested}
        for lag, score, low, high in each
    ]  # fmt: skip


def cut_rows(cell: str, found: Cut) -> list[dict[str, Any]]:
    """Return one row per step, counted from 1, after which the state was changed: the score with and without that."""
    measure = "probability" if found.probable else "loss"
    return [{"cell": cell, "question": found.question, "cut_after_step": place + 1, "measure": measure,
             "before": found.before.score, "after": score}
            for place, score in zip(found.places, found.scores.tolist(), strict=True)]  # fmt: skip


def space_rows(cell: str, update: int, found: Paths) -> list[dict[str, Any]]:
    """Return one row per state: example and step, counted from 1, and its place along the principal components."""
    each = zip(
        found.points.tolist(), found.example, found.step, found.text, found.remembered, found.answer, strict=True
    )
    return [
        {"cell": cell, "update": update, "example": example + 1, "step": step + 1, "text": text,
         "remembered": remembered, "answer": answer,
         **{f"component_{i}": value for i, value in enumerate(point, 1)}}
        for point, example, step, text, remembered, answer in each
    ]  # fmt: skip


def spectrum_rows(cell: str, update: int, found: Spectrum) -> list[dict[str, Any]]:
    """Return one row per eigenvalue, and beside it the singular value of the same rank."""
    sizes = np.hypot(found.real, found.imaginary)
    order = np.argsort(-sizes, kind="stable").tolist()
    return [
        {"cell": cell, "update": update, "matrix": found.of, "step": found.step + 1 if found.of == "jacobian" else None,
         "real": float(found.real[i]), "imaginary": float(found.imaginary[i]), "absolute": float(sizes[i]),
         "singular_value": float(singular)}
        for i, singular in zip(order, found.singular.tolist(), strict=True)
    ]  # fmt: skip
