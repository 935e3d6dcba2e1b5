"""The picture of the Memory page for each way of looking, drawn again while the networks train."""

import streamlit as st

from playground.inside.memory.cut import cut_memory
from playground.inside.memory.eigen import eigenvalues
from playground.inside.memory.networks import Networks, networks, plain, race
from playground.inside.memory.remember import remembered
from playground.inside.memory.settings import visit
from playground.inside.memory.space import space
from playground.live.process import page_turn
from playground.race import recorded
from playground.race.setup import Setup
from rnncore.training.views import RaceView

SECONDS = 3.0
LOOKS = {"probe": remembered, "cut": cut_memory, "space": space, "eigen": eigenvalues}


def picture(setup: Setup) -> None:
    """Draw what the set-up asks for, on the networks of the race that there is."""
    entry = race(setup)
    if entry is None:
        st.info("There are no networks for these settings. Start some on the **Train** page, and come back.",
                icon=":material/info:")  # fmt: skip
        return
    moving = entry.moving

    @st.fragment(run_every=SECONDS if moving else None)
    def part() -> None:
        if visit.setup() != setup:  # a control in here has changed it, and it belongs into the address
            st.rerun()
        with page_turn:
            found = networks(entry)
            st.caption(whose(setup, entry.view(), found))
            LOOKS[setup.view.look](setup, found)
        if moving and not entry.moving:
            st.rerun()

    part()


def whose(setup: Setup, shown: RaceView, found: Networks) -> str:
    """Say whose networks are looked at, and of a network that reads both ways which direction, in Markdown."""
    at = setup.view.at
    if found.mine:
        said = "The networks of your race on the **Train** page."
    elif not shown.step:
        said = "Networks as they start: nobody has trained these settings yet."
    else:
        said = recorded.sentence(plain(setup), shown).partition(" **Start**")[0]
        if at in found.updates and 0 < at < shown.step:
            said += (f" The weights at update {at:,} are those of a second run of the same settings, whose held-out "
                     "loss there is within 1 % of the recorded one.")  # fmt: skip
    one_way = " Of the two directions it is the one that reads forward." if shown.config.bidirectional else ""
    return said + one_way
