"""The controls of the Gradients page, and its drawers."""

from typing import Any

import streamlit as st

from playground.components import controls
from playground.components.choices import choice
from playground.components.share import download, link, share_drawer
from playground.gradients import settings, sweep
from playground.gradients import tables as gradients_tables
from playground.live import jobs, measurements
from playground.live.process import page_turn, pool
from playground.race import own_race
from playground.race.setup import Setup, setup_settings
from playground.session import state
from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.files.curve_csv import curve_csv
from rnncore.tasks import TASKS

MAIN = ("seq_len", "hidden_size", "num_layers", "init", "gain", "forget_bias")
MORE = ("bidirectional", "bias", "window", "truncate", "seed")


def cells(setup: Setup) -> None:
    """Draw the choice of cells; a run of one's own has its cells already."""
    options: dict[str, Any] = {"selection_mode": "multi", "wrap": True, "format_func": lambda name: CELLS[name].label}
    mine = own_race.entry() if shows_my_run(setup) else None
    if mine is not None:
        key = f"{settings.PAGE}.cell.mine"
        state.set_widget_value(key, [*mine.view().cells])
        st.pills("Cells of your run", list(CELLS), key=key, disabled=True, **options,
                 help="These networks train on the Train page. **as they start** lets you choose others.")  # fmt: skip
        return
    key = f"{settings.PAGE}.cell"
    state.set_widget_value(key, list(setup.cells))
    st.pills("Cells", list(CELLS), key=key, on_change=settings.change, args=("cell",), **options,
             help="One to four kinds of network, measured on the same examples.")  # fmt: skip


def shows_my_run(setup: Setup) -> bool:
    """Return whether the networks of this tab's run on the Train page are looked at."""
    return setup.view.source == "mine" and setup.view.look in ("distance", "share")


def main_controls(setup: Setup) -> None:
    """Draw the settings that move the gradient most; a run of one's own has its settings already."""
    if shows_my_run(setup):
        mine = own_race.entry()
        if mine is not None:
            st.caption("These are the networks of your run on the **Train** page, with the settings they were started "
                       "with.")  # fmt: skip
            part_choices(setup, mine.view().config)
        return
    for name in MAIN:
        _control(setup, name, disabled=_idle(name, setup))
        if name == "num_layers":
            part_choices(setup, setup.config)


def more_controls(setup: Setup) -> None:
    """Draw the task and everything else that decides a network."""
    own = list(TASKS[setup.config.task].Options.model_fields)
    drawer = st.expander("Task and more", key=f"{settings.PAGE}.drawer.more", on_change="rerun")
    if drawer.open:
        with drawer:
            state.set_widget_value(f"{settings.PAGE}.task", setup.config.task)
            st.selectbox("Task", list(TASKS), key=f"{settings.PAGE}.task", on_change=settings.change,
                         args=("task",), format_func=lambda name: TASKS[name].label,
                         help=TASKS[setup.config.task].summary)  # fmt: skip
            for name in (*MORE, *own):
                _control(setup, name)


def _control(setup: Setup, name: str, *, disabled: bool = False) -> None:
    known = setup_settings(setup.config.task, settings.FlowView)[name]
    controls.control(known, setup.flat()[name], settings.change, page=settings.PAGE, when=False,
                     disabled=disabled)  # fmt: skip


def _idle(name: str, setup: Setup) -> bool:
    """Return whether a setting does nothing in this set-up."""
    if name == "gain":
        return setup.config.init == "default"
    return name == "forget_bias" and not any("f" in CELLS[cell].block_names for cell in setup.cells)


def look_choices(setup: Setup) -> None:
    """Draw the ways of looking, and whose networks are looked at."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for name, labels in (("look", settings.LOOKS), ("source", {"start": "as they start", "mine": "my run"})):
            known = setup_settings(setup.config.task, settings.FlowView)[name]
            choice(name, list(labels), getattr(setup.view, name), settings.change, page=settings.PAGE,
                   label=known.label, help=known.help, words=labels.__getitem__)  # fmt: skip


def part_choices(setup: Setup, config: RunConfig) -> None:
    """Draw the choice of layer and direction, where such a network has one."""
    view, deep = setup.view, config.num_layers
    known = setup_settings(setup.config.task, settings.FlowView)
    choices: list[tuple[str, list[Any], Any]] = []
    if deep > 1:
        choices.append(("layer", [*range(1, deep + 1)], view.part(deep)[0] + 1))
    if config.bidirectional:
        choices.append(("direction", [*known["direction"].choices], view.direction))
    for name, options, value in choices:
        choice(name, options, value, settings.change, page=settings.PAGE, named=True, label=known[name].label,
               help=known[name].help)  # fmt: skip


def share(setup: Setup) -> None:
    """Draw the link and the figures behind the chart as CSV."""
    drawer = share_drawer("Link and data", page=settings.PAGE)
    if drawer is None:
        return
    with drawer:
        link("This link holds everything set here: whoever opens it sees the same curves.", setup.flat())
        for label, name, data in _files(setup):
            download(label, data, f"{name}.csv", key=f"{settings.PAGE}.csv.{name}")


def _files(setup: Setup) -> list[tuple[str, str, str | bytes]]:
    """Return label, name and text of the CSV behind what is on screen."""
    look, mine = setup.view.look, own_race.entry()
    if look == "length":
        job = jobs.of(state.session_id(), sweep.about(setup))
        reached = list(job.results) if job else sweep.recorded(setup)
        return [("Sequence lengths as CSV", "lengths", sweep.csv(reached))] if reached else []
    if look == "clip":
        return [("Training as CSV", "training", pool().compute(mine, curve_csv))] if mine else []
    if shows_my_run(setup):
        if mine is None:
            return []
        with page_turn.given_away():
            weights = pool().compute(mine, measurements.milestones)
        tables = [gradients_tables.along_rows(flows, each.config.cell)
                  for flows, each in zip(measurements.along(weights), weights, strict=True)]  # fmt: skip
        now = measurements.of_now(weights)
        return [("Gradients as CSV", "gradients", gradients_tables.flow_csv(now)),
                ("Over training as CSV", "over_training", gradients_tables.as_csv(tables))]  # fmt: skip
    files: list[tuple[str, str, str | bytes]] = [
        ("Gradients as CSV", "gradients", gradients_tables.flow_csv(measurements.flows(setup.configs)))
    ]
    if look == "every" and TASKS[setup.config.task].sequence_type.at_every_step:
        labels = [CELLS[cell].label for cell in setup.cells]
        found = zip(labels, measurements.triangles(measurements.shortened(setup.configs)), strict=True)
        rows = [gradients_tables.triangle_rows(*each) for each in found]
        files.append(("Triangle as CSV", "triangle", gradients_tables.as_csv(rows)))
    if look == "stretch" and (configs := measurements.shrunk(setup.configs)):
        rows = [gradients_tables.stretch_rows([CELLS[c.cell].label for c in configs], measurements.stretches(configs))]
        files.append(("Singular values as CSV", "singular_values", gradients_tables.as_csv(rows)))
    return files
