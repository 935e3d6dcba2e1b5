"""What moves while a race goes on: the curve, the finding, the health line and the held-out answers."""

from collections.abc import Callable

import streamlit as st

from playground import desk, figures, recorded, words
from playground.charts import loss_chart
from playground.server import pool, tick_seconds
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


def refreshing(draw: Callable[[Setup], None], setup: Setup, every: float) -> None:
    """Draw now, and again every so many seconds while the race is moving; redraw the page when its state changes."""
    before = _state()

    @st.fragment(run_every=every if before[0] in MOVING else None)
    def part() -> None:
        draw(setup)
        if _state() != before:
            st.rerun()

    part()


MOVING = ("running", "stepping")


def _state() -> tuple[str, int]:
    """Return what the page's buttons and messages depend on: the race's state, and how many runs have diverged."""
    mine = desk.entry()
    if mine is None:
        return "none", 0
    diverged = sum(run.divergence is not None for run in mine.race.runs)
    if mine.failure is not None:
        return "failed", diverged
    return ("stepping" if mine.single_steps else mine.race.status), diverged


def curve(setup: Setup) -> None:
    """Draw the loss chart, and the state of the race in a line above it."""
    refreshing(_curve, setup, tick_seconds())


def _curve(setup: Setup) -> None:
    race, mine = on_screen(setup), desk.entry()
    runs = race.runs if race else []
    task = runs[0].task if runs else setup.config.build_task()
    batch_size = runs[0].config.batch_size if runs else setup.config.batch_size
    cells = [run.config.cell for run in runs] or list(setup.cells)
    view = setup.view
    table = curve_table([run.view(POINTS) for run in runs], task.baselines(), x_axis=view.x_axis,
                        batch_size=batch_size, scale=view.scale)  # fmt: skip
    spec = loss_chart(cells, x_axis=view.x_axis, scale=view.scale, loss_label=task.loss_label, dark=is_dark())
    st.caption(_where(race, mine))
    st.vega_lite_chart(
        table, spec, key="train.chart", alt="Loss against training; the finding stands in words below it."
    )


def spoken(setup: Setup) -> None:
    """Say what the race has shown so far, and how the training of each network goes."""
    refreshing(_spoken, setup, 4 * tick_seconds())


def _spoken(setup: Setup) -> None:
    race = on_screen(setup)
    if race is not None:
        st.markdown(words.finding(race.runs))
        st.html(figures.figures(race.runs) + figures.health(race.runs))


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
    return f"**{names[mine.race.status]}** at update {mine.race.step:,} · seed {mine.race.runs[0].config.seed}"


def button_status() -> Status:
    """Return what the Start button should take the race for."""
    mine = desk.entry()
    if mine is None or mine.failure is not None:
        return "ready"
    return mine.race.status
