"""The longest stretch of a text that was copied from what its network learned, in a line."""

from markupsafe import Markup

from playground.components.templates import render
from playground.components.terms import term


def copy_note(copied: str) -> Markup:
    """Return as HTML how long the longest stretch is that was copied from the training text, and which it is."""
    what = term("Longest copy from the training text",
                "The longest stretch of this text that stands in the training text word for word.")  # fmt: skip
    return render("language_models/copied.html", "note", what, copied)
