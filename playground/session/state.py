"""The only module that touches `st.session_state`: plain values, by page and name."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from playground.streamlit_internals.sessions import script, widgets_named

ECHO_SECONDS = 2.0
PENDING_WIDGETS = "page.pending"


def session_id() -> str:
    """Return what tells this browser tab's session from all others."""
    run = script()
    return run.session_id if run else "no session"


def get(name: str, default: Any = None) -> Any:
    """Return a value of this session."""
    return st.session_state.get(name, default)


def put(name: str, value: Any) -> None:
    """Keep a plain value in this session."""
    st.session_state[name] = value


def set_widget_value(widget: str, value: Any) -> None:
    """Let a widget show a value; remember what it showed if it is the program, not the visitor, that changes it.

    A value that it has already is not set again: the browser would take that for an order, also over a click of the
    visitor's that came since. Unless the browser may never have been told, and would show the widget's old value or its
    first option, and send that back: because a click cut off the run of the page that set it, or was sent in the moment
    in which the run had ended and its last elements were still to be sent, which Streamlit then leaves out.
    """
    has, shown = get(widget), get(f"{widget}.shown", value)
    if has == shown != value:
        put(f"{widget}.replaced", (shown, time.monotonic()))
    put(f"{widget}.shown", value)
    pending = get(PENDING_WIDGETS, frozenset())
    if widget not in st.session_state or has != value or type(has) is not type(value) or widget in pending:
        put(widget, value)
        put(PENDING_WIDGETS, pending | {widget})


@contextmanager
def page_run() -> Iterator[None]:
    """Know which widgets the browser has been told of for certain: those that it has named since; wraps each run.

    Without a browser it is those of a run that came to its end.
    """
    named = widgets_named()
    if named is not None:
        put(PENDING_WIDGETS, get(PENDING_WIDGETS, frozenset()) - named)
    yield
    if named is None:
        put(PENDING_WIDGETS, frozenset())


def is_echo(widget: str) -> bool:
    """Return whether a widget's value is one that the program replaced a moment ago.

    A live view's refresh carries the values of all widgets. One that left the browser before the program's change
    had come there still has the old value, and looks as if the visitor had gone back to it.
    """
    value, moment = get(f"{widget}.replaced", (None, float("-inf")))
    return bool(value == get(widget) and time.monotonic() - moment < ECHO_SECONDS)


def take(name: str, default: Any = None) -> Any:
    """Return a value and forget it."""
    return st.session_state.pop(name, default)
