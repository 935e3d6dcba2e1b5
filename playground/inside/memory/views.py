"""The picture of the Memory page for each way of looking, drawn again while the networks train."""

import streamlit as st

from playground.inside.memory.cut import cut_memory
from playground.inside.memory.eigen import eigenvalues
from playground.inside.memory.networks import networks, race
from playground.inside.memory.remember import remembered
from playground.inside.memory.settings import visit
from playground.inside.memory.space import space
from playground.live.process import page_turn
from playground.race.recorded import provenance
from playground.race.setup import Setup

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
            st.caption("The networks of your race on the **Train** page." if found.mine
                       else provenance(found.step, []).partition(".")[0] + ".")  # fmt: skip
            LOOKS[setup.view.look](setup, found)
        if moving and not entry.moving:
            st.rerun()

    part()
