"""One colour and one dash per kind of cell, everywhere; readable for colour-blind eyes, light and dark.

Colours after Okabe and Ito (2008); the dark theme has lighter twins. Cells of one family share the hue and
differ in dash, so that two of them can be told apart in one chart.
"""

from rnncore.cells import CELLS

LIGHT = {
    "rnn": "#D55E00", "lstm": "#0072B2", "gru": "#009E73", "peephole": "#CC79A7", "feedforward": "#7F7F7F",
}  # fmt: skip
DARK = {
    "rnn": "#FF8A3D", "lstm": "#56B4E9", "gru": "#2BD1A0", "peephole": "#E8A5CB", "feedforward": "#B5B5B5",
}  # fmt: skip
SPECIAL = {"rnn_relu": ("#E69F00", "#F5BE4B"), "gru_cho": ("#6B9E00", "#A6D854"), "rnn_sigmoid": ("#8C5A2B", "#D9A574"),
           "lstm_peephole_full": ("#9A4F7D", "#F7CBE4")}  # fmt: skip
DASHES: dict[str, list[int]] = {
    "rnn": [2, 2], "rnn_relu": [8, 2, 2, 2], "rnn_sigmoid": [1, 3], "lstm": [1, 0], "gru": [7, 3],
    "gru_cho": [12, 3], "lstm_peephole": [10, 2, 2, 2, 2, 2], "lstm_peephole_full": [4, 2], "feedforward": [3, 5],
}  # fmt: skip


def colour(cell: str, dark: bool) -> str:
    """Return a cell's colour in the light or the dark theme."""
    if cell in SPECIAL:
        return SPECIAL[cell][dark]
    return (DARK if dark else LIGHT).get(CELLS[cell].family, "#56B4E9")


def dash(cell: str) -> list[int]:
    """Return a cell's dash pattern: lengths of line and gap in pixels."""
    return DASHES.get(cell, [5, 2, 1, 2])
