"""The record of samples: what a network wrote from the same opening after 0, 10, 30, 100, ... updates."""

import streamlit as st
from markupsafe import Markup

from playground.components.note import noted
from playground.components.templates import render
from playground.language_models.copied import copy_note
from playground.learning.actions import chosen_opening, entry, on_screen
from playground.learning.settings import NEWEST, PAGE, visit
from playground.live.process import page_turn, pool
from playground.session import state
from rnncore.pool.entry import Entry
from rnncore.tasks.shown import NO_NUMBERS
from rnncore.text.study import Sample, StudyView

STAGES = (0, 30, 300, 3000)  # updates
SHOWN = 240  # characters of each, so that all fit side by side
TEMPLATE = "learning/samples.html"
LABEL = "What the network wrote after 0, 30, 300 and 3,000 updates"


def samples() -> None:
    """Draw the record of samples: one at a time, by a slider; where a trained model goes on, its first one beside."""
    found = on_screen()
    if found is None:
        return
    study = found.view()
    kept = {sample.step: sample for sample in study.samples}
    at = visit.setup().at
    at = at if at in kept else max(kept)
    with st.container(key="sample-slider"):
        _slider(kept, at)
    if study.goes_on and at:
        left, right = st.columns(2)
        with left:
            _sheet("before", found, kept[0])
        with right:
            _sheet(f"after {at:,} updates", found, kept[at])
    else:
        _sheet(f"after {at:,} updates", found, kept[at])


def _slider(kept: dict[int, Sample], at: int) -> None:
    """Draw the slider over the samples; as long as there is but one, its room."""
    if len(kept) < 2:
        st.html(noted("In full, as it was at the start; with the second sample a slider comes."))
        return
    state.set_widget_value(f"{PAGE}.at", at)
    st.select_slider("In full, after so many updates", list(kept), key=f"{PAGE}.at", on_change=_scrub,
                     format_func=lambda step: f"{step:,}",
                     help="Always the same opening and the same draws. Drag back and see it unlearn.")  # fmt: skip


def side_by_side() -> None:
    """Draw what the network wrote after 0, 30, 300 and 3,000 updates, as far as it has come."""
    found = on_screen()
    study = found.view() if found is not None else None
    kept = {sample.step: sample.text for sample in study.samples} if study is not None else {}
    prime = study.writing.prime if study is not None else chosen_opening(visit.setup())
    ended = study is not None and study.status in ("finished", "diverged")
    missing = f"not reached: it stopped after {study.step:,}" if study is not None and ended else "still to come"
    shown = []
    for step in STAGES:
        name = "Before going on" if study is not None and study.goes_on and step == 0 else f"Update {step:,}"
        text = kept.get(step)
        shown.append((name, None if text is None else f"{text[:SHOWN]}…{_broken_off(study, text)}"))
    st.html(render(TEMPLATE, "side_by_side", shown, prime, missing, LABEL))


def note() -> Markup:
    """Return what there is to say of the samples that stand side by side, as HTML."""
    return render(TEMPLATE, "note", SHOWN, recorded=on_screen() is not None and entry() is None)


def _scrub() -> None:
    found, raw = on_screen(), visit.chosen("at")
    if found is not None and raw is not None:
        newest = found.view().samples[-1].step
        visit.apply_settings({**raw, "at": NEWEST if raw["at"] == newest else raw["at"]})


def _sheet(heading: str, shown: Entry[StudyView], sample: Sample) -> None:
    study = shown.view()
    with page_turn.given_away():
        copied = pool().compute(shown, lambda study: study.copied(sample), waits=False)
    text = sample.text + _broken_off(study, sample.text)
    st.html(render(TEMPLATE, "sheet", heading, study.writing.prime, text) + copy_note(copied))


def _broken_off(study: StudyView | None, text: str) -> str:
    """Return why a text is shorter than was asked for; empty if it is not."""
    return f" ({NO_NUMBERS})" if study is not None and len(text) < study.writing.length else ""
