"""A closer look at what the networks have learned: other lengths, mix-ups, forecasts, and the way to an answer."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from playground.components.charts import is_dark
from playground.live.process import page_turn, pool
from playground.race import own_race
from playground.race.setup import Setup
from playground.train import inspect_views as parts
from playground.train import matrices, question, view
from rnncore.analysis import outcomes
from rnncore.tasks import Task
from rnncore.training.race import Race
from rnncore.training.run import Run

T = TypeVar("T")
KEY = "train.closer"
TITLE = "Look closer: step by step, other lengths, mix-ups"


def inspect_drawer(setup: Setup) -> None:
    """Draw the drawer; what is in it is measured when it is opened, on the networks as they are then."""
    drawer = st.expander(TITLE, key="train.drawer.closer", on_change="rerun")
    if not drawer.open:
        return
    race = view.on_screen(setup)
    with drawer:
        if race is None:
            st.caption("Press **Start** first: this looks into networks that have been trained.")
            return
        task = race.runs[0].task
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
        LOOKS[look or looks[0]][1](race)
        st.caption(f"Measured at update {race.step:,}, on held-out examples or on what you asked.")


def _each(race: Race, measure: Callable[[Run], T]) -> list[T]:
    """Return a measurement of every network, while none of them moves and other pages go on."""
    mine = own_race.entry()
    with page_turn.given_away():
        if mine is None:
            return [measure(run) for run in race.runs]
        with pool().hold(mine) as held:
            return [measure(run) for run in held.runs]


def _lengths(race: Race) -> None:
    st.html(parts.lengths(race, _each(race, outcomes.stretched)))


def _mixups(race: Race) -> None:
    matrices.mixups(race.runs, _each(race, outcomes.confusion))


def _forecasts(race: Race) -> None:
    parts.forecasts(race, _each(race, outcomes.forecasts), is_dark())


def _figures(race: Race) -> None:
    st.html(parts.further(race, _each(race, outcomes.report)))


def _steps(race: Race) -> None:
    inputs = question.inputs_of(race.runs[0].task)
    if inputs is None:
        st.caption("Type or draw something beside the answers first.")
        return
    matrices.answers(race.runs, _each(race, lambda run: outcomes.step_predictions(run, inputs)))


def _goes_by_steps(task: Task) -> bool:
    """Return whether a network says at each step of a question, or of its answer, how probable it holds what."""
    asked = bool(task.ask) and task.ask_kind != "opening" and task.loss_kind in ("cross_entropy", "binary")
    return asked and (task.writes_symbols or not task.writes)


def _classifies(task: Task) -> bool:
    return bool(task.answers) and task.loss_kind == "cross_entropy" and not task.writes


LOOKS: dict[str, tuple[Callable[[Task], bool], Callable[[Race], None]]] = {
    "Step by step": (_goes_by_steps, _steps),
    "Other lengths": (lambda task: task.stretches, _lengths),
    "Mix-ups": (_classifies, _mixups),
    "Predicted and true": (lambda task: task.forecasts, _forecasts),
    "Further figures": (lambda task: bool(task.reported), _figures),
}
