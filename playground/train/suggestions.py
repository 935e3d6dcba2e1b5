"""The row of next steps on the Train page: drawn once a race has ended, each done by one click."""

from functools import partial
from typing import Any

import streamlit as st

from playground.components.next_steps_row import NextStep, next_row
from playground.live.once import once_per_step
from playground.live.process import page_turn, pool
from playground.race import actions, own_race
from playground.race.actions import MORE_UPDATES, PAGE
from playground.race.setup import Setup
from playground.train.next_steps import ideas, next_steps
from rnncore.training.race import Race
from rnncore.training.views import RaceView


def next_buttons(setup: Setup) -> None:
    """Draw the steps once this tab's race has finished, and always a way to go on from where it stands.

    While changed settings wait for a reset there are no steps: they would fit a race that is no longer asked for.
    """
    mine = own_race.entry()
    if mine is None or mine.failure is not None or mine.status != "finished":
        return
    steps = [] if actions.waiting_changes(setup) else _found(mine.view())
    next_row(steps, PAGE, take, None if any(_goes_on(step.change) for step in steps) else _more)


def _more() -> None:
    """Draw the button that goes on from where the race stands, if it is none of the steps."""
    st.button(f"{MORE_UPDATES} more updates", key=f"{PAGE}.more", icon=":material/fast_forward:", type="tertiary",
              on_click=actions.press_more_updates, args=(MORE_UPDATES,),
              help="Goes on from where the race stands now; nothing that was learned is lost.")  # fmt: skip


@once_per_step
def _found(race: RaceView) -> list[NextStep]:
    """Return the steps from this tab's race, which are looked for once for its last update."""
    setup, mine = actions.setup(), own_race.entry()
    if mine is None:
        return []
    with page_turn.given_away():
        found = pool().compute(mine, partial(ideas, equal=setup.view.equal), waits=False)
        return next_steps(race.runs, found, setup)


def take(change: dict[str, Any]) -> None:
    """Do a step: more updates go on with the networks, everything else begins a new race; either moves at once."""
    if _goes_on(change):
        actions.press_more_updates(MORE_UPDATES)
        return
    actions.visit.apply_settings({**actions.setup().flat(), **change})
    fresh = actions.place(lambda: Race.of(actions.setup().configs))
    if fresh is not None:
        own_race.start(fresh)


def _goes_on(change: dict[str, Any]) -> bool:
    return set(change) == {"steps"}
