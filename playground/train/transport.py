"""The strip of buttons that drives a race: Start, Step, Reset, New seed and speed; and the two main choices."""

import streamlit as st

from playground.components.choices import choice
from playground.race import actions, own_race, pace
from playground.race.setup import Setup, setup_settings
from playground.race.verdicts import listed
from playground.session import state
from rnncore.cells import CELLS
from rnncore.tasks import TASKS, Task
from rnncore.training.race import MAX_CELLS
from rnncore.training.run_state import Status

START = {
    "ready": ("Start", ":material/play_arrow:"),
    "running": ("Pause", ":material/pause:"),
    "paused": ("Resume", ":material/play_arrow:"),
    "finished": ("Start again", ":material/replay:"),
    "diverged": ("Start again", ":material/replay:"),
}


SECONDS = (
    "Seconds of processor time that each cell's own updates took; waiting for others does not count. An LSTM can be "
    "cheaper than a plain cell: PyTorch has one fused kernel for its whole pass, and takes the others' in many small "
    "operations."
)


def transport(setup: Setup) -> None:
    """Draw the buttons; the first one says what it would do now."""
    status = _status()
    label, icon = START[status]
    with st.container(horizontal=True, key="transport", vertical_alignment="center", gap="small"):
        st.button(label, key="train.start", icon=icon, type="primary", shortcut="Space",
                  on_click=actions.press_start, args=(status,))  # fmt: skip
        st.button("Step", key="train.step", icon=":material/skip_next:", on_click=actions.press_step,
                  help="Do exactly one update of every cell. While the race is going on, this pauses it.")  # fmt: skip
        st.button("Reset", key="train.reset", icon=":material/restart_alt:", on_click=actions.press_reset,
                  help="Back to update 0: same initial weights, same data, settings as they are now.")  # fmt: skip
        st.button("New seed", key="train.new_seed", icon=":material/casino:", on_click=actions.press_new_seed,
                  help=f"Other initial weights and other data. The seed now is {setup.config.seed}.")  # fmt: skip
        _view_choice("speed", setup)


def _status() -> Status:
    """Return what the Start button should take the race for."""
    mine = own_race.entry()
    return "ready" if mine is None or mine.failure is not None else mine.status


def main_choices(setup: Setup) -> None:
    """Draw the two choices that matter most: the task and the cells."""
    left, right = st.columns([1.55, 3], vertical_alignment="top")
    state.set_widget_value("train.task", setup.config.task)
    left.selectbox("Task", pace.by_type(), key="train.task", format_func=pace.label, on_change=actions.change,
                   args=("task",), help=f"{TASKS[setup.config.task].summary}\n\n{pace.EXPLAINED}")  # fmt: skip
    with left:
        _way_back(setup)
    state.set_widget_value("train.cell", list(setup.cells))
    right.pills("Cells", list(CELLS), key="train.cell", selection_mode="multi", wrap=True,
                format_func=lambda name: CELLS[name].label,
                on_change=actions.change, args=("cell",),
                help=f"One to {MAX_CELLS} kinds of network; they race in lock-step on the same data.\n\n"
                + "\n\n".join(f"**{CELLS[name].label}**: {CELLS[name].summary}" for name in setup.cells))  # fmt: skip


def _way_back(setup: Setup) -> None:
    """Draw the button that brings back the race that was here before another task or other cells were chosen."""
    found = own_race.previous()
    if found is None:
        return
    race = found[0].view()
    config, cells = race.config, race.cells
    if config.task != setup.config.task:
        name = TASKS[config.task].label
    elif cells != setup.cells:
        name = listed([CELLS[cell].short for cell in cells])
    else:
        name = "the run before"
    st.button(f"Go back to {name} (update {race.step:,})", key="train.back", type="tertiary", icon=":material/undo:",
              on_click=actions.go_back,
              help="The run that was here is kept as it was, until the next one starts.")  # fmt: skip


def beside_choice(setup: Setup) -> None:
    """Draw the choice of what stands beside the curve."""
    known = setup_settings(setup.config.task)["beside"]
    choice(known.name, known.choices, setup.view.beside, actions.change, page=actions.PAGE, label=known.label,
           words=str.capitalize, help=known.help)  # fmt: skip


def view_choices(setup: Setup) -> None:
    """Draw the choices of the chart's axes."""
    with st.container(key="axes", gap="small"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            _view_choice("x_axis", setup)
            if has_log_scale(TASKS[setup.config.task]):
                _view_choice("scale", setup)
        if setup.view.x_axis == "seconds":
            st.caption(SECONDS)


def has_log_scale(task: type[Task]) -> bool:
    """Return whether losses can be drawn on a logarithmic axis; that of a density goes below zero."""
    return task.loss_kind != "density"


def _view_choice(name: str, setup: Setup) -> None:
    known = setup_settings(setup.config.task)[name]
    choice(name, known.choices, getattr(setup.view, name), actions.change, page=actions.PAGE, label=known.label,
           help=known.help)  # fmt: skip
