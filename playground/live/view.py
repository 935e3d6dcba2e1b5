"""A view that is drawn again while something moves, and the states in which something does."""

from collections.abc import Callable, Sequence

import streamlit as st

from playground.components.charts import is_dark
from playground.live.process import tick_seconds
from playground.live.slot import Slot
from playground.live.updater import live_updater

THEME_SECONDS = 10.0
MOVING = ("running", "stepping", "pausing", "waiting")
RESTING_SECONDS = 4.0  # nothing moves but the place in line


def keep_live(draw: Callable[[], bool], slots: Sequence[Slot], rests: Callable[[], bool]) -> None:
    """Let the live updater draw again, seldom while little is to be seen; draw the page anew when its theme changes.

    Of a new theme a server hears only when it is asked for something.
    """
    live_updater().begin(draw, lambda: RESTING_SECONDS if rests() else tick_seconds(), slots)
    drawn = is_dark()

    @st.fragment(run_every=THEME_SECONDS)
    def part() -> None:
        if is_dark() != drawn:
            st.rerun()

    part()
