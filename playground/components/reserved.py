"""Room that is held for the longest text that may come, so that nothing below it moves when the text changes."""

import re


def reserved(said: str, *longest: str) -> str:
    """Return HTML that takes the room of the longest of all texts given and shows the first; nobody sees the others.

    The texts lie on one another in one cell of a grid, so this holds at any width and size of letters. The others are
    drawn by the style from an attribute: neither a reader of the page nor a search in it meets them.
    """
    plain = dict.fromkeys(re.sub("<[^>]*>", "", text) for text in longest)
    others = "".join(f'<span class="room" data-longest="{text}"></span>' for text in plain)
    return f'<span class="held"><span>{said}</span>{others}</span>'


def bounded(said: str, letters: int) -> str:
    """Return HTML in the room of so many letters; of a longer text the rest is reached by scrolling."""
    room = ("sixes " * -(-letters // 6)).strip()
    text = f'<span tabindex="0" role="group" aria-label="Text">{said}</span>'  # there are many, so no regions
    return f'<span class="held bounded">{text}<span class="room" data-longest="{room}"></span></span>'


def in_room_of(said: str, before: str) -> str:
    """Return HTML in the room of what stood there before it, which is not seen any more."""
    return f'<div class="held"><div>{said}</div><div class="room" aria-hidden="true" inert>{before}</div></div>'
