"""Boxes that scroll: reached by the keyboard, and named for those who hear the page."""

from html import escape


def box(content: str, label: str, kind: str = "answers-box") -> str:
    """Return HTML in a box that scrolls where it has to; `label` says what is in it."""
    return f'<div class="{kind}"{reachable(label)}>{content}</div>'


def reachable(label: str) -> str:
    """Return the attributes of such a box, at which Tab stops so that arrow keys scroll it."""
    return f' tabindex="0" role="region" aria-label="{escape(label, quote=True)}"'
