"""Notes: what is said beside, smaller and quieter than the rest."""

from markupsafe import Markup

from playground.components.templates import render


def noted(said: str) -> Markup:
    """Return a text, or HTML, as a note."""
    return render("components/note.html", "note", said)
