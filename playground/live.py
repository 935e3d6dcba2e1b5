"""What moves while a race goes on: the curve, the finding, the health line and the held-out answers."""

import itertools
import re
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground import desk, figures, recorded, words
from playground.answers import table
from playground.charts import loss_chart
from playground.server import page_turn, pool, tick_seconds
from playground.setup import Setup
from playground.tables import curve_table
from rnncore.measures import Status
from rnncore.pool import Entry
from rnncore.race import Race

POINTS = 120  # rows per line of the chart; more than a phone or a projector can show apart


def is_dark() -> bool:
    """Return whether the visitor sees the dark theme."""
    return st.context.theme.type == "dark"


def on_screen(setup: Setup) -> Race | None:
    """Return the race to draw: this tab's own, else the recorded one if it has the same set-up."""
    mine = desk.entry()
    if mine is not None:
        return mine.race
    return recorded.race() if recorded.matches(setup) else None


def watch(setup: Setup, words_below: DeltaGenerator, answers_beside: DeltaGenerator) -> None:
    """Draw the race now, and again while it moves; redraw the whole page when its state changes.

    One fragment, because each costs the server more than what it draws. The curve refreshes at every tick; words
    and answers are put together once a second, faster than that nobody can read, but sent with every tick, since
    the browser drops what a fragment did not draw again.
    """
    before = _state()
    every = WAITING_SECONDS if before[0] == "waiting" else tick_seconds()
    ticks, reading = itertools.count(), ["Nothing trained yet.", "", ""]

    @st.fragment(run_every=every if before[0] in MOVING else None)
    def part() -> None:
        with page_turn:
            draw()
        if _state() != before or (before[0] in MOVING and tick_seconds() > every):
            st.rerun()

    def draw() -> None:
        race = on_screen(setup)
        if race is not None and next(ticks) % READING_TICKS == 0:
            finding = words.finding(race.runs)
            reading[:] = finding.replace("**", ""), words_html(finding, race), table(race, is_dark())
        # a new text alternative makes the browser draw the chart anew, so while it moves there is one that holds
        _curve(setup, race, alt=WHILE_MOVING if before[0] in MOVING else reading[0])
        # always written: Streamlit gives a fragment no place outside itself that it left empty in the full run
        words_below.html(reading[1] or "<div></div>")
        answers_beside.html(reading[2] or "<div></div>")

    part()


READING_TICKS = 4
WHILE_MOVING = "Loss against training, one line per network, growing; the finding so far stands in words below."
MOVING = ("running", "stepping", "waiting")
WAITING_SECONDS = 4.0  # nothing moves but the place in line


def _state() -> tuple[str, int]:
    """Return what the page's buttons and messages depend on: the race's state, and how many runs have diverged."""
    mine = desk.entry()
    if mine is None:
        return "none", 0
    diverged = sum(run.divergence is not None for run in mine.race.runs)
    if mine.failure is not None:
        return "failed", diverged
    if pool().place(mine) is not None:
        return "waiting", diverged
    return ("stepping" if mine.single_steps else mine.race.status), diverged


def _curve(setup: Setup, race: Race | None, alt: str) -> None:
    mine = desk.entry()
    runs = race.runs if race else []
    task = runs[0].task if runs else setup.config.build_task()
    batch_size = runs[0].config.batch_size if runs else setup.config.batch_size
    cells = [run.config.cell for run in runs] or list(setup.cells)
    view = setup.view
    rows = curve_table([run.view(POINTS) for run in runs], task.baselines(), x_axis=view.x_axis,
                        batch_size=batch_size, scale=view.scale)  # fmt: skip
    spec = loss_chart(cells, x_axis=view.x_axis, scale=view.scale, loss_label=task.loss_label, dark=is_dark())
    st.caption(_where(race, mine))
    st.vega_lite_chart(rows, spec, key="train.chart", alt=alt)


def words_html(finding: str, race: Race) -> str:
    """Return what the race has shown so far, every network's figures, and how its training goes."""
    said = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(finding))
    return f'<p class="finding" role="status">{said}</p>{figures.figures(race.runs)}{figures.health(race.runs)}'


def _where(race: Race | None, mine: Entry | None) -> str:
    if mine is None:
        if race is None:
            return "Nothing trained yet with these settings. **Start** trains real networks, here and now."
        return f"**Recorded** run of {race.step:,} updates, made earlier with these settings. **Start** trains it live."
    place = pool().place(mine)
    if place is not None:
        return words.waiting(place)
    names = {
        "ready": "Ready",
        "running": "Training live",
        "paused": "Paused",
        "finished": "Finished",
        "diverged": "Stopped",
    }
    name = names[mine.race.status] if mine.failure is None else "Stopped"
    return f"**{name}** at update {mine.race.step:,} · seed {mine.race.runs[0].config.seed}"


def button_status() -> Status:
    """Return what the Start button should take the race for."""
    mine = desk.entry()
    if mine is None or mine.failure is not None:
        return "ready"
    return mine.race.status
