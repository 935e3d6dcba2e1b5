"""The controls of the Cell page: what is looked at, whose numbers, and which cell."""

from collections.abc import Sequence

import streamlit as st

from playground.components import controls
from playground.components.choices import choice
from playground.components.share import download, link, share_drawer
from playground.inside.cell import files, settings, source
from playground.inside.cell.settings import LOOKS, PAGE, PARTS, SOURCES, TRAIN_PAGE, CellView
from rnncore.analysis.worked import EXAMPLES
from rnncore.cells import CELLS
from rnncore.tasks import TASKS
from rnncore.training.views import RaceView

WIDE, NARROW = 230, 130  # pixels


def looks(view: CellView) -> None:
    """Draw the ways of looking, and whose numbers are looked at."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for name, words in (("look", LOOKS), ("source", SOURCES)):
            known = settings.settings(CellView)[name]
            choice(name, list(words), getattr(view, name), settings.change, page=PAGE, label=known.label,
                   help=known.help, words=words.__getitem__)  # fmt: skip


def network(view: CellView) -> None:
    """Draw what chooses the network: its cell, and what else there is to choose."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        if view.source == "mine":
            _trained(view)
        else:
            worked = [each.cell for each in EXAMPLES]
            offered = worked if view.source == "worked" else [name for name in CELLS if CELLS[name].recurrent]
            _cells(view, offered)
        if view.source == "own":
            for name in ("units", "seed"):
                with st.container(width=WIDE):
                    controls.control(settings.settings(CellView)[name], getattr(view, name), settings.change, page=PAGE,
                                     when=False)  # fmt: skip


def _cells(view: CellView, offered: Sequence[str]) -> None:
    shown = view.cell if view.cell in offered else offered[0]
    choice("cell", offered, shown, settings.change, page=PAGE, label="Cell", words=lambda name: CELLS[name].label)


def _trained(view: CellView) -> None:
    known = settings.settings(CellView)
    st.selectbox(known["task"].label, [TRAIN_PAGE, *TASKS], key=settings.show("task", view.task), width=WIDE,
                 on_change=settings.change, args=("task",), format_func=_task, help=known["task"].help)  # fmt: skip
    found = source.race(view)
    if found is None:
        return
    _cells(view, found.view().cells)
    _parts(view, found.view())
    st.number_input(known["example"].label, 1, 999, value=view.example, key=settings.show("example", view.example),
                    width=NARROW, on_change=settings.change, args=("example",), help=known["example"].help)  # fmt: skip
    task = found.view().task
    if task.ask and task.ask_kind == "text":
        st.text_input(known["question"].label, key=settings.show("question", view.question), width=WIDE,
                      max_chars=known["question"].max_length, placeholder=task.first_question,
                      on_change=settings.change, args=("question",), help=task.ask)  # fmt: skip


def _parts(view: CellView, race: RaceView) -> None:
    """Draw the choice of the layer, and of its cell, where the network has more than one."""
    config, known = (
        race.runs[race.cells.index(view.cell) if view.cell in race.cells else 0].config,
        settings.settings(CellView),
    )
    depth, offered = config.num_layers, ["forward"]
    if view.look != "backward":
        offered += ["backward"] * config.bidirectional + ["writing"] * race.task.writes
    shown = view.part if view.part in offered else "forward"
    for name, options, value, words in (("layer", [*range(1, depth + 1)], view.place(depth).layer + 1, str),
                                        ("part", offered, shown, PARTS.__getitem__)):  # fmt: skip
        if len(options) > 1:
            choice(name, options, value, settings.change, page=PAGE, named=True, label=known[name].label,
                   help=known[name].help, words=words)  # fmt: skip


def _task(name: str) -> str:
    return TASKS[name].label if name else "As on the Train page"


def share(view: CellView) -> None:
    """Draw the link, and the numbers behind the picture as CSV."""
    drawer = share_drawer("Link and data", page=PAGE)
    if drawer is None:
        return
    with drawer:
        link("This link holds everything set here: whoever opens it sees the same cell at the same step.", view.flat())
        found = source.network(view).network
        if found is not None:
            download("Values as CSV", files.values_csv(found), "cell_values.csv", key=f"{PAGE}.csv.values")
            download("Weights as CSV", files.weights_csv(found), "cell_weights.csv", key=f"{PAGE}.csv.weights")
