"""One box with its loop, and the same box over time, above the feed-forward net that sees all steps at once."""

from typing import Any

import numpy as np
import streamlit as st

from playground.components.files import beside
from playground.inside.cell import settings
from playground.inside.cell.flow_picture import shares
from playground.inside.cell.moment import brief
from playground.inside.cell.settings import MOST_COPIES, CellView
from playground.inside.cell.source import BROKEN
from rnncore.analysis.cell_network import CellNetwork
from rnncore.analysis.equations import equations
from rnncore.analysis.weight_counts import WINDOWED, matrices
from rnncore.cells import CELLS

MOST_UNITS, MOST_LETTERS = 64, 9


def fold(view: CellView, network: CellNetwork) -> None:
    """Draw the slider, both pictures, and what is the same everywhere, counted."""
    most = min(MOST_COPIES, len(network.inputs))
    copies = min(view.copies, most)
    known = settings.settings(CellView)["copies"]
    if most > 1:
        st.slider(known.label, 1, most, copies, key=settings.show("copies", copies), on_change=settings.change,
                  args=("copies",), help=known.help)  # fmt: skip
    if not all(np.isfinite(values["h'"]).all() for values in network.unrolled()[:copies]):
        st.caption(BROKEN)
        return
    st.components.v2.component("cell_fold", js=beside(__file__, "fold.js"), isolate_styles=False)(
        key="cell.fold", data=fold_data(network, copies)
    )
    st.markdown(counted(network, copies))


def fold_data(network: CellNetwork, copies: int) -> dict[str, Any]:
    """Return what the pictures are drawn from."""
    label = CELLS[network.cell].label
    given = {equation.name for equation in equations(network.cell)}
    carried = [name for name in CELLS[network.cell].state_names[1:] if name in given]
    read, answers = network.unrolled()[:copies], network.outputs()
    steps = [{
        "at": at + 1, "x": _read(network, values["x"].tolist(), at),
        "h": shares(values["h'"])[:MOST_UNITS], "y": "" if answers is None else _written(answers[at].tolist(), "", ""),
        "said": f"step {at + 1}: reads {network.read[at]}",
    } for at, values in enumerate(read)]  # fmt: skip
    unrolled = f"{label}, unrolled over {copies} steps: one cell, used {copies} times"
    return {
        "steps": steps, "loop": copies == 1, "answers": answers is not None, "carried": carried,
        "key": _key(network.hidden_size),
        "title": f"{label}: one cell with a loop" if copies == 1 else unrolled,
        "label": counted(network, copies).replace("*", ""),
        "window_title": f"Feed-forward net that sees {_counted_steps(copies)} at once",
        "window_label": f"A feed-forward net with a matrix of its own for each of {_counted_steps(copies)}: "
                        f"{_window(network, copies):,} numbers.",
    }  # fmt: skip


def _key(units: int) -> str:
    """Say what the squares in the boxes are."""
    each = "each unit" if units <= MOST_UNITS else f"the first {MOST_UNITS} of {units} units"
    return f"Squares: h of {each}, orange above 0, blue below."


def _read(network: CellNetwork, values: list[float], at: int) -> str:
    """Return in a few letters what a step reads."""
    if network.part.layer:
        return f"layer {network.part.layer}’s h"
    return _written(values, "" if network.reads else network.read[at], str(at + 1))


def _written(values: list[float], read: str, plain: str) -> str:
    """Return in a few letters what is read or answered."""
    written = ", ".join(map(brief, (round(value, 2) for value in values)))
    if len(values) <= 2 and len(written) <= MOST_LETTERS + 2:
        return written
    return read if read != plain and len(read) <= MOST_LETTERS else ""


def counted(network: CellNetwork, copies: int) -> str:
    """Say what is the same in every copy, and what grows, in numbers of the network itself."""
    kind, sizes = CELLS[network.cell], {name: value.size for name, value in network.weights.items()}
    window = _window(network, copies)
    more = _window(network, copies + 1) - window
    grows = (f"The feed-forward net needs {window:,} numbers in its first matrix for {_counted_steps(copies)} and "
             f"{more:,} more for every further step.")  # fmt: skip
    if not kind.recurrent:
        return f"This network has no loop. {grows}"
    same = f"**W** (`weight_hh`) is the same everywhere: {sizes['weight_hh']:,} numbers, however long the sequence"
    inputs = f"**U** (`weight_ih`, {sizes['weight_ih']:,})"
    if network.readout is None:
        return f"{same}, as is {inputs}. {grows}"
    return f"{same}, as are {inputs} and **V** (the read-out, {network.readout[0].size:,}). {grows}"


def _window(network: CellNetwork, steps: int) -> int:
    first, *_ = matrices(WINDOWED, network.inputs.shape[1], network.hidden_size, window=steps)
    return first.count


def _counted_steps(steps: int) -> str:
    return "1 step" if steps == 1 else f"{steps} steps"
