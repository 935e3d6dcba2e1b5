"""A row of next steps after an end, each one click, with a reason where there is one; alike on all pages."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import streamlit as st

from playground.components.templates import render

TEMPLATE = "components/next_steps_row.html"
POINTER = render(TEMPLATE, "pointer")  # for a line far above the row


class NextStep(NamedTuple):
    """A button: what it says, what it changes, and why it is worth a click."""

    label: str
    change: dict[str, Any]
    reason: str = ""


def next_row(
    steps: Sequence[NextStep],
    page: str,
    take: Callable[[dict[str, Any]], None],
    also: Callable[[], object] | None = None,
) -> None:
    """Draw the steps, each of which calls `take` with its change; `also` draws what else stands in the row."""
    with st.container(key=f"{page}-next", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(render(TEMPLATE, "title"), width="content")
        if also is not None:
            also()
        for i, step in enumerate(steps):
            st.button(step.label, key=f"{page}.next.{i}", icon=":material/arrow_forward:", on_click=take,
                      args=(step.change,))  # fmt: skip
            if step.reason:
                st.html(render(TEMPLATE, "reason", step.reason))
