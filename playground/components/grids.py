"""Tables whose cells are shaded by their values: read by eye, by pointer and aloud."""

from collections.abc import Callable, Sequence
from html import escape

from playground.components.boxes import box
from playground.components.palette import FULL_SHADE, shade
from playground.components.templates import already_html
from rnncore.analysis.outcomes import Floats


def grid(
    rows: Sequence[str], columns: Sequence[str], shades: Floats, *, caption: str, corner: str = "",
    text: Callable[[int, int], str] | None = None, marked: Callable[[int, int], bool] | None = None,
) -> str:  # fmt: skip
    """Return a table as HTML.

    Parameters
    ----------
    rows, columns
        Names at the left and at the top.
    shades
        ``(rows, columns)`` from 0, paper, to 1, full colour.
    caption, corner
        What the table shows, and what its axes are.
    text, marked
        What stands in a cell, by row and column, default nothing; and which cells get a frame.
    """
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    lines = []
    for i, name in enumerate(rows):
        cells = []
        for j in range(len(columns)):
            share = float(shades[i, j])
            said = escape(f"{name}, {columns[j]}: {share:.3f}", quote=True)
            look = "full" if share > FULL_SHADE else ""
            frame = " framed" if marked and marked(i, j) else ""
            inside = escape(text(i, j)) if text else ""
            cells.append(f'<td class="{look}{frame}" style="background:{shade(share)}" title="{said}">{inside}</td>')
        lines.append(f'<tr><th scope="row">{escape(name)}</th>{"".join(cells)}</tr>')
    table = (
        f'<table class="grid" aria-label="{escape(caption, quote=True)}">'
        f"<tr><td>{escape(corner)}</td>{head}</tr>{''.join(lines)}</table>"
    )
    return f'<div class="grid-title">{escape(caption)}</div>{box(already_html(table), caption)}'
