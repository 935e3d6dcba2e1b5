"""Next steps after a finished study: two or three that fit what it has shown, each one click."""

from typing import Any

import streamlit as st

from playground.components.next_steps_row import NextStep, next_row
from playground.language_models import shipped_models
from playground.learning import actions, samples
from playground.learning.settings import PAGE, SCRATCH, LearningSettings, beginnings, described, read_settings
from playground.live.process import pool
from rnncore.text.corpora import CORPORA
from rnncore.text.study import StudyView

MORE = 3000  # updates
GENTLE = 0.0005  # learning rate at which a trained model goes on


def next_steps(study: StudyView, setup: LearningSettings) -> list[NextStep]:
    """Return up to three steps, the most fitting one first; where held-out loss has turned, something new first."""
    most = int(described()["steps"].high or 0)
    more = [NextStep(f"{MORE:,} more updates", {"steps": min(study.step + MORE, most)})] if study.step < most else []
    models = beginnings()[1:]
    other = "python" if setup.text != "python" else "play"
    text = [NextStep(f"Learn {CORPORA[other].label}", {"text": other, "prime": ""})]
    if setup.begin != SCRATCH:
        scratch = NextStep("Begin from scratch", {"begin": SCRATCH, "lr": described()["lr"].default})
        return [*text, scratch, *more] if study.has_turned else [*more, *text, scratch]
    shipped = [NextStep(f"Go on from the shipped {shipped_models.label(name)}", {"begin": name, "lr": GENTLE})
               for name in models[:1]]  # fmt: skip
    if study.has_turned:
        return [*text, *shipped, *more][:3]
    return [*more, *_wider(setup), *shipped, *text][:3]


def _wider(setup: LearningSettings) -> list[NextStep]:
    high = int(described()["hidden_size"].high or 0)
    wide, _ = read_settings({**setup.flat(), "hidden_size": min(2 * setup.hidden_size, high)})
    if wide.hidden_size <= setup.hidden_size:
        return []
    return [NextStep(f"A larger network: {wide.hidden_size} units", {"hidden_size": wide.hidden_size})]


def next_buttons(setup: LearningSettings) -> None:
    """Draw the steps, once the study has finished; before, a note on the samples stands in their room."""
    mine = actions.entry()
    with st.container(key="next-steps"):
        if mine is None or mine.failure is not None or mine.status != "finished":
            st.html(samples.note())
            return
        next_row(next_steps(mine.view(), setup), PAGE, take)


def take(change: dict[str, Any]) -> None:
    """Do a step: more updates go on with the network, everything else begins a new one; either moves at once."""
    actions.visit.apply_settings({**actions.visit.setup().flat(), **change})
    mine = actions.entry()
    if mine is not None and set(change) == {"steps"}:
        pool().change(mine, steps=actions.visit.setup().steps)
    elif not actions.reset():
        return
    mine = actions.entry()
    if mine is not None:
        pool().start(mine)
