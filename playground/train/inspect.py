"""A closer look at what the networks have learned: other lengths, mix-ups, forecasts, and the way to an answer."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from playground.components.charts import is_dark
from playground.live.process import page_turn, pool
from playground.race.on_screen import race_on_screen
from playground.race.setup import Setup
from playground.train import inspect_views as parts
from playground.train import matrices, question
from rnncore.analysis import outcomes
from rnncore.pool.entry import Entry
from rnncore.tasks import Task
from rnncore.training.run import Run
from rnncore.training.views import RaceView

T = TypeVar("T")
KEY = "train.inspect"
TITLE = "Look closer: step by step, other lengths, mix-ups"


def inspect_drawer(setup: Setup) -> None:
    """Draw the drawer; what is in it is measured when it is opened, on the networks as they are then."""
    drawer = st.expander(TITLE, key="train.drawer.inspect", on_change="rerun")
    if not drawer.open:
        return
    found = race_on_screen(setup)
    with drawer:
        if found is None:
            st.caption("Press **Start** first: this looks into networks that have been trained.")
            return
        task = found.view().task
        looks = [name for name, (fits, _) in LOOKS.items() if fits(task)]
        if not looks:
            st.caption("There is nothing more to see for this task than what stands above.")
            return
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            # a key for each task, since not all tasks have all looks
            look = st.segmented_control("Look at", looks, default=looks[0], key=f"{KEY}.{task.name}",
                                        required=True, wrap=True)  # fmt: skip
            st.button("Measure again", key=f"{KEY}.again", icon=":material/refresh:",
                      help="The figures are those of the moment at which they were measured.")  # fmt: skip
        LOOKS[look or looks[0]][1](found)
        st.caption(f"Measured at update {found.step:,}, on held-out examples or on what you asked.")


def _each(race: Entry[RaceView], measure: Callable[[Run], T]) -> list[T]:
    """Return a measurement of every network, while none of them moves and other pages go on."""
    with page_turn.given_away():
        return pool().compute(race, lambda race: race.each(measure))


def _lengths(race: Entry[RaceView]) -> None:
    st.html(parts.lengths(race.view(), _each(race, outcomes.stretched)))


def _mixups(race: Entry[RaceView]) -> None:
    matrices.mixups(race.view().runs, _each(race, outcomes.confusion))


def _forecasts(race: Entry[RaceView]) -> None:
    parts.forecasts(race.view(), _each(race, outcomes.forecasts), is_dark())


def _figures(race: Entry[RaceView]) -> None:
    st.html(parts.further(race.view(), _each(race, outcomes.report)))


def _steps(race: Entry[RaceView]) -> None:
    inputs = question.inputs_of(race.view().task)
    if inputs is None:
        st.caption("Type or draw something beside the answers first.")
        return
    found = _each(race, lambda run: outcomes.step_predictions(run, inputs))
    matrices.answers(race.view().runs, found)


def _goes_by_steps(task: Task) -> bool:
    """Return whether a network says at each step of a question, or of its answer, how probable it holds what."""
    asked = bool(task.ask) and task.ask_kind != "opening" and task.loss_kind in ("cross_entropy", "binary")
    return asked and (task.writes_symbols or not task.writes)


def _classifies(task: Task) -> bool:
    return bool(task.answers) and task.loss_kind == "cross_entropy" and not task.writes


LOOKS: dict[str, tuple[Callable[[Task], bool], Callable[[Entry[RaceView]], None]]] = {
    "Step by step": (_goes_by_steps, _steps),
    "Other lengths": (lambda task: task.stretches, _lengths),
    "Mix-ups": (_classifies, _mixups),
    "Predicted and true": (lambda task: task.forecasts, _forecasts),
    "Further figures": (lambda task: bool(task.reported), _figures),
}
