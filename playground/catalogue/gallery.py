"""The Tasks page's parts: all tasks by type, found by words, each with an example and a way to train it."""

from collections.abc import Iterator

import streamlit as st
from markupsafe import Markup

from playground.catalogue import sequence_types, task_search
from playground.components.templates import render
from playground.race import actions, task_example
from playground.session import state
from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.tasks import TASKS, Task
from rnncore.tasks.base import SequenceType

PAGE = "tasks"
COLUMNS = 3
ALL = "all"


def search() -> tuple[str, str]:
    """Draw the filter and the search, and return the chosen type and the words looked for."""
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    kind = left.segmented_control("Type", [ALL, *(kind.value for kind in SequenceType)], default=ALL, required=True,
                                  key=f"{PAGE}.type", wrap=True)  # fmt: skip
    words = right.text_input(
        "Find", key=f"{PAGE}.find", placeholder="music, weather, memory …", max_chars=task_search.LONGEST
    )
    return str(kind), words


def gallery(kind: str, words: str) -> None:
    """Draw every task that fits, under its type."""
    found, fitting = False, task_search.found(words)
    for each in SequenceType:
        names = [name for name in fitting if TASKS[name].sequence_type is each]
        if not names or kind not in (ALL, each.value):
            continue
        found = True
        left, right = st.columns([1, 4], vertical_alignment="center")
        left.html(sequence_types.picture(each))
        right.markdown(f"## {each.value.capitalize()}\n{sequence_types.MEANING[each]}")
        for row in _rows(names):
            for place, name in zip(st.columns(COLUMNS, gap="medium"), row, strict=False):
                with place:
                    _card(name)
    if not found:
        st.info(task_search.advice(), icon=":material/search_off:")


def _rows(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), COLUMNS):
        yield names[start : start + COLUMNS]


def _card(name: str) -> None:
    task, seed = TASKS[name], state.get(f"{PAGE}.{name}.seed", 0)
    with st.container(border=True, key=f"{PAGE}-{name}"):
        st.markdown(f"**{task.label}**  \n{task.question}")
        st.html(task_example.example(RunConfig(task=name, seed=seed)) + more(task))
        with st.container(horizontal=True, gap="small"):
            if st.button("Train this", key=f"{PAGE}.{name}.train", icon=":material/play_circle:", type="primary",
                         on_click=_open_task, args=(name,)):  # fmt: skip
                st.switch_page("../pages/train.py")
            st.button("Another", key=f"{PAGE}.{name}.another", icon=":material/casino:", on_click=state.put,
                      args=(f"{PAGE}.{name}.seed", seed + 1), help="Draw another example.")  # fmt: skip


def more(task: type[Task]) -> Markup:
    """Return where the data come from, who is beaten and which cells are known to fail, closed until wanted."""
    fails = [(CELLS[cell].label, why) for cell, why in task.fails.items()]
    return render("catalogue/gallery.html", "more", task, fails)


def _open_task(name: str) -> None:
    """Take this task, as it is recommended, on the Train page."""
    actions.take_other_setup({"task": name})
