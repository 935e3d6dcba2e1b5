"""A place on the page that a live view fills again only when there is something new to show."""

from collections.abc import Callable

import streamlit as st
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState


class Slot:
    """An element that outlives the refreshes of a fragment.

    What a fragment does not draw again at a refresh disappears, so it would have to draw everything each time, also
    when nothing has moved; in a full class that is most of the time. An element drawn outside any fragment stays.
    Streamlit has no public way to draw one from inside a fragment; this is the only place that uses its own.
    """

    def __init__(self) -> None:
        self._place = st.empty()
        self._shown: object = None

    def show(self, what: object, draw: Callable[[], object]) -> None:
        """Draw, unless what is to be shown equals what is shown already."""
        if what == self._shown:
            return
        self._shown = what
        with ThreadState.scoped(fragment_id=None), self._place:
            draw()
