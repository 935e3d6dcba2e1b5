"""A text whose characters can be clicked: the one thing on the pages that Streamlit has no element for."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import streamlit as st

from playground.components.files import file
from playground.session import state


class Character(NamedTuple):
    """One character: what it is, the class that shades it, and what pointing at it says."""

    text: str
    shade: str
    hover: str


def characters(
    before: str, shown: Sequence[Character], at: int, *, key: str, label: str, on_choice: Callable[[int], None]
) -> None:
    """Draw a text, `before` plain and then `shown`; `on_choice` is called with the place of a chosen one, from 1."""
    st.components.v2.component("characters", js=file("characters.js"), isolate_styles=False)(
        key=key,
        data={"before": before, "characters": [list(each) for each in shown], "at": at, "label": label},
        on_at_change=lambda: on_choice(int(state.get(key)["at"])),
    )
