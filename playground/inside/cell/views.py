"""The Cell page's picture for each way of looking."""

import streamlit as st

from playground.components.files import beside
from playground.components.style import style
from playground.inside.cell import backward, source
from playground.inside.cell.flow_picture import flow_picture
from playground.inside.cell.fold import fold
from playground.inside.cell.moment import Moment, moment
from playground.inside.cell.numbers import numbers
from playground.inside.cell.settings import CellView
from playground.inside.cell.source import BROKEN
from playground.inside.cell.unit_rows import unit_rows
from playground.inside.cell.weights import weights
from playground.inside.cell.words import changes_in_words, gates_in_words, source_in_words, sum_html
from playground.live.process import page_turn
from rnncore.analysis.cell_network import CellNetwork


def picture(view: CellView) -> None:
    """Draw what is looked at, or say why there is nothing."""
    st.html(style(beside(__file__, "cell.css")))
    found = source.network(view)
    if found.said:
        st.caption(found.said)
    if found.network is not None:
        {"fold": fold, "cell": opened, "backward": backward.draw, "weights": counts}[view.look](view, found.network)


def opened(view: CellView, network: CellNetwork) -> None:
    """Draw the cell with its numbers: what flows where, every value as a row of units, and the sum that made one."""
    with page_turn.given_away():
        shown = moment(view, network)
    if not shown.finite:
        st.caption(BROKEN)
        return
    flow_picture(shown)
    st.html(sum_html(shown))
    if view.source == "mine":
        unit_rows(shown)
        _said(shown)
        return
    if view.source == "worked":
        st.caption(source_in_words(network.cell))
    with st.container(key="cell-bench"):
        rows, beside_them = st.columns([1, 1.15], gap="medium")
    with rows:
        unit_rows(shown)
        _said(shown)
    with beside_them:
        numbers(view, shown)


def _said(shown: Moment) -> None:
    for said in (gates_in_words(shown), changes_in_words(shown)):
        if said:
            st.markdown(said)


def counts(view: CellView, network: CellNetwork) -> None:
    """Draw how many weights there are, and why."""
    weights(network)
