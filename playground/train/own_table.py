"""A visitor's own table: handed over as a file or pasted, and a report on how it was read that can be changed."""

import streamlit as st
from markupsafe import Markup

from playground.components import series_chart
from playground.components.controls import LONGEST_BOX, control
from playground.components.numbers import exact
from playground.components.templates import render
from playground.live.process import trim_memory
from playground.race import actions
from playground.race.setup import Setup, setup_settings
from playground.session import state, uploads
from rnncore.errors import PlaygroundError
from rnncore.tables import Series
from rnncore.tables.reading import MOST_CHARACTERS
from rnncore.tasks.series.own_series import OwnSeries, OwnSeriesOptions
from rnncore.text.decoding import decode, encoding_of, read_as

TASK = OwnSeries.name
MOST_BYTES = 2 * MOST_CHARACTERS
READING = ("separator", "header", "decimal", "dates", "rows", "missing_code")
AUTOMATIC = {name: None if name == "missing_code" else "auto" for name in READING}


def own_table(setup: Setup) -> None:
    """Draw upload, paste box, the report on what was read and the choices of reading; for Own series only."""
    if setup.config.task != TASK:
        return
    series = OwnSeriesOptions.model_validate(setup.config.options).series()
    with st.container(border=True, key="own-table"):
        left, right = st.columns(2)
        left.file_uploader(
            "A table of your own", type=["csv", "tsv", "txt"], key="train.table", on_change=_take, max_upload_size=8,
            help="One row per step, 60 to 50,000 rows; one of the columns is forecast.",
        )  # fmt: skip
        right.text_area(
            "Or paste it here", key="train.paste", on_change=_paste, height=94, max_chars=LONGEST_BOX,
            placeholder="date;value\n2020-01-01;3,5\n…",
            help="Copied from a spreadsheet, or any text with one row per line. It is read when you leave the box. "
            f"The box takes {LONGEST_BOX:,} characters and nothing longer; a longer table comes as a file.",
        )  # fmt: skip
        left, right = st.columns(2)
        with left:
            state.set_widget_value("train.column", series.column)
            st.selectbox("Column to forecast", series.names, key="train.column", on_change=_choose, args=("column",))
            st.html(_report(series, _encoding_said(setup)))
            _doubts(series, setup)
        with right:
            series_chart.draw(series)


def _encoding_said(setup: Setup) -> list[str]:
    """Return the sentence on the file's encoding, as long as its table is the one that is learned."""
    said: list[str] = state.get("train.table.said", [])
    return said if state.get("train.table.of") == hash(setup.config.options["data"]) else []


def _report(series: Series, encoding: list[str]) -> Markup:
    """Return what was read, as HTML; all of it may come from the table."""
    notes = [*encoding, *series.notes]
    return render("train/own_table.html", "report", series.column, f"{len(series.values):,}", series.span, notes)


def _doubts(series: Series, setup: Setup) -> None:
    """Draw the choice where the table can be read in two ways, and all others in a drawer."""
    open_ones = [
        name for name, unclear in (("decimal", series.decimal_unclear), ("dates", series.dates_unclear)) if unclear
    ]
    for name in open_ones:
        _control(name, setup)
    for code in series.codes:
        st.button(
            f"Read {exact(code)} as missing", key=f"train.code.{code:g}", on_click=_put, args=("missing_code", code)
        )
    more = st.expander("How the table is read", key="train.drawer.table", on_change="rerun")
    if more.open:
        with more:
            for name in READING:
                if name not in open_ones:
                    _control(name, setup)


def _control(name: str, setup: Setup) -> None:
    described = setup_settings(TASK)[name]
    control(described, setup.config.options[name], _choose, page=actions.PAGE, when=False)


def _choose(name: str) -> None:
    if not state.is_echo(f"train.{name}"):
        _put(name, state.get(f"train.{name}"))


def _put(name: str, value: object) -> None:
    actions.put(**{name: value})


def _take() -> None:
    data = uploads.taken("train.table")
    if data is None:
        return
    try:
        if len(data) > MOST_BYTES:
            raise PlaygroundError(f"The file has {len(data) / 1e6:.0f} MB; a table may have {MOST_BYTES // 10**6} MB.")
        _use(decode(data, MOST_BYTES), read_as(encoding_of(data, MOST_BYTES)))
    except PlaygroundError as error:
        actions.visit.notices = [str(error)]


def _paste() -> None:
    pasted = str(state.get("train.paste") or "")
    if pasted.strip():
        state.put("train.paste", "")  # or every click would send it again
        _use(pasted)


def _use(text: str, encoding: str = "") -> None:
    """Put a table in place of the last one, read without the choices that were made for that one."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    actions.put(data=text, column="", **AUTOMATIC)
    trim_memory()  # what reading a large table took, before training needs room
    if actions.setup().config.options.get("data") == text:  # else it was refused, and the last one stays
        state.put("train.table.of", hash(text))
        state.put("train.table.said", [encoding] if encoding else [])
