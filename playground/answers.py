"""Held-out examples with every network's answer, right and wrong, refreshed while it learns."""

from html import escape

import streamlit as st

from playground.live import is_dark, on_screen, refreshing
from playground.palette import colour
from playground.server import tick_seconds
from playground.setup import Setup
from rnncore.cells import CELLS
from rnncore.race import Race


def answers(setup: Setup) -> None:
    """Draw the table; once a second is as fast as one can read."""
    refreshing(_draw, setup, 4 * tick_seconds())


def _draw(setup: Setup) -> None:
    race = on_screen(setup)
    if race is not None:
        st.html(f'<div class="answers-box">{table(race, is_dark())}</div>')


def table(race: Race, dark: bool) -> str:
    """Return the table as HTML; everything that could come from a visitor is escaped."""
    heads = []
    for run in race.runs:
        kind = CELLS[run.config.cell]
        style = f"color:{colour(run.config.cell, dark)};opacity:1"
        heads.append(f'<th scope="col" style="{style}" title="{escape(kind.label)}">{escape(kind.short)}</th>')
    rows = []
    for lines in zip(*(run.shown() for run in race.runs), strict=True):
        question, truth, _, _ = lines[0]
        cells = [_cell(answer, right) for _, _, answer, right in lines]
        rows.append(f'<tr><td class="q">{escape(question)}</td><td class="a">{escape(truth)}</td>{"".join(cells)}</tr>')
    measured = max(run.answered_at for run in race.runs)
    return (
        f'<table class="answers"><caption>Held-out answers at update {measured:,}</caption>'
        f'<tr><th scope="col">example</th><th scope="col">true</th>{"".join(heads)}</tr>{"".join(rows)}</table>'
    )


def _cell(answer: str | None, right: bool | None) -> str:
    mark, name, said = ("✓", "yes", "right") if right else ("✗", "no", "wrong")
    return f'<td class="a {name}"><span aria-label="{said}">{mark}</span> {escape(answer or "")}</td>'
