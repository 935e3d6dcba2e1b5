"""Heat maps of a closer look: mix-ups, the way to an answer, and what attention looked at; each with its CSV."""

import csv
import io
import math
from collections.abc import Iterable, Sequence

import numpy as np
import streamlit as st

from playground.components.charts import is_dark
from playground.components.heat_map import HeatMap, Side, draw_heat_map, share_map
from playground.components.numbers import percent
from playground.components.share import download
from playground.components.templates import render
from rnncore.analysis.outcomes import Counts, Floats, StepPredictions
from rnncore.cells import CELLS
from rnncore.tasks.shown import NO_NUMBERS
from rnncore.training.views import RunView

HAD_IT_ENDED = "How probable each answer was held, had the input ended there."
MOST_NAMES, MOST_STEPS, MOST_SAID = 16, 60, 20


def mixups(runs: Sequence[RunView], found: Sequence[Counts]) -> None:
    """Draw each network's confusion matrix."""
    for run, counts in zip(runs, found, strict=True):
        cell, said = run.cell, mixups_in_words(run, counts)
        _title(said)
        if counts.any():
            right = f"Right, on the diagonal: {percent(counts.trace() / counts.sum())}."
            draw_heat_map(mixups_map(run, counts, dark=is_dark()), key=f"train.mixups.{cell}", alt=f"{said} {right}")
    _csv("Mix-ups as CSV", "mixups", mixups_csv(runs, found))


def mixups_in_words(run: RunView, counts: Counts) -> str:
    """Say how many answers were counted, and what was most often taken for what."""
    label, names, total = CELLS[run.cell].label, run.task.answers, counts.sum()
    if not total:
        return f"{label}: {NO_NUMBERS}"
    wrong = counts * (1 - np.eye(len(names), dtype=np.int64))
    true, answered = np.unravel_index(int(wrong.argmax()), wrong.shape)
    worst = f"Most often mixed up: {names[true]} taken for {names[answered]}, {wrong.max()} of {counts[true].sum()}."
    return f"{label}, {total:,} held-out answers. {worst if wrong.any() else 'Nothing is mixed up.'}"


def mixups_map(run: RunView, counts: Counts, *, dark: bool) -> HeatMap:
    """Return a confusion matrix: rows true, columns answered, shaded by the share of the row."""
    names = run.task.answers
    return share_map(
        counts / np.maximum(counts.sum(axis=1, keepdims=True), 1), Side("true", names), Side("answered", names),
        unit="share of the row", dark=dark, texts=[[str(count) if count else "" for count in row] for row in counts],
        marked=np.eye(len(names), dtype=bool),
    )  # fmt: skip


def mixups_csv(runs: Sequence[RunView], found: Sequence[Counts]) -> str:
    """Return one row per network, true and answered class: how often that was answered."""
    return _rows(
        ("cell", "true", "answered", "count"),
        ((run.cell, true, answered, counts[i, j])
         for run, counts in zip(runs, found, strict=True)
         for i, true in enumerate(run.task.answers) for j, answered in enumerate(run.task.answers)),
    )  # fmt: skip


def answers(runs: Sequence[RunView], found: Sequence[StepPredictions]) -> None:
    """Draw what each network answers, step by step, and what it looked at where it has attention."""
    for run, each in zip(runs, found, strict=True):
        cell, said = run.cell, answer_in_words(run, each)
        _title(said)
        if not np.isfinite(each.shares).all():
            continue
        draw_heat_map(answer_map(each, dark=is_dark()), key=f"train.steps.{cell}", alt=f"{said} {likeliest(each)}")
        if each.attention is not None:
            looked = each.attention
            title = f"{CELLS[cell].label}: what it looked at while it wrote each symbol."
            _title(title)
            draw_heat_map(attention_map(each, looked, dark=is_dark()), key=f"train.attention.{cell}",
                          alt=f"{title} {looked_at(each, looked)}")  # fmt: skip
    with st.container(horizontal=True):
        _csv("Step by step as CSV", "steps", answers_csv(runs, found))
        if any(each.attention is not None for each in found):
            _csv("Attention as CSV", "attention", attention_csv(runs, found))


def answer_in_words(run: RunView, found: StepPredictions) -> str:
    """Say what a network answers, or writes, and what its heat map shows."""
    label = CELLS[run.cell].label
    if not np.isfinite(found.shares).all():
        return f"{label}: {NO_NUMBERS}"
    if found.read:
        between = "" if all(len(name) <= 1 for name in found.names) else " "
        written = between.join(found.steps[:MOST_SAID]).rstrip()
        return f"{label} writes “{written}”. How probable each symbol was held, step by step."
    last, share = _best(found)[-1]
    return f"{label} answers “{last}” ({100 * share:.0f} %). {HAD_IT_ENDED}"


def answer_map(found: StepPredictions, *, dark: bool) -> HeatMap:
    """Return how probable the likeliest answers were held at each of the last steps, the likeliest framed."""
    shares = found.shares[-MOST_STEPS:].T
    likely = sorted(np.argsort(-shares.max(axis=1), kind="stable")[:MOST_NAMES].tolist())
    best = np.equal.outer(likely, shares.argmax(axis=0))
    return share_map(
        shares[likely], Side("answer", [found.names[i] or "end" for i in likely]), Side("step", _steps(found)),
        unit="how probable", dark=dark, marked=best,
    )  # fmt: skip


def attention_map(found: StepPredictions, looked: Floats, *, dark: bool) -> HeatMap:
    """Return what was looked at in writing each of the last steps."""
    return share_map(
        looked[-MOST_STEPS:], Side("written", _steps(found)), Side("read", found.read), unit="share of attention",
        dark=dark, most=float(looked.max()),
    )  # fmt: skip


def likeliest(found: StepPredictions) -> str:
    """Say which answer was held likeliest from which step on, and where it was least sure; for a text alternative."""
    best = _best(found)
    turns = [(step, name) for step, (name, _) in enumerate(best, 1) if step == 1 or name != best[step - 2][0]]
    said = ", ".join(f"“{name}” from step {step}" for step, name in turns[:MOST_SAID])
    share, step = min((share, step) for step, (_, share) in enumerate(best, 1))
    return f"Likeliest: {said}{', and so on' * (len(turns) > MOST_SAID)}. Least sure at step {step}: {percent(share)}."


def looked_at(found: StepPredictions, looked: Floats) -> str:
    """Say at which step read each one written looked most; for a text alternative."""
    pairs = zip(found.steps[:MOST_SAID], looked.argmax(axis=1).tolist(), strict=False)
    said = ", ".join(f"“{step or 'end'}” at “{found.read[at]}” (step {at + 1})" for step, at in pairs)
    return f"Looked at most: {said}{', and so on' * (len(found.steps) > MOST_SAID)}."


def answers_csv(runs: Sequence[RunView], found: Sequence[StepPredictions]) -> str:
    """Return one row per network, step and answer: how probable it was held; all of them, also those not drawn."""
    return _rows(
        ("cell", "step", "symbol", "answer", "probability"),
        ((run.cell, step, symbol or "end", name or "end", share if math.isfinite(share) else "")
         for run, each in zip(runs, found, strict=True)
         for step, (symbol, shares) in enumerate(zip(each.steps, each.shares.tolist(), strict=True), 1)
         for name, share in zip(each.names, shares, strict=True)),
    )  # fmt: skip


def attention_csv(runs: Sequence[RunView], found: Sequence[StepPredictions]) -> str:
    """Return one row per network with attention, step written and step read: the share of attention."""
    return _rows(
        ("cell", "step_written", "written", "step_read", "read", "attention"),
        ((run.cell, step, symbol or "end", at, read, share)
         for run, each in zip(runs, found, strict=True) if each.attention is not None
         for step, (symbol, shares) in enumerate(zip(each.steps, each.attention.tolist(), strict=True), 1)
         for at, (read, share) in enumerate(zip(each.read, shares, strict=True), 1)),
    )  # fmt: skip


def _best(found: StepPredictions) -> list[tuple[str, float]]:
    """Return the likeliest answer at each step, and how probable it was held."""
    return [(found.names[at] or "end", float(shares[at])) for shares in found.shares for at in (int(shares.argmax()),)]


def _steps(found: StepPredictions) -> list[str]:
    return [step or "end" for step in found.steps[-MOST_STEPS:]]


def _title(said: str) -> None:
    st.html(render("train/matrices.html", "title", said))


def _csv(label: str, name: str, text: str) -> None:
    download(label, text, f"{name}.csv", key=f"train.csv.{name}")


def _rows(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return out.getvalue()
