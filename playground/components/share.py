"""The drawer of a page's link and files."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.session import address

BINARY = "application/octet-stream"


def share_drawer(title: str, *, page: str) -> DeltaGenerator | None:
    """Draw the drawer; return it while it is open, so that what is costly waits until somebody looks."""
    drawer = st.expander(title, key=f"{page}.drawer.share", on_change="rerun")
    return drawer if drawer.open else None


def link(said: str, values: Mapping[str, Any]) -> None:
    """Draw what the link holds, in words, and the link."""
    st.caption(said)
    address.show(values)


def download(
    label: str, data: str | bytes, file: str, *, key: str, mime: str = "text/csv", help: str | None = None
) -> None:
    """Draw a button that saves a file; its icon tells a table from other files."""
    icon = ":material/table:" if mime == "text/csv" else ":material/download:"
    st.download_button(label, data, file, mime, icon=icon, on_click="ignore", key=key, help=help)
