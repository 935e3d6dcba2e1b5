"""The look "States as a space": the paths of examples through the states, before and after training."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from playground.components.charts import is_dark
from playground.components.figure_table import figure_table
from playground.components.heat_map import CONFIG
from playground.components.note import noted
from playground.components.numbers import number
from playground.inside.memory import controls
from playground.inside.memory.networks import Kept, Networks, each, one_of
from playground.inside.memory.rows import as_csv
from playground.inside.memory.settings import NOW, PAGE, MemoryView, apply
from playground.inside.memory.space_clicks import place_of, seen_from, space_clicks
from playground.inside.memory.space_figure import explained, limits, space_figure, written
from playground.live.process import page_turn
from playground.race.setup import Setup
from playground.session import state
from rnncore.analysis.space import DRAWN, Neighbour, Paths, nearest, paths
from rnncore.analysis.states import words_of
from rnncore.cells import CELLS
from rnncore.cli.memory_rows import space_rows
from rnncore.tasks.shown import NO_NUMBERS

COLOURS = {"remembered": "what to remember", "class": "right answer", "step": "step"}


def space(setup: Setup, found: Networks) -> None:
    """Draw the states at the update that is looked at beside those of now, on the same axes."""
    view: MemoryView = setup.view
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        at = controls.scrubber(found, setup)
        now = found.at(NOW)
        controls.network_choice(now, setup)
        controls.place_choices([one_of(now, view)], setup)
        controls.pick("colour", COLOURS, setup, named=True)
        controls.pick("dimensions", {"2": "2-D", "3": "3-D"}, setup, named=True)
    last = one_of(now, view)
    left = one_of(found.at(found.updates[0] if at == NOW else at), view)
    place = view.place
    drawn = [each([kept], ("paths", place, last.known), partial(paths, place=place, axes_of=last.network))[0]
             for kept in (left, last)]  # fmt: skip
    if None in drawn:
        st.info(f"**{CELLS[last.cell].label}**: {NO_NUMBERS}, so its states have no place.", icon=":material/info:")
        return
    both = [each_path for each_path in drawn if each_path is not None]
    example = (view.example - 1) % max(1, 1 + max(both[0].example))
    words = each([last], ("words", example), partial(words_of, example=example))[0]
    step = (view.step - 1) if view.step else words.step
    near = each([last], ("nearest", place, example, step), partial(nearest, place=place, example=example, step=step))[0]
    _figures(view, (left, last), both, (example, step))
    _neighbours(view, near, (example, step), last, words.name)
    steps = [left.known, last.known]
    controls.csv(as_csv([row for known, path in zip(steps, both, strict=True)
                         for row in space_rows(last.cell, int(known[1]), path)]), "states")  # fmt: skip


def _figures(view: MemoryView, kept: Sequence[Kept], both: Sequence[Paths], chosen: tuple[int, int]) -> None:
    ends, flat = limits(both), view.dimensions == "2"
    letters = flat and both[0].symbols
    for side, place, one, path in zip(("left", "right"), st.columns(2), kept, both, strict=True):
        update = one.known[1]
        with place:
            st.caption(f"**{CELLS[one.cell].label}**, state {view.state}, at update {update:,}"
                       f"{' (now)' if side == 'right' else ''}")  # fmt: skip
            key, dark = f"{PAGE}.space.{side}", is_dark()
            seen = (kept[0].known, kept[1].known, view.place, view.colour, chosen, dark)
            figure = space_figure(path, colour=view.colour, flat=flat, letters=letters, chosen=chosen, ends=ends,
                                  dark=dark, camera=None if flat else seen_from(key, seen))  # fmt: skip
            with page_turn.given_away():  # Plotly looks at every one of thousands of points
                st.plotly_chart(figure, key=key, on_select=partial(_picked, key), selection_mode="points",
                                height=figure["layout"]["height"], config=CONFIG, alt=_alt(one, path))  # fmt: skip
    if not flat:
        space_clicks(
            [f"{PAGE}.space.{side}" for side in ("left", "right")], key=f"{PAGE}.space.clicks", on_click=_choose
        )
    count = written(both[0]) if letters else 1 + max(both[0].example)
    hint = f"{'' if flat else 'Drag to turn. '}Click one for the examples whose memory is most alike."
    if not explained(figure):
        hint += " Pointing at one tells what its colour stands for."
    mark = "A symbol, the one just read," if letters else "A point"
    st.html(noted(f"{mark} is the state of one of {count} held-out examples after one step; a line joins the steps of "
                  f"an example. Axes: principal components of the states at update {kept[-1].known[1]:,}, the same on "
                  f"both sides, with their share of the variance. {hint}"))  # fmt: skip


def _alt(one: Kept, path: Paths) -> str:
    shares = " and ".join(f"{100 * share:.0f} %" for share in path.shares[:2])
    return (f"{CELLS[one.cell].label} at update {one.known[1]}: {len(path.points)} states of {DRAWN} examples. Of "
            f"the variance at the last update the first two components have {shares}.")  # fmt: skip


def _picked(key: str) -> None:
    """Take over the state that was clicked."""
    chosen = state.get(key) or {}
    points = chosen.get("selection", {}).get("points", [])
    found = place_of(points[0].get("customdata")) if points else None
    if found:
        _choose(*found)


def _choose(example: int, step: int) -> None:
    apply(example=example + 1, step=step + 1)


def _neighbours(view: MemoryView, near: Sequence[Neighbour], chosen: tuple[int, int], last: Kept, name: str) -> None:
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        controls.counted("example", chosen[0] + 1, DRAWN)
        controls.counted("step", chosen[1] + 1, last.network.task.total_steps, "After step")
    st.markdown(f"**Whose memory is most alike?** Nearest states of other examples to that of example {chosen[0] + 1} "
                f"after step {chosen[1] + 1}, in all units of {view.state}.")  # fmt: skip
    rows = [(f"example {each_one.example + 1}", [number(each_one.distance, 3), f"{each_one.step + 1}: {each_one.text}",
                                                  each_one.question, _value(each_one.remembered)])
            for each_one in near]  # fmt: skip
    st.html(figure_table("Nearest states", ("distance", "after step", "example", name), rows, figures=False))


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else number(value, 3)
