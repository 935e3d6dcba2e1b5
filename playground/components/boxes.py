"""Boxes that scroll: reached by Tab, so that arrow keys scroll them, and named for those who hear the page."""

from markupsafe import Markup

from playground.components.templates import render


def box(content: Markup, label: str, kind: str = "answers-box") -> Markup:
    """Return HTML in a box that scrolls where it has to; `label` says what is in it."""
    return render("components/boxes.html", "box", content, label, kind)
