"""Inside: the networks unrolled over one example, beside their curve, while they learn."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator
from torch import Tensor

from playground.components.choices import choice
from playground.components.note import noted
from playground.components.share import download
from playground.components.unrolled_picture import draw_unrolled, unrolled_data
from playground.live.process import pool
from playground.race import actions
from playground.race.on_screen import race_on_screen
from playground.race.setup import Setup, setup_settings
from playground.session import address, state
from playground.train import inside_words
from playground.train.inside_csv import inside_csv
from playground.train.inside_data import picture
from playground.train.question import Question, Replies
from rnncore.analysis.inside import Inside, inside
from rnncore.cells import CELLS
from rnncore.errors import ConfigError
from rnncore.pool.entry import Entry
from rnncore.tasks import Task
from rnncore.training.run import Run
from rnncore.training.views import RaceView

KEY = "train.inside"
CELL_PAGE = "cell"
WIDE = 230  # pixels


class Insides(Replies):
    """The networks of a race, unrolled over one example in their place on the page, twice a second at most.

    In 2 % of one worker's time: about what the curve beside them takes of the server.
    """

    name = KEY
    every_seconds, share = 0.5, 0.02
    soon = inside_words.SOON


def look_inside(setup: Setup, race: Entry[RaceView] | None, beside: DeltaGenerator) -> Insides | None:
    """Draw the picture's place, and what chooses the example; return what fills it, None where there is no race."""
    if race is None:
        beside.caption("Press **Start**, and see the networks at work on an example.")
        return None
    view, shown = setup.view, race.view()
    task, layers = shown.task, shown.config.num_layers
    typed, refused = _typed(task, view.inside_question)
    measure = partial(inside, number=view.inside_example - 1, step=view.inside_step - 1 if view.inside_step else None,
                      layer=view.inside_layer - 1 if view.inside_layer else None, typed=typed)  # fmt: skip

    def draw(cells: Sequence[str], found: Sequence[Inside], step: int, *, dark: bool, moving: bool) -> Markup:
        said = inside_words.finding(cells, found, step)
        data = picture(cells, found, task, dark=dark) | {"followed": view.inside_step > 0}
        said_too = {"finding": said, "alt": inside_words.alt(said, found)}
        return unrolled_data(data | said_too) + noted(inside_words.note(found))

    place = beside.container(key="inside-picture")
    with place:
        draw_unrolled(f"{KEY}.picture", opens=address.has_page(CELL_PAGE), on_chosen=_follow, on_open=_open)
    with beside.container(horizontal=True, gap="small", vertical_alignment="bottom", key="inside-controls"):
        _example(setup, task)
        if layers > 1:
            choice("inside_layer", range(1, layers + 1), min(view.inside_layer or layers, layers), actions.change,
                   page=actions.PAGE, label="Layer", words="Layer {}".format)  # fmt: skip
        _table(setup, race, measure)
    if refused:
        beside.caption(refused)
    return Insides(Question((KEY, *_looked_at(setup)), measure, draw), place)


def open_wanted() -> None:
    """Go to the Cell page if a visitor has asked to see a step there; the race stays as it is."""
    wanted = state.take(f"{KEY}.wanted")
    if wanted is not None:
        address.go(CELL_PAGE, {"source": "mine", **wanted})


def _typed(task: Task, text: str) -> tuple[Tensor | None, str]:
    """Return an input of the visitor's own, None where there is none; and why it could not be read."""
    if not text or not _reads_text(task):
        return None, ""
    try:
        return task.parse_text(text), ""
    except ConfigError as error:
        return None, f"{error} A held-out example is shown instead."


def _reads_text(task: Task) -> bool:
    return bool(task.ask) and task.ask_kind != "drawing"


def _looked_at(setup: Setup) -> tuple[object, ...]:
    view = setup.view
    return view.inside_example, view.inside_step, view.inside_layer, view.inside_question


def _example(setup: Setup, task: Task) -> None:
    """Draw what chooses the example: the next held-out one, or an input of the visitor's own."""
    number, own = setup.view.inside_example, setup.view.inside_question
    shown = "Your own input is shown" if own else f"Held-out example {number} is shown"
    st.button("Other example", key=f"{KEY}.next", icon=":material/skip_next:", on_click=_other,
              args=(number if own else number + 1,),
              help=f"{shown}. The same ones for all networks.")  # fmt: skip
    if _reads_text(task):
        known, key = setup_settings(task.name)["inside_question"], f"{actions.PAGE}.inside_question"
        state.set_widget_value(key, own)
        st.text_input(known.label, key=key, width=WIDE, max_chars=known.max_length, label_visibility="collapsed",
                      placeholder=f"Your own: {task.first_question}", on_change=_ask, help=task.ask)  # fmt: skip


def _table(setup: Setup, race: Entry[RaceView], measure: Callable[[Run], Inside]) -> None:
    st.button("Make table", key=f"{KEY}.table", icon=":material/table:", on_click=_make_table, args=(setup, measure),
              help="Every value of every unit at every step, as it is then.")  # fmt: skip
    made = state.get(f"{KEY}.made")
    if made is not None and made[0] == (race.number, *_looked_at(setup)):
        download("Save as CSV", made[2], "rnn-inside.csv", key=f"{KEY}.csv", help=f"As at update {made[1]:,}.")


def _make_table(setup: Setup, measure: Callable[[Run], Inside]) -> None:
    """Take the networks as they are now; what Streamlit makes on demand is dropped as soon as other pages refresh."""
    race = race_on_screen(setup)
    if race is not None:
        found = pool().compute(race, lambda race: race.each(measure))
        name = race.number, *_looked_at(setup)
        state.put(f"{KEY}.made", (name, race.step, inside_csv(race.view().cells, found)))


def _follow(step: int) -> None:
    _put(inside_step=max(0, step))


def _other(number: int) -> None:
    _put(inside_example=number, inside_step=0, inside_question="")


def _ask() -> None:
    raw = actions.visit.chosen("inside_question")
    if raw is not None:
        _put(inside_question=raw["inside_question"], inside_step=0)


def _open(cell: str, step: int) -> None:
    setup = actions.setup()
    race = race_on_screen(setup)
    if cell not in CELLS or race is None:
        return
    view, layers = setup.view, race.view().config.num_layers
    wanted = {"cell": cell, "example": view.inside_example, "step": max(1, step)}
    if view.inside_question:
        wanted["question"] = view.inside_question
    if layers > 1:
        wanted["layer"] = min(view.inside_layer or layers, layers)
    state.put(f"{KEY}.wanted", wanted)


def _put(**changes: object) -> None:
    actions.visit.apply_settings({**actions.setup().flat(), **changes})
