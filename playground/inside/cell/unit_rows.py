"""Every value of a cell at one step as a row of units, below the steps of the example."""

from typing import Any

import numpy as np
import streamlit as st

from playground.components.files import beside
from playground.inside.cell import settings
from playground.inside.cell.flow_picture import shares
from playground.inside.cell.moment import Moment, digits
from playground.session import state
from rnncore.analysis.cell_network import CellNetwork
from rnncore.analysis.equations import WINDOW, Floats
from rnncore.cells import CELLS

KEY = "cell.rows"
MOST_WRITTEN, MOST_NAMED = 8, 40  # numbers in a row, and steps with their symbols


def unit_rows(shown: Moment) -> None:
    """Draw the steps and the rows; a click on a step or on a number chooses it."""
    st.components.v2.component("cell_rows", js=beside(__file__, "rows.js"), isolate_styles=False)(
        key=KEY, data=rows_data(shown), on_step_change=_go, on_number_change=_choose
    )


def _go() -> None:
    chosen = state.get(KEY)["step"]
    if isinstance(chosen, int | float):
        settings.put(step=int(chosen))


def _choose() -> None:
    chosen = state.get(KEY)["number"]
    if isinstance(chosen, dict):
        settings.put(value=str(chosen.get("name", "")), unit=chosen.get("unit", 1))


def rows_data(shown: Moment) -> dict[str, Any]:
    """Return what the rows are drawn from."""
    network, steps = shown.network, len(shown.values)
    along = np.array([values[shown.key][shown.unit] for values in shown.values])
    along = np.where(np.isfinite(along), along, np.nan)
    finite = along[np.isfinite(along)]
    most = max(1.0, float(abs(finite).max(initial=0.0)))
    read = shown.sum.read()
    given = ["x", *(name for name in reversed(CELLS[network.cell].state_names) if name in shown.names), WINDOW]
    rows = [_row(shown, name, name, _about(network, name), read) for name in given if name in shown.now]
    rows += [_row(shown, name, shown.key_of(name), "", read) for name in shown.names]
    return {
        "step": shown.at + 1, "steps": steps, "name": shown.name, "unit": shown.unit + 1, "units": network.hidden_size,
        "where": _where(shown), "marked": [*network.marked],
        "symbols": [*network.read] if steps <= MOST_NAMED else None,
        "course": [None if np.isnan(value) else float(value) / most for value in along],
        "said": [f"{shown.name} {digits(float(value))}" for value in along],
        "course_label": f"{shown.key} of unit {shown.unit + 1} over {steps} steps, from {digits(float(along[0]))} to "
                        f"{digits(float(along[-1]))}.",
        "label": "Values at this step, a row each; arrow keys choose a number", "rows": rows,
    }  # fmt: skip


def _about(network: CellNetwork, name: str) -> str:
    return network.reads or "input" if name in ("x", WINDOW) else "before"


def _where(shown: Moment) -> str:
    read = shown.network.read[shown.at]
    counted = f"Step {shown.at + 1} of {len(shown.values)}"
    marked = ", marked" if shown.at in shown.network.marked else ""
    reads = ", where the network reads" if shown.network.reads else ": reads"
    return counted + (f"{reads} {read}{marked}" if read != str(shown.at + 1) else marked)


def _row(shown: Moment, name: str, key: str, about: str, read: set[tuple[str, int]]) -> dict[str, Any]:
    values: Floats = shown.now[key]
    new = about == "" and name in CELLS[shown.network.cell].state_names
    return {
        "name": name, "label": key, "about": about or ("new" if new else ""), "choosable": not about,
        "written": len(values) <= MOST_WRITTEN,
        "cells": [[digits(value), share] for value, share in zip(values.tolist(), _plain(values), strict=True)],
        "chosen": shown.unit if not about and name == shown.name else -1,
        "read": [unit for known, unit in read if known == key],
    }  # fmt: skip


def _plain(values: Floats) -> list[float]:
    return shares(np.nan_to_num(values, nan=0.0, posinf=1e12, neginf=-1e12))
