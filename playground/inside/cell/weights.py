"""How many weights a cell has and why, and what becomes of the number as sequences get longer."""

from functools import cache

import altair as alt
import streamlit as st

from playground.components.charts import Spec, draw_chart, finished, is_dark, series
from playground.components.figure_table import figure_table
from playground.components.palette import colour, dash
from rnncore.analysis.cell_network import CellNetwork
from rnncore.analysis.weight_counts import WINDOWED, Matrix, count, growth, matrices
from rnncore.cells import CELLS

STEPS = (1, 2, 3, 5, 10, 20, 30, 50, 70, 100)


def weights(network: CellNetwork) -> None:
    """Draw the table of weights, what stands behind it, and the growth with the length of sequences."""
    sizes = network.inputs.shape[1], network.hidden_size
    bias = "bias_ih" in network.weights
    found = matrices(network.cell, *sizes, bias=bias, window=network.window or 1)
    st.html(figure_table("Weights of the layer", ("shape", "why", "numbers"), rows(network, found)))
    st.markdown(one_product(network, found))
    if CELLS[network.cell].recurrent:
        _growth(network, bias)


def rows(network: CellNetwork, found: tuple[Matrix, ...]) -> list[tuple[str, list[str]]]:
    """Return one row for each matrix: name; shape, reason and count; the sum last."""
    made = [(each.name, [" × ".join(map(str, each.shape)), _why(each, network), f"{each.count:,}"]) for each in found]
    return [*made, ("all together", ["", "", f"{sum(each.count for each in found):,}"])]


def _why(each: Matrix, network: CellNetwork) -> str:
    rows = each.shape[0] // each.blocks
    names = CELLS[network.cell].block_names
    blocks = f"{each.blocks} ({', '.join(names)}) × " if each.blocks == len(names) > 1 else ""
    if len(each.shape) == 1:
        return f"{blocks}{_counted(rows, 'unit')}"
    inputs = network.inputs.shape[1]
    read = _counted(each.shape[1], "unit")
    if each.name == "weight_ih":
        steps = network.window or 1
        if network.reads:
            return f"{blocks}{_counted(rows, 'unit')} × {_counted(inputs, 'number')} of {network.reads}"
        read = f"{_counted(steps, 'step')} × {_counted(inputs, 'input')}" if steps > 1 else _counted(inputs, "input")
    return f"{blocks}{_counted(rows, 'unit')} × {read}"


def _counted(count: int, name: str) -> str:
    return f"{count:,} {name}{'s' * (count != 1)}"


def one_product(network: CellNetwork, found: tuple[Matrix, ...]) -> str:
    """Say how the matrices of all gates lie in one."""
    kind = CELLS[network.cell]
    recurrent = next((each for each in found if each.name == "weight_hh"), None)
    if recurrent is None or recurrent.blocks == 1:
        return "One matrix for the inputs" + (" and one for the state." if recurrent else ".")
    names, per = ", ".join(kind.block_names), recurrent.count // recurrent.blocks
    return (f"The {recurrent.blocks} matrices for {names} lie in one, of {recurrent.shape[0]} × {recurrent.shape[1]}: "
            f"{recurrent.blocks} × {per:,} = {recurrent.count:,} numbers, one product instead of {recurrent.blocks}. "
            f"So this cell has {recurrent.blocks} times the weights of a vanilla cell of its size.")  # fmt: skip


def _growth(network: CellNetwork, bias: bool) -> None:
    inputs, units = network.inputs.shape[1], network.hidden_size
    found = growth(network.cell, inputs, units, STEPS, bias=bias)
    label, window = CELLS[network.cell].label, CELLS[WINDOWED].label
    data = [{"steps": steps, "weights": number, "series": name}
            for steps, own, seen in found for name, number in ((label, own), (window, seen))]  # fmt: skip
    first, last = found[0], found[-1]
    crossing = next((steps for steps in range(1, last[0] + 1)
                     if count(WINDOWED, inputs, units, bias=bias, window=steps) > first[1]), None)  # fmt: skip
    said = (f"{label}: {first[1]:,} weights for any number of steps. {window} over all steps: {first[2]:,} for 1 step, "
            f"{last[2]:,} for {last[0]}")  # fmt: skip
    said += f"; from {_counted(crossing, 'step')} on it has more." if crossing else "."
    st.markdown(said)
    draw_chart(data, growth_chart(network.cell, dark=is_dark()), key="cell.growth", alt=said)


@cache
def growth_chart(cell: str, *, dark: bool) -> Spec:
    """Return the spec of weights over the number of steps. Rows: steps, weights, series."""
    cells = [cell, WINDOWED]
    labels = [CELLS[each].label for each in cells]
    legend = alt.Legend(orient="top", labelFontSize=13, symbolStrokeWidth=2.5, symbolSize=300, symbolType="stroke")
    paint = alt.Color(**series(labels, [colour(each, dark) for each in cells], legend))
    dashes = alt.StrokeDash(**series(labels, [dash(each) for each in cells], legend))
    lines = alt.Chart().mark_line(strokeWidth=2.5, point=True)
    return finished(
        lines.encode(
            alt.X("steps:Q", title="steps of the sequence"), alt.Y("weights:Q", title="weights of the layer"), paint,
            dashes, tooltip=["series:N", "steps:Q", alt.Tooltip("weights:Q", format=",")],
        ), height=300, dark=dark,
    )  # fmt: skip
