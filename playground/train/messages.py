"""Messages that ask for a decision: what was changed, what waits for a reset, what diverged or failed."""

import streamlit as st

from playground.components.notices import notices
from playground.live.once import once_per_step
from playground.live.process import page_turn
from playground.live.visitor import lost_session
from playground.race import actions, own_race, words
from playground.race.setup import Setup
from rnncore.analysis import advice
from rnncore.training.remarks import remarks
from rnncore.training.views import RunView


def messages(setup: Setup) -> None:
    """Draw the messages that hold now; none, most of the time."""
    notices(actions.notices() + remarks(setup.config))
    if own_race.was_freed():
        st.info("Your run was freed while this page had no connection. **Start** runs the same set-up again, "
                "with the same losses.", icon=":material/cloud_off:")  # fmt: skip
    mine = own_race.entry()
    if mine is None:
        if not own_race.was_freed() and lost_session():
            st.info(words.LOST, icon=":material/cloud_off:")
        return
    waiting = actions.waiting_changes(setup)
    if waiting:
        names = ", ".join(label.lower() for label, _, _ in waiting)
        st.info(f"Changed: {names}. The run on screen keeps its settings until you press **Reset**.",
                icon=":material/restart_alt:")  # fmt: skip
    if mine.failure is not None:
        st.error(f"This run stopped because of an error in the program ({mine.failure[:200]}). Others go on. "
                 "**Start** makes a fresh one.")  # fmt: skip
    diverged = mine.view().diverged
    if diverged:
        # first, since what is drawn before something slow stands beside what the last run of the page has left
        found = _remedies(diverged[0])
        with st.container(border=True, key="diverged"):
            st.markdown("  \n".join(map(words.divergence, diverged)))
            st.markdown("What usually helps; one click makes the change and starts again:" if found else
                        "No single change that was tried helps: take the task's recommended settings.")  # fmt: skip
            with st.container(horizontal=True, gap="small"):
                for number, remedy in enumerate(found):
                    st.button(f"{remedy.words[:1].upper()}{remedy.words[1:]}", key=f"train.remedy.{number}",
                              on_click=actions.press_remedy,
                              args=(diverged[0].cell, remedy.changes))  # fmt: skip
                if any(run.good_step or run.held_loss is not None for run in diverged):
                    steps = " and ".join(f"{step:,}" for step in sorted({run.good_step for run in diverged}))
                    st.button(f"Back to the last good state (update {steps})", key="train.rewind",
                              icon=":material/undo:", on_click=actions.press_rewind)  # fmt: skip


@once_per_step
def _remedies(run: RunView) -> list[advice.Remedy]:
    """Return what helps a run that has diverged, which is tried out once."""
    with page_turn.given_away():
        return advice.remedies(run)
