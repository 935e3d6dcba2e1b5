"""Room that is held for the longest text that may come, so that nothing below it moves when the text changes."""


def held(said: str, *longest: str) -> str:
    """Return HTML that takes the room of the longest of all texts given and shows the first; nobody sees the others.

    The texts lie on one another in one cell of a grid, so this holds at any width and size of letters.
    """
    others = "".join(f'<span class="room" aria-hidden="true">{text}</span>' for text in dict.fromkeys(longest))
    return f'<span class="held"><span>{said}</span>{others}</span>'


def bounded(said: str, letters: int) -> str:
    """Return HTML in the room of so many letters; of a longer text the rest is reached by scrolling."""
    room = "sixes " * -(-letters // 6)
    return f'<span class="held bounded"><span>{said}</span><span class="room" aria-hidden="true">{room}</span></span>'
