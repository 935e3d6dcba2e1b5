"""An opening that suits a text: how its paragraphs or lines most often begin."""

import re
from collections import Counter

LONGEST = 24  # characters
FEW = 5  # paragraphs, with fewer of which lines are looked at


def opening(text: str) -> str:
    """Return the commonest beginning of a paragraph of the text, which occurs in it as it is.

    A short line counts whole, with the line break after it: a speaker's name, say. Of a longer one the indent and the
    first word count, with the space after it. Where there are no paragraphs lines count, and where all begin
    differently it is the first one's beginning.
    """
    paragraphs = re.findall(r"(?:\A|\n[^\S\n]*\n)([^\S\n]*[^\s][^\n]*\n?)", text)
    lines = paragraphs if len(paragraphs) >= FEW else re.findall(r"[^\S\n]*[^\s][^\n]*\n?", text)
    begins = Counter(_beginning(line) for line in lines)
    return begins.most_common(1)[0][0] if begins else text[:1]


def _beginning(line: str) -> str:
    if len(line) <= LONGEST and line.endswith("\n"):
        return line
    word = re.match(r"\s*\S+\s?", line)
    return (word[0] if word else line)[:LONGEST]
