"""A visitor's own table: from a file to a set-up, and what was read from it."""

from html import escape

import streamlit as st

from playground import desk, state
from playground.setup import Setup
from rnncore.errors import PlaygroundError
from rnncore.tasks.own_series import OwnSeries, OwnSeriesOptions
from rnncore.tasks.table import parse
from rnncore.text.own import decode

TASK = OwnSeries.name


def own_table(setup: Setup) -> None:
    """Draw, for the task that forecasts one's own series, the upload, the choice of a column and the report."""
    if setup.config.task != TASK:
        return
    parsed = parse(setup.config.options["data"], setup.config.options["column"])
    with st.container(border=True, key="own-table"):
        left, right = st.columns([2, 1], vertical_alignment="bottom")
        left.file_uploader("A table of your own", type=["csv", "tsv", "txt"], key="train.table", on_change=_take,
                           max_upload_size=1,
                           help="One row per step, columns separated by commas, semicolons or tabs, at most 20,000 "
                           "characters. It can also be pasted: side bar, This task.")  # fmt: skip
        state.show("train.table.column", parsed.column)
        right.selectbox("Column to forecast", parsed.names, key="train.table.column", on_change=_choose)
        st.html("".join(f'<div class="note">{escape(note)}</div>' for note in parsed.notes))


def _take() -> None:
    upload = state.get("train.table")
    if upload is None:
        return
    try:
        data = decode(upload.getvalue())
        desk.put(data=data, column=_usable(data))
    except PlaygroundError as error:
        desk.visit.notices = [str(error)]


def _usable(data: str) -> str:
    """Return the first column that can be forecast; the running number at the left of many tables cannot."""
    for column in parse(data).names:
        try:
            OwnSeriesOptions(data=data, column=column)
        except PlaygroundError:
            continue
        return column
    return ""


def _choose() -> None:
    desk.put(column=state.get("train.table.column"))
