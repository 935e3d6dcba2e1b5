"""A space that is turned: clicks on its states, and from where it is seen."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import streamlit as st

from playground.components.files import beside
from playground.session import state

FARTHEST = 50.0  # times half of an axis
PARTS = ("eye", "center", "up")


def space_clicks(charts: Sequence[str], *, key: str, on_click: Callable[[int, int], None]) -> None:
    """Listen to what is done with three-dimensional charts that have these keys, beside them.

    `on_click` is called with the example and the step of a state that was clicked, both counted from 0.
    """

    def clicked() -> None:
        found = place_of(state.get(key)["point"])
        if found:
            on_click(*found)

    def turned() -> None:
        said = state.get(key)["turned"]
        found = camera_of(said[1:]) if isinstance(said, list) and said else None
        if found and type(said[0]) is int and 0 <= said[0] < len(charts):
            state.put(f"{charts[said[0]]}.camera", found)

    st.components.v2.component("space_clicks", js=beside(__file__, "space_clicks.js"), isolate_styles=False)(
        key=key, data={"charts": [f".st-key-{each.replace('.', '-')}" for each in charts]},
        on_point_change=clicked, on_turned_change=turned,
    )  # fmt: skip


def seen_from(chart: str, shown: Hashable) -> dict[str, Any] | None:
    """Return from where a chart is seen: as its visitor has turned it last; None if nobody has.

    As long as the same is `shown` it stays what it was, since a chart that has turned itself must not be drawn again.
    """
    mark = repr(shown)
    before: tuple[str, dict[str, Any] | None] = state.get(f"{chart}.drawn") or ("", None)
    if before[0] == mark:
        return before[1]
    newest: dict[str, Any] | None = state.get(f"{chart}.camera")
    state.put(f"{chart}.drawn", (mark, newest))
    return newest


def place_of(said: Any) -> tuple[int, int] | None:
    """Return an example and a step as a browser says them; None for anything else."""
    if isinstance(said, list) and len(said) == 2 and all(type(each) is int and each >= 0 for each in said):
        return said[0], said[1]
    return None


def camera_of(said: Any) -> dict[str, dict[str, float]] | None:
    """Return a camera of Plotly's made of the nine numbers of its parts; None for anything else."""
    usual = isinstance(said, list) and len(said) == 3 * len(PARTS) and all(type(x) in (int, float) for x in said)
    if not usual or not all(abs(x) <= FARTHEST for x in said):  # what is not a number is not less than any
        return None
    return {part: dict(zip("xyz", map(float, said[3 * i : 3 * i + 3]), strict=True)) for i, part in enumerate(PARTS)}
