"""Boxes that scroll: reached by the keyboard, and named for those who hear the page."""

from markupsafe import Markup

BOX = Markup('<div class="{}"{}>{}</div>')
REACHABLE = Markup(' tabindex="0" role="region" aria-label="{}"')


def box(content: str, label: str, kind: str = "answers-box") -> str:
    """Return HTML in a box that scrolls where it has to; `label` says what is in it."""
    return str(BOX.format(kind, Markup(reachable(label)), Markup(content)))  # noqa: S704  both are HTML already


def reachable(label: str) -> str:
    """Return the attributes of such a box, at which Tab stops so that arrow keys scroll it."""
    return str(REACHABLE.format(label))
