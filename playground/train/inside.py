"""Inside: the networks unrolled over a held-out example, beside their curve, while they learn."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from playground.components.note import noted
from playground.components.share import download
from playground.components.unrolled_picture import draw_unrolled, unrolled_data
from playground.live.process import pool
from playground.race import actions
from playground.race.on_screen import race_on_screen
from playground.race.setup import Setup
from playground.session import address, state
from playground.train import inside_words
from playground.train.inside_csv import inside_csv
from playground.train.inside_data import picture
from playground.train.question import Question, Replies
from rnncore.analysis.inside import Inside, inside
from rnncore.cells import CELLS
from rnncore.pool.entry import Entry
from rnncore.training.run import Run
from rnncore.training.views import RaceView

KEY = "train.inside"
CELL_PAGE = "cell"


class Insides(Replies):
    """The networks of a race, unrolled over one example in their place on the page, twice a second at most."""

    name = KEY
    every_seconds, share = 0.5, 0.06
    soon = inside_words.SOON


def look_inside(setup: Setup, race: Entry[RaceView] | None, beside: DeltaGenerator) -> Insides | None:
    """Draw the picture's place, and what chooses the example; return what fills it, None where there is no race."""
    if race is None:
        beside.caption("Press **Start**, and see the networks at work on an example.")
        return None
    number, step = setup.view.inside_example, setup.view.inside_step
    measure = partial(inside, number=number - 1, step=step - 1 if step else None)
    task = race.view().task

    def draw(cells: Sequence[str], found: Sequence[Inside], step: int, *, dark: bool, moving: bool) -> Markup:
        said = inside_words.finding(cells, found, step)
        data = picture(cells, found, task, dark=dark) | {"finding": said, "alt": inside_words.alt(said, found)}
        return unrolled_data(data) + noted(inside_words.note(found))

    place = beside.container(key="inside-picture")
    with place:
        draw_unrolled(f"{KEY}.picture", opens=address.has_page(CELL_PAGE), on_chosen=_follow, on_open=_open)
    with beside.container(horizontal=True, gap="small", key="inside-controls"):
        st.button("Other example", key=f"{KEY}.next", icon=":material/skip_next:", on_click=_other, args=(number + 1,),
                  help=f"Held-out example {number} is shown. The same ones for all networks.")  # fmt: skip
        st.button("Make table", key=f"{KEY}.table", icon=":material/table:", on_click=_make_table,
                  args=(setup, measure), help="Every value of every unit at every step, as it is then.")  # fmt: skip
        made = state.get(f"{KEY}.made")
        if made is not None and made[0] == (race.number, number, step):
            download("Save as CSV", made[2], "rnn-inside.csv", key=f"{KEY}.csv", help=f"As at update {made[1]:,}.")
    return Insides(Question((KEY, number, step), measure, draw), place)


def open_wanted() -> None:
    """Go to the Cell page if a visitor has asked to see a step there; the race stays as it is."""
    wanted = state.take(f"{KEY}.wanted")
    if wanted is not None:
        address.go(CELL_PAGE, {"source": "mine", **wanted})


def _make_table(setup: Setup, measure: Callable[[Run], Inside]) -> None:
    """Take the networks as they are now; what Streamlit makes on demand is dropped as soon as other pages refresh."""
    race = race_on_screen(setup)
    if race is not None:
        found = pool().compute(race, lambda race: race.each(measure))
        name = race.number, setup.view.inside_example, setup.view.inside_step
        state.put(f"{KEY}.made", (name, race.step, inside_csv(race.view().cells, found)))


def _follow(step: int) -> None:
    _put(inside_step=max(0, step))


def _other(number: int) -> None:
    _put(inside_example=number, inside_step=0)


def _open(cell: str, step: int) -> None:
    if cell in CELLS:
        example = actions.setup().view.inside_example
        state.put(f"{KEY}.wanted", {"cell": cell, "example": example, "step": max(1, step)})


def _put(**changes: int) -> None:
    actions.visit.apply_settings({**actions.setup().flat(), **changes})
