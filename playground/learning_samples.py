"""The record of samples: what a network wrote from the same opening after 0, 10, 30, 100, ... updates."""

from html import escape

import streamlit as st

from playground import state
from playground.learning_desk import entry
from playground.learning_setup import NEWEST, PAGE, visit
from playground.server import page_turn
from playground.terms import term
from rnncore.text.study import Sample, Study


def samples() -> None:
    """Draw the record of samples: one at a time, by a slider; where a trained model goes on, its first one beside."""
    mine = entry()
    if mine is None:
        return
    study = mine.race
    kept = {sample.step: sample for sample in study.samples}
    at = visit.setup().at
    at = at if at in kept else max(kept)
    if len(kept) > 1:
        state.show(f"{PAGE}.at", at)
        st.select_slider("What it wrote after so many updates", list(kept), key=f"{PAGE}.at", on_change=_scrub,
                         format_func=lambda step: f"{step:,}",
                         help="Always the same opening and the same draws. Drag back and see it unlearn.")  # fmt: skip
    if study.begin is not None and at:
        left, right = st.columns(2)
        with left:
            _sheet("before", study, kept[0])
        with right:
            _sheet(f"after {at:,} updates", study, kept[at])
    else:
        _sheet(f"after {at:,} updates", study, kept[at])


def _scrub() -> None:
    mine, raw = entry(), visit.chosen("at")
    if mine is not None and raw is not None:
        visit.lay({**raw, "at": NEWEST if raw["at"] == mine.race.samples[-1].step else raw["at"]})


def _sheet(heading: str, study: Study, sample: Sample) -> None:
    with page_turn.given_away():
        copied = study.copied(sample)
    st.html(f'<p class="note"><b>{escape(heading)}</b></p><div class="paper small"><b>{escape(study.writing.prime)}</b>'
            f"{escape(sample.text)}</div>{copy_note(copied)}")  # fmt: skip


def copy_note(copied: str) -> str:
    """Return as HTML how long the longest stretch is that was copied from the training text, and which it is."""
    what = term("Longest copy from the training text",
                "The longest stretch of this text that stands in the training text word for word.")  # fmt: skip
    return f'<p class="note">{what}: {len(copied)} characters, <code>{escape(copied.strip())}</code></p>'
