"""An opening that suits a text: how its paragraphs or lines most often begin."""

import io
from collections import Counter

LONGEST = 24  # characters
FEW = 5  # paragraphs, with fewer of which lines are looked at


def opening(text: str) -> str:
    """Return the commonest beginning of a paragraph of the text, which occurs in it as it is.

    A short line counts whole, with the line break after it: a speaker's name, say. Of a longer one the indent and the
    first word count, with the space after it. Where there are no paragraphs lines count, and where all begin
    differently it is the first one's beginning. Every line is looked at once, so the time grows with the text.
    """
    paragraphs: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    blank_above = True
    for line in io.StringIO(text, newline="\n"):  # at this mark only, whatever else breaks lines elsewhere
        blank = line.isspace()
        if not blank:
            begins = _beginning(line)
            lines[begins] += 1
            paragraphs[begins] += blank_above
        blank_above = blank
    found = paragraphs if paragraphs.total() >= FEW else lines
    return found.most_common(1)[0][0] if found else text[:1]


def _beginning(line: str) -> str:
    if len(line) <= LONGEST and line.endswith("\n"):
        return line
    indent = len(line) - len(line.lstrip())
    word = line[indent : indent + LONGEST].split(None, 1)[0]
    return line[: indent + len(word) + 1][:LONGEST]
