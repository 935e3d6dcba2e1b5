"""The numbers of a worked example or a small network, to be typed over."""

import re
from typing import Any

import streamlit as st

from playground.components.files import beside
from playground.inside.cell import settings
from playground.inside.cell.moment import Moment, brief
from playground.inside.cell.settings import CellView
from playground.session import state
from rnncore.analysis.cell_network import Place
from rnncore.analysis.equations import Floats, equations
from rnncore.cells import CELLS

KEY = "cell.numbers"
PLACE = re.compile(r"([A-Za-z]\w*)\.(\d{1,3})(?:\.(\d{1,3}))?")


def numbers(view: CellView, shown: Moment) -> None:
    """Draw all numbers that can be changed, and the button that takes the changes back."""
    st.components.v2.component("cell_numbers", js=beside(__file__, "numbers.js"), isolate_styles=False)(
        key=KEY, data={"tables": tables(shown)}, on_edit_change=_take
    )
    if view.edited:
        st.button("Take all changes back", key="cell.undo", icon=":material/undo:", on_click=settings.put,
                  kwargs={"edited": ""})  # fmt: skip


def _take() -> None:
    edit = state.get(KEY)["edit"]
    if not isinstance(edit, dict) or not PLACE.fullmatch(str(edit.get("place"))):
        return
    place, value = str(edit["place"]), edit.get("value")
    if not isinstance(value, int | float):
        return
    most = settings.LARGEST
    kept = [part for part in settings.visit.setup().edited.split() if part.split("=")[0] != place]
    settings.put(edited=" ".join([*kept, f"{place}={brief(max(-most, min(most, value)))}"]))


def tables(shown: Moment) -> list[dict[str, Any]]:
    """Return the tables: the weights of the sum that is looked at, inputs and start, and the weights of other sums."""
    network, numbers = shown.network, shown.network.numbers()
    inputs, units = network.inputs.shape[1], network.hidden_size
    weights = []
    for block in CELLS[network.cell].block_names:
        names = [name for name in numbers if name[:2] in ("W_", "w_", "b_") and name[3:] == block]
        if names:
            columns = [column for name in names for column in _columns(name, numbers[name], inputs, units)]
            title = f"Weights of {_gives(network.cell, names[0])}"
            rows = _counted(_gives(network.cell, names[0]), units)
            weights.append(_table(title, columns, rows, names, numbers, shown))  # fmt: skip
    states = [name for name in network.start if name in numbers]
    others = [
        _table("Inputs x", _counted("x", inputs), _steps(shown), ["x"], numbers, shown),
        _table("Before step 1", states, _counted("unit ", units), states, numbers, shown),
    ]
    first = [each for each in weights if _is_used(each)]
    return [*first, *others, *(each for each in weights if not _is_used(each))]


def _is_used(table: dict[str, Any]) -> bool:
    return any(number["used"] for row in table["rows"] for number in row["numbers"])


def _gives(cell: str, weight: str) -> str:
    return next((each.name for each in equations(cell) if weight in each.tree.names()), weight)


def _columns(name: str, values: Floats, inputs: int, units: int) -> list[str]:
    if name[:2] == "b_":
        return [name]
    if values.ndim == 1:
        return [f"{name[2:3]} (own)"]
    read = "x" if name[:3] == "W_i" else "h" if name[:3] == "W_h" else name[2:3]
    return _counted(read, values.shape[1])


def _counted(name: str, count: int) -> list[str]:
    return [name] if count == 1 and name[-1:] != " " else [f"{name}{number}" for number in range(1, count + 1)]


def _steps(shown: Moment) -> list[str]:
    return [f"step {number}" for number in range(1, len(shown.values) + 1)]


def _table(
    title: str, columns: list[str], rows: list[str], names: list[str], numbers: dict[str, Floats],
    shown: Moment,
) -> dict[str, Any]:  # fmt: skip
    used = _used(shown)
    lines = []
    for row, label in enumerate(rows):
        places: list[Place] = []
        for name in names:
            values = numbers[name]
            places += [(name, row, None)] if values.ndim == 1 else [(name, row, at) for at in range(values.shape[1])]
        lines.append({"label": label, "numbers": [_number(place, numbers, shown, used) for place in places]})
    return {"title": title, "columns": columns, "rows": lines}


def _number(place: Place, numbers: dict[str, Floats], shown: Moment, used: set[Place]) -> dict[str, Any]:
    name, row, column = place
    value = numbers[name][row] if column is None else numbers[name][row, column]
    written = f"{name}.{row + 1}" + ("" if column is None else f".{column + 1}")
    return {"place": written, "value": brief(float(value)), "changed": place in shown.network.edits,
            "used": place in used}  # fmt: skip


def _used(shown: Moment) -> set[Place]:
    """Return the places of all numbers that stand in the sum that is looked at."""
    found: set[Place] = set()
    for each in (shown.sum, *shown.sum.inside):
        for term in each.terms:
            for factor in term.factors:
                row, *column = factor.place
                names = [name for name in factor.text.split(" + ") if name[:2] in ("W_", "w_", "b_")]
                found |= {(name, row, column[0] if column else None) for name in names}
        found |= {(name, shown.at, at) if name == "x" else (name, at, None)
                  for name, at in each.read() if name == "x" or shown.at == 0}  # fmt: skip
    return found
