"""A row of options of which one is chosen: for settings with few values, whose names fit side by side."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from playground.session import state


def choice(
    name: str, options: Sequence[Any], value: Any, on_change: Callable[[str], None], *, page: str, label: str,
    words: Callable[[Any], str] = str, help: str | None = None, named: bool = False,
) -> None:  # fmt: skip
    """Draw the options with `value` chosen; `on_change` is called with the setting's name.

    Parameters
    ----------
    name, page
        Of the setting, and of its page; together the widget's key.
    label
        What is chosen; read aloud, and seen if `named`.
    words
        How an option is written.
    """
    key = f"{page}.{name}"
    state.set_widget_value(key, value)
    st.segmented_control(
        label, list(options), key=key, help=help, required=True, wrap=True, on_change=on_change, args=(name,),
        format_func=words, label_visibility="visible" if named else "collapsed",
    )  # fmt: skip
