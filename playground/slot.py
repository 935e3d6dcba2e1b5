"""A place on the page that a live view fills again only when there is something new to show."""

from collections.abc import Callable

import streamlit as st


class Slot:
    """An element that stays as it is until there is something else to show."""

    def __init__(self) -> None:
        self._place = st.empty()
        self._shown: object = None

    def show(self, what: object, draw: Callable[[], object]) -> None:
        """Draw, unless what is to be shown equals what is shown already."""
        if what == self._shown:
            return
        self._shown = what
        with self._place:
            draw()

    def forget(self) -> None:
        """Draw at the next occasion in any case."""
        self._shown = None
