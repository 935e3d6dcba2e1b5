"""The picture of what flows where in a cell, beside its equations, with the numbers of one unit at one step."""

from typing import Any

import streamlit as st

from playground.components.files import beside
from playground.inside.cell import settings
from playground.inside.cell.layout import Placed, placed
from playground.inside.cell.moment import Moment, brief, digits
from playground.session import state
from rnncore.analysis.equations import WINDOW, Floats, equations, evaluate
from rnncore.analysis.flow import Flow, FlowNode, flow
from rnncore.cells import CELLS

KEY = "cell.flow"
MOST_INPUTS, MOST_LETTERS = 2, 8  # of an input that are written into its box


def flow_picture(shown: Moment) -> None:
    """Draw the picture; a click on a part or an equation chooses its value."""
    st.components.v2.component("cell_flow", js=beside(__file__, "flow.js"), isolate_styles=False)(
        key=KEY, data=flow_data(shown), on_value_change=_choose
    )


def _choose() -> None:
    settings.put(value=str(state.get(KEY)["value"]))


def flow_data(shown: Moment) -> dict[str, Any]:
    """Return what the picture is drawn from."""
    cell = shown.network.cell
    made, places = flow(cell), placed(cell)
    return {
        "width": places.width, "height": places.height, "chosen": shown.name, "label": _label(shown),
        "nodes": [_node(node, places, shown) for node in made.nodes],
        "edges": [{"points": points, "equation": edge.equation, "end": edge.end,
                   "state": _carries(edge.start, edge.end, made)} for edge, points in places.lines],
        "equations": [{"text": each.text, "gives": each.name, "chosen": each.name == shown.name}
                      for each in equations(cell)],
        "read": _read(made, shown),
    }  # fmt: skip


def _label(shown: Moment) -> str:
    values = [f"{name} is {digits(float(shown.now[shown.key_of(name)][shown.unit]))}" for name in shown.names]
    kind = CELLS[shown.network.cell].label
    return f"Data flow through the {kind} at step {shown.at + 1}, unit {shown.unit + 1}: {', '.join(values)}."


def _node(node: FlowNode, places: Placed, shown: Moment) -> dict[str, Any]:
    x, y, width, height = places.boxes[node.key]
    values = evaluate(node.tree, shown.all_now)
    number = None if node.gives in ("x", WINDOW) else float(values[shown.unit])
    written = _inputs(values, shown) if number is None else digits(number)
    choosable = node.gives.removesuffix("'") if node.kind in ("gate", "operation", "output") else ""
    of = None if node.equation is None else equations(shown.network.cell)[node.equation].name
    return {
        "key": node.key, "kind": node.kind, "x": x, "y": y, "width": width, "height": height, "words": node.words,
        "value": written, "share": None if number is None else max(-1.0, min(1.0, number)),
        "said": f"{node.words}: {written}", "gives": choosable or of, "equation": node.equation,
        "part": str(node.tree) if of else "",
    }  # fmt: skip


def _inputs(values: Floats, shown: Moment) -> str:
    """Return in a few letters what is read: its numbers if they are few, else what stands at the step."""
    if values.size <= MOST_INPUTS:
        return ", ".join(map(brief, values.tolist()))
    if shown.network.part.layer:
        return f"layer {shown.network.part.layer}"
    read = "" if shown.network.reads else shown.network.read[shown.at]
    return read if 0 < len(read) <= MOST_LETTERS else f"{values.size} values"


def _carries(start: str, end: str, made: Flow) -> bool:
    """Return whether an edge carries a state that is changed unit by unit only."""
    kinds = {node.key: node for node in made.nodes}
    return (kinds[start].kind == "input" and kinds[end].kind == "operation") or kinds[end].kind == "output"


def _read(made: Flow, shown: Moment) -> list[str]:
    """Return the nodes whose numbers the chosen sum read."""
    names = {name for name, _ in shown.sum.read()}
    return [node.key for node in made.nodes if node.gives in names and node.kind != "output"]


def shares(values: Floats) -> list[float]:
    """Return numbers as shares of the largest by size, or of 1 where none is larger."""
    most = max(1.0, float(abs(values).max(initial=0.0)))
    found: list[float] = (values / most).tolist()
    return found
