"""What networks remember, and the eigenvalues of their memory, as the plain data that the command line prints."""

from typing import Any

import numpy as np

from rnncore.analysis.interventions import Cut
from rnncore.analysis.probes import Probe
from rnncore.analysis.space import Paths
from rnncore.analysis.spectrum import Spectrum


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
