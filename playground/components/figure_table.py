"""A table of figures: a name for each row and column, and text in the cells."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from playground.components.templates import render


def figure_table(
    label: str, columns: Iterable[str], rows: Iterable[tuple[str, Sequence[str]]], *, caption: bool = False,
    figures: bool = True,
) -> Markup:  # fmt: skip
    """Return a table as HTML, in a box that scrolls where it has to.

    Parameters
    ----------
    label
        What is in it: read aloud, and seen above it with `caption`.
    columns, rows
        Names of the columns; and of each row its name and its values. Names may be explained words (`terms.term`).
    figures
        Whether rows are networks and values their figures, which are set closer.
    """
    return render("components/figure_table.html", "table", label, columns, rows, caption=caption, figures=figures)
