"""The Cell page's picture for each way of looking."""

import streamlit as st

from playground.cell import backward, source
from playground.cell.settings import CellView
from rnncore.analysis.cell_network import CellNetwork


def picture(view: CellView) -> None:
    """Draw what is looked at, or say why there is nothing."""
    found = source.network(view)
    if found.said:
        st.caption(found.said)
    if found.network is not None:
        {"fold": fold, "cell": opened, "backward": backward.draw, "weights": weights}[view.look](view, found.network)


def fold(view: CellView, network: CellNetwork) -> None:
    """Draw the loop and its copies."""


def opened(view: CellView, network: CellNetwork) -> None:
    """Draw the cell with its numbers."""


def weights(view: CellView, network: CellNetwork) -> None:
    """Draw how many weights there are."""
