"""A pad of 8 by 8 squares on which a digit can be drawn, by pointer or by keys."""

import streamlit as st

from playground.components.files import file
from playground.components.palette import BLUE, WARM
from playground.session import state

SIDE = 8
EMPTY = (0.0,) * SIDE**2


def pad(key: str, first: tuple[float, ...] = EMPTY) -> tuple[float, ...]:
    """Draw the pad with a button that clears it; return its ink from 0 to 1, row by row, as the browser says.

    Until it is cleared, `first` lies on it.
    """
    cleared = state.get(f"{key}.cleared", 0)
    before = list(EMPTY if cleared else first)
    found = st.components.v2.component("digit_pad", js=file("drawing_pad.js"), isolate_styles=False)(
        key=f"{key}.{cleared}", data={"ink": before, "colour": BLUE, "frame": WARM}, default={"ink": before},
        on_ink_change=lambda: None,
    )  # fmt: skip
    st.button("Clear", key=f"{key}.clear", icon=":material/ink_eraser:", on_click=state.put,
              args=(f"{key}.cleared", cleared + 1))  # fmt: skip
    ink = found["ink"]
    usual = isinstance(ink, list) and all(isinstance(value, int | float) for value in ink)
    return tuple(map(float, ink)) if usual else EMPTY
