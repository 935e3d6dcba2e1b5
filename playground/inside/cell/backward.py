"""Backpropagation through time in slow motion: forward, the losses, backward, the update, and the loss again."""

import csv
import io
from collections.abc import Callable, Sequence
from typing import NamedTuple

import streamlit as st

from playground.components import controls
from playground.components.files import beside
from playground.components.note import noted
from playground.components.numbers import number
from playground.components.share import download
from playground.components.templates import render
from playground.inside.cell import backward_words as words
from playground.inside.cell import settings, source
from playground.inside.cell.backward_data import four_digits, picture_data, three_digits
from playground.inside.cell.settings import PAGE, CellView
from playground.live.process import page_turn, pool
from rnncore.analysis.backward import Backward, backward_of
from rnncore.analysis.backward_network import LECTURE_FIXED, backward_of_network
from rnncore.analysis.cell_network import CellNetwork
from rnncore.analysis.run_cell import network_of_run
from rnncore.analysis.unrolled import held_out_example
from rnncore.caching.once import Latest
from rnncore.cli.backward_rows import backward_rows
from rnncore.training.race import Race
from rnncore.training.views import RaceView

KEY = f"{PAGE}.backward"
OWN_INPUT = "An input of your own has no right answer, so it has no loss: held-out example {} is shown instead."
TOO_LARGE = "This network is too large, or its example too long, to go through it step by step here."
MOST_WORK = 500_000_000  # weights times steps: about five seconds
BROKEN = "This network has numbers that are not finite any more, so no gradient can be followed."


class Swept(NamedTuple):
    """One pass back, what tells it from others, and the example in words: what is read, wanted and marked."""

    found: Backward
    name: str
    write: Callable[[float], str]
    read: Sequence[str]
    targets: Sequence[str] = ()
    marked: Sequence[int] = ()
    update: int | None = None


_kept: Latest[Swept] = Latest(60)


def draw(view: CellView, network: CellNetwork) -> None:
    """Draw the sweep forward and back over the example of a network, its finding, and what can be set."""
    if view.source == "mine" and view.question:
        st.caption(OWN_INPUT.format(view.example))
    swept = _of_race(view) if view.source == "mine" else _of_network(view, network)
    if swept is None:
        st.caption(TOO_LARGE)
    elif not swept.found.finite:
        st.caption(BROKEN)
    else:
        _picture(view, swept)
    with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
        if swept is not None:
            download("Gradients as CSV", table(swept.found), "backward.csv", key=f"{KEY}.csv")
        with st.container(width=360):
            known = settings.settings(CellView)["truncate"]
            controls.control(known, view.truncate, settings.change, page=PAGE, when=False)


def _picture(view: CellView, swept: Swept) -> None:
    found, said = swept.found, words.finding(swept.found)
    st.html(render("inside/cell/backward.html", "finding", said))
    data = picture_data(found, swept.read, swept.targets, name=swept.name, exact=view.source != "mine",
                        marked=swept.marked)  # fmt: skip
    data |= {"alt": said, "step": view.step}
    css, *scripts = (beside(__file__, name) for name in ("backward.css", "backward.js", "backward_player.js"))
    html = str(render("inside/cell/backward.html", "stage"))
    st.components.v2.component("backward", html=html, css=css, js="\n".join(scripts), isolate_styles=False)(
        key=KEY, data=data
    )
    moment = "" if swept.update is None else f"The network is that of update {swept.update:,}."
    notes = [words.formula(found, swept.write), words.drawn(found, data["first"], data["units"], data["drawn"]), moment]
    st.html(noted(" ".join(filter(None, notes))))


def _of_network(view: CellView, network: CellNetwork) -> Swept:
    worked = view.source == "worked"
    fixed = LECTURE_FIXED if worked else frozenset[str]()
    found = backward_of_network(network, fixed, truncate=view.truncate)
    name = f"{view.source} {network.cell} {view.units} {view.seed} {view.edited} {view.truncate}"
    read = [", ".join(number(value) for value in row) for row in network.inputs]
    targets = [] if network.targets is None else [number(float(row[0])) for row in network.targets]
    return Swept(found, name, four_digits, read, targets)


def _of_race(view: CellView) -> Swept | None:
    race = source.race(view)
    if race is None:
        return None
    cells, runs = race.view().cells, race.view().runs
    place = cells.index(view.cell) if view.cell in cells else 0
    if runs[place].parameters * race.view().task.total_steps > MOST_WORK:
        return None
    layer = view.place(runs[place].config.num_layers).layer
    about = (race.number, place, _moment(race.view()), view.example, view.truncate, layer)

    def sweep(race: Race) -> Swept:
        run = race.runs[place]
        example = held_out_example(run, view.example - 1)
        found = backward_of(run, example, truncate=view.truncate or None, layer=layer)
        seen = network_of_run(run, example)
        return Swept(found, " ".join(map(str, about)), three_digits, seen.read, (), seen.marked, run.step)

    with page_turn.given_away():
        return _kept.get(about, lambda: pool().compute(race, sweep))


def _moment(view: RaceView) -> tuple[tuple[int, float | None], ...]:
    """Return what changes when the networks do."""
    return tuple((run.step, run.loss) for run in view.runs)


def table(found: Backward) -> str:
    """Return the gradient at every step of every state of the layer that is drawn as CSV."""
    out = io.StringIO()
    rows = backward_rows(found)
    writer = csv.DictWriter(out, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
