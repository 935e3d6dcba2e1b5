"""The controls of the Memory page, and its drawer."""

from collections.abc import Sequence

import streamlit as st

from playground.components.choices import choice
from playground.components.share import download, link, share_drawer
from playground.inside.memory import settings
from playground.inside.memory.networks import Kept, Networks
from playground.inside.memory.settings import NOW, PAGE, MemoryView, visit
from playground.race.setup import Setup
from playground.session import state
from rnncore.cells import CELLS
from rnncore.settings import settings as described
from rnncore.tasks import TASKS

KNOWN = described(MemoryView)


def look_choices(setup: Setup) -> None:
    """Draw the ways of looking, and the choice of the task."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        key = f"{PAGE}.task"
        state.set_widget_value(key, setup.config.task)
        st.selectbox("Task", list(TASKS), key=key, on_change=settings.change, args=("task",), width=260,
                     format_func=lambda name: TASKS[name].label, help=TASKS[setup.config.task].summary)  # fmt: skip
        pick("look", settings.LOOKS, setup)


def pick(name: str, words: dict[str, str], setup: Setup, *, named: bool = False) -> None:
    """Draw a choice between few values."""
    choice(name, list(words), getattr(setup.view, name), settings.change, page=PAGE, label=KNOWN[name].label,
           help=KNOWN[name].help, words=words.__getitem__, named=named)  # fmt: skip


def scrubber(found: Networks, setup: Setup) -> int:
    """Draw the slider over the updates at which weights were kept; return the one to show."""
    at: int = setup.view.at if setup.view.at in found.updates else NOW
    key = f"{PAGE}.at"
    state.set_widget_value(key, at)
    st.select_slider("Networks at update", [*found.updates, NOW], key=key, on_change=settings.change, args=("at",),
                     format_func=lambda step: f"{found.step:,} (now)" if step == NOW else f"{step:,}", width=420,
                     help=KNOWN["at"].help)  # fmt: skip
    return at


def place_choices(shown: Sequence[Kept], setup: Setup, *, states: bool = True) -> None:
    """Draw the choice of the state and of the layer, where there is one."""
    if states and any("c" in CELLS[kept.cell].state_names for kept in shown):
        pick("state", {"h": "h", "c": "c"}, setup, named=True)
    deep = shown[0].network.config.num_layers
    if deep > 1:
        layers = [*range(1, deep + 1)]
        choice("layer", layers, min(setup.view.layer or deep, deep), settings.change, page=PAGE, named=True,
               label=KNOWN["layer"].label, help=KNOWN["layer"].help)  # fmt: skip


def network_choice(shown: Sequence[Kept], setup: Setup) -> None:
    """Draw the choice of one network, where there are several."""
    if len(shown) > 1:
        numbers = [*range(1, len(shown) + 1)]
        choice("network", numbers, min(setup.view.network or len(shown), len(shown)), settings.change, page=PAGE,
               named=True, label=KNOWN["network"].label, help=KNOWN["network"].help,
               words=lambda number: CELLS[shown[number - 1].cell].label)  # fmt: skip


def counted(name: str, value: int, most: int, label: str | None = None) -> None:
    """Draw a box for a number from 1 to `most`."""
    key = f"{PAGE}.{name}"
    state.set_widget_value(key, value)
    st.number_input(label or KNOWN[name].label, 1, max(1, most), key=key, value=value, on_change=settings.change,
                    args=(name,), help=KNOWN[name].help, width=150)  # fmt: skip


def share() -> None:
    """Draw the link to what is on screen; the figures as CSV stand with each picture."""
    drawer = share_drawer("Link", page=PAGE)
    if drawer is not None:
        with drawer:
            link("This link holds everything set here: whoever opens it sees the same pictures.", visit.setup().flat())


def csv(data: str, name: str) -> None:
    """Draw the button that saves the numbers of a picture."""
    download("Numbers as CSV", data, f"{name}.csv", key=f"{PAGE}.csv.{name}")
