"""What networks remember, and the eigenvalues of their memory, as the plain data that the command line prints."""

from typing import Any

from rnncore.analysis.interventions import Cut
from rnncore.analysis.probes import Probe


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
