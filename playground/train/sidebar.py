"""The drawers of the side bar: every setting of the set-up, in named groups, closed until wanted."""

from collections.abc import Sequence

import streamlit as st

from playground.components.controls import control
from playground.race import actions
from playground.race.setup import Setup, setup_settings
from rnncore.cells import CELLS
from rnncore.networks.sizing import parameters

DRAWERS = {
    "network": "Network",
    "training": "Training",
    "initialisation": "Initialisation",
    "data": "Data",
    "run": "When to stop",
}
ELSEWHERE = ("task", "cell", "speed", "x_axis", "scale", "text", "beside", "inside_example", "inside_step",
             "inside_layer", "inside_question")  # fmt: skip


def drawers(setup: Setup) -> None:
    """Draw one closed drawer per group of settings, and the task's own first."""
    known = setup_settings(setup.config.task)
    own = [name for name in known if known[name].group == "task" and name not in ELSEWHERE]
    if own:
        _drawer("task", "This task", own, setup)
    for group, title in DRAWERS.items():
        names = [name for name, s in known.items() if s.group == group and name not in ELSEWHERE]
        _drawer(group, title, [name for name in names if _applies(name, setup)], setup)
    sizes = [f"{CELLS[c.cell].label}: {c.hidden_size} units, {parameters(c):,} weights" for c in setup.configs]
    st.caption("  \n".join(sizes), help="Width and number of trainable weights of each network.")


def _drawer(group: str, title: str, names: Sequence[str], setup: Setup) -> None:
    """Draw one drawer; its controls come when it is opened, since closed ones would be half the cost of the page."""
    drawer = st.expander(title, key=f"{actions.PAGE}.drawer.{group}", on_change="rerun")
    if drawer.open:
        known, values = setup_settings(setup.config.task), setup.flat()
        with drawer:
            for name in names:
                control(known[name], values[name], actions.change, page=actions.PAGE)


def _applies(name: str, setup: Setup) -> bool:
    """Return whether a setting does anything in this set-up; what does nothing is not shown."""
    kinds = [CELLS[cell] for cell in setup.cells]
    config = setup.config
    return {
        "window": any("window" in kind.options for kind in kinds),
        "forget_bias": any("f" in kind.block_names for kind in kinds) and config.bias,
        "momentum": config.optimizer == "sgd",
        "gain": config.init != "default",
        "dropout": config.num_layers > 1,
        "equal": len(kinds) > 1,
    }.get(name, True)
