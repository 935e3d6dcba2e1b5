"""Backpropagation through time as rows that the command line prints and a table file holds."""

from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Column, Table

from rnncore.analysis.backward import Backward
from rnncore.cli.printing import print_json, short


def backward_rows(found: Backward) -> list[dict[str, Any]]:
    """Return a row for each step, from the last back to the first, of the layer that is looked at, reading
    forward.

    Steps are counted from 1. Of each state it holds the length of its gradient's two sources and of their sum, where it
    has one unit the number itself; of each parameter the length of what the step adds to its gradient. `loss` is that
    of the step's own answer.
    """
    losses = dict(zip(found.at, found.losses.tolist(), strict=False))
    rows = []
    for t in reversed(range(len(found.inputs))):
        row: dict[str, Any] = {"step": t + 1, "loss": losses.get(t)}
        for state in found.shown.states:
            parts = (("own_output", state.here), ("next_step", state.later), ("total", state.total))
            row |= {f"{state.name}_{name}": _size(part[t]) for name, part in parts}
        row |= {f"added_{weight.name}": float(weight.added[t]) for weight in found.weights}
        rows.append(row)
    return rows


def backward_summary(found: Backward) -> dict[str, Any]:
    """Return the loss, the gradient's length and limit, and the loss after each update."""
    clipped = found.clipped
    return {
        "loss": found.loss, "answers": len(found.losses), "summed": found.summed,
        "cuts": [[cut + 1, cut] for cut in found.cuts], "gradient_norm": clipped.norm, "clip_norm": clipped.threshold,
        "scale": clipped.scale,
        "updates": [{"rule": update.rule, "lr": update.lr, "change": update.change, "loss_after": update.loss}
                    for update in found.updates],
    }  # fmt: skip


def print_backward(found: Backward, *, as_json: bool) -> None:
    """Print the sweep: for programs a line for each step and one with the rest, for a person the states' gradients."""
    rows, summary = backward_rows(found), backward_summary(found)
    if as_json:
        for row in (*rows, summary):
            print_json(row)
        return
    shown = [name for name in rows[0] if not name.startswith("added_")]
    table = Table(*(Column(name.replace("_", " "), justify="right") for name in shown))
    for row in rows:
        table.add_row(*(short(row[name]) if name != "step" else str(row[name]) for name in shown))
    console = Console()
    console.print(table)
    scaled = f", scaled by {short(found.clipped.scale)}" if found.clipped.scale < 1 else ""
    console.print(f"loss {short(found.loss)}; length of the whole gradient {short(found.clipped.norm)}{scaled}",
                  highlight=False)  # fmt: skip
    for update in found.updates:
        console.print(f"{update.rule}, rate {short(update.lr)}: loss after it {short(update.loss)}", highlight=False)


def _size(vector: "np.ndarray[Any, np.dtype[np.float64]]") -> float:
    return float(vector[0]) if len(vector) == 1 else float(np.linalg.norm(vector))
