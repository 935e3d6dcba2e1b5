"""Room that is held for the longest text that may come, so that nothing below it moves when the text changes."""

from functools import lru_cache

from markupsafe import Markup

from playground.components.templates import render

TEMPLATE = "components/reserved.html"


def reserved(said: str, *longest: str) -> Markup:
    """Return HTML that takes the room of the longest of all texts given and shows the first; nobody sees the others.

    The texts lie on one another in one cell of a grid, so this holds at any width and size of letters. The others are
    drawn by the style from an attribute: neither a reader of the page nor a search in it meets them.
    """
    return render(TEMPLATE, "reserved", said, dict.fromkeys(map(_plain, longest)))


def bounded(said: str, letters: int) -> Markup:
    """Return HTML in the room of so many letters; of a longer text the rest is reached by scrolling."""
    return render(TEMPLATE, "bounded", said, ("sixes " * -(-letters // 6)).strip())


def in_room_of(said: Markup, before: Markup) -> Markup:
    """Return HTML in the room of what stood there before it, which is not seen any more."""
    return render(TEMPLATE, "in_room_of", said, before)


@lru_cache(256)  # they stay the same while a view moves
def _plain(text: str) -> str:
    return text.striptags() if isinstance(text, Markup) else text
