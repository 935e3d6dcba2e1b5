"""While a page changes to another subject, nothing of the one before is seen beside it."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from playground.components.style import style
from playground.session import state

HIDE = ".st-key-bench [data-stale=true] {visibility: hidden}"


@contextmanager
def hide_previous_subject(page: str, subject: str) -> Iterator[None]:
    """Hide what is still there of another subject until this one's has taken its place; wraps the parts of a page.

    A page arrives in the browser part by part, from the top, and what has not come yet is still that of the last run.
    """
    place = st.empty()
    if state.get(f"{page}.subject", subject) != subject:
        place.html(style(HIDE))
    yield
    state.put(f"{page}.subject", subject)
    place.empty()
