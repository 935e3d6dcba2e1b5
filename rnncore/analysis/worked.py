"""Worked examples of a lecture: one unit, two inputs, two steps, all by hand.

Source: R. Wong, lecture notes on recurrent neural networks, COMP4332/RMBI4310, HKUST. The notes order every weight
vector (x1, x2, previous output) and have one bias per sum; here it is ``b_ih``, and ``b_hh`` is 0. The output is h
itself, so the read-out is 1 times h.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rnncore.analysis.cell_network import CellNetwork
from rnncore.cells import CELLS

SOURCE = "R. Wong, lecture notes on recurrent neural networks (COMP4332/RMBI4310, HKUST)"
INPUTS, TARGETS, START = ((0.1, 0.4), (0.7, 0.9)), (0.3, 0.5), 0.0


@dataclass(frozen=True)
class Worked:
    """A worked example.

    Attributes
    ----------
    cell
        The cell that it works out.
    rows, biases
        Weights of (x1, x2, h) and the bias, for each of the cell's blocks in its own order.
    printed
        What the source gives for each step, by our name of the value.
    called
        What the source calls what is called otherwise here, by our name.
    """

    cell: str
    rows: tuple[tuple[float, float, float], ...]
    biases: tuple[float, ...]
    printed: Mapping[str, tuple[float, float]]
    called: Mapping[str, str]


EXAMPLES = (
    Worked("rnn", ((0.7, 0.3, 0.4),), (0.4,), {"h": (0.5298956075, 0.8791377098)}, {"h": "s"}),
    Worked(
        "lstm",
        ((0.2, 0.3, 0.4), (0.7, 0.3, 0.4), (0.4, 0.2, 0.1), (0.8, 0.9, 0.2)),
        (0.2, 0.4, 0.5, 0.3),
        {"i": (0.5841905229, 0.6669215805), "f": (0.6433651457, 0.7763106516), "g": (0.5511280285, 0.7535302940),
         "c": (0.3219637712, 0.7524895196), "o": (0.6769958562, 0.8471145858), "h": (0.2107362809, 0.5393000977)},
        {"g": "a", "c": "s", "h": "y"},
    ),
    Worked(
        "gru_cho",
        ((0.7, 0.3, 0.4), (0.4, 0.2, 0.1), (0.2, 0.3, 0.4)),
        (0.4, 0.5, 0.3),
        {"r": (0.6433651457, 0.7803288393), "z": (0.6502185486, 0.7284743744), "n": (0.4136444422, 0.6606412661),
         "h": (0.2689592888, 0.5542895722)},
        {"z": "u", "n": "a", "h": "y"},
    ),
)  # fmt: skip


def worked_example(cell: str) -> Worked:
    """Return the worked example of a cell, the first of all where there is none."""
    return next((each for each in EXAMPLES if each.cell == cell), EXAMPLES[0])


def worked_network(example: Worked) -> CellNetwork:
    """Return a worked example as a network with its inputs and targets."""
    rows, biases = np.array(example.rows), np.array(example.biases)
    weights = {"weight_ih": rows[:, :2].copy(), "weight_hh": rows[:, 2:].copy(), "bias_ih": biases,
               "bias_hh": np.zeros_like(biases)}  # fmt: skip
    start = {name: np.full(1, START) for name in CELLS[example.cell].state_names}
    return CellNetwork(example.cell, weights, (np.ones((1, 1)), np.zeros(1)), np.array(INPUTS),
                       np.array(TARGETS)[:, None], start, ("1", "2"))  # fmt: skip
