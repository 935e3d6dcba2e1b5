"""The controls of the Cell page: what is looked at, whose numbers, and which cell."""

from collections.abc import Sequence

import streamlit as st

from playground.cell import settings, source
from playground.cell.settings import LOOKS, PAGE, SOURCES, TRAIN_PAGE, CellView
from playground.components import controls
from playground.components.choices import choice
from playground.race import own_race
from rnncore.analysis.worked import EXAMPLES
from rnncore.cells import CELLS
from rnncore.tasks import TASKS


def looks(view: CellView) -> None:
    """Draw the ways of looking, and whose numbers are looked at."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for name, words in (("look", LOOKS), ("source", SOURCES)):
            known = settings.settings(CellView)[name]
            choice(name, list(words), getattr(view, name), settings.change, page=PAGE, label=known.label,
                   help=known.help, words=words.__getitem__)  # fmt: skip


def network(view: CellView) -> None:
    """Draw what chooses the network: its cell, and what else there is to choose."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        if view.source == "mine":
            _trained(view)
        else:
            worked = [each.cell for each in EXAMPLES]
            offered = worked if view.source == "worked" else [name for name in CELLS if CELLS[name].recurrent]
            _cells(view, offered)
        if view.source == "own":
            for name in ("units", "seed"):
                controls.control(settings.settings(CellView)[name], getattr(view, name), settings.change, page=PAGE,
                                 when=False)  # fmt: skip


def _cells(view: CellView, offered: Sequence[str]) -> None:
    shown = view.cell if view.cell in offered else offered[0]
    choice("cell", offered, shown, settings.change, page=PAGE, label="Cell", words=lambda name: CELLS[name].label)


def _trained(view: CellView) -> None:
    options = [TRAIN_PAGE, *TASKS]
    st.selectbox("Trained on", options, key=settings.show("task", view.task), on_change=settings.change,
                 args=("task",), format_func=_task, help=settings.settings(CellView)["task"].help)  # fmt: skip
    found = source.race(view)
    if found is not None:
        _cells(view, found.view().cells)


def _task(name: str) -> str:
    if name:
        return f"{TASKS[name].label}, recorded"
    return "my run on the Train page" if own_race.entry() else "as on the Train page"
