"""A place on the page that a live view fills again only when there is something new to show."""

from collections.abc import Callable
from contextlib import nullcontext

from streamlit.delta_generator import DeltaGenerator


class Slot:
    """An element that stays as it is until there is something else to show.

    It stands where it is first drawn. Nothing is sent before that: an empty place held open would, at every run of the
    page, take away for a moment what the last run has drawn there.

    Parameters
    ----------
    container
        Where on the page it stands; by default where the page is when it is first drawn.
    """

    def __init__(self, container: DeltaGenerator | None = None) -> None:
        self._container = container
        self._place: DeltaGenerator | None = None
        self._shown: object = None

    def show(self, what: object, draw: Callable[[], DeltaGenerator]) -> None:
        """Draw one element, unless what is to be shown equals what is shown already."""
        if what == self._shown:
            return
        self._shown = what
        if self._place is None:
            with self._container or nullcontext():
                self._place = draw()
        else:
            with self._place:
                draw()

    def forget(self) -> None:
        """Draw at the next occasion in any case."""
        self._shown = None
