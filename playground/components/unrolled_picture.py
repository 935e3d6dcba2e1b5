"""Networks unrolled over one example, drawn by a script of ours from data that are replaced while they learn."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
from markupsafe import Markup

from playground.components.files import file
from playground.components.templates import render
from playground.session import state

TEMPLATE = "components/unrolled_picture.html"
NAME = "unrolled"


def unrolled_data(data: Mapping[str, Any]) -> Markup:
    """Return the data of the picture as an element that nobody sees; it holds the room of what is drawn from it.

    `data` has what `playground.train.inside_data.picture` makes, and the finding in words as `finding` and `alt`.
    """
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return render(TEMPLATE, NAME, text, data["least"], data["most"])


def draw_unrolled(
    key: str, *, opens: bool, on_chosen: Callable[[int], None], on_open: Callable[[str, int], None]
) -> None:
    """Draw what the data in the same container say, whenever they are replaced.

    A step of a network, pressed, calls `on_open` with its cell and the step, if it `opens`; what is read at a step
    calls `on_chosen` with the step, to be followed. Steps are counted from 1, and what a browser sends is checked.
    """

    def chosen() -> None:
        step = state.get(key)["chosen"]
        if isinstance(step, int):
            on_chosen(step)

    def opened() -> None:
        wanted = state.get(key)["open"]
        if isinstance(wanted, dict) and isinstance(wanted.get("step"), int):
            on_open(str(wanted.get("cell")), wanted["step"])

    st.components.v2.component(NAME, js=file("unrolled_picture.js"), isolate_styles=False)(
        key=key, data={"opens": opens}, on_chosen_change=chosen, on_open_change=opened
    )
