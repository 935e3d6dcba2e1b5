"""Words that explain themselves: to a pointer, to a finger, to the keyboard and aloud.

The explanation appears in one bubble for the whole page, which is not part of what is refreshed. An explanation inside
the text would be cut off by a table that scrolls, and closed whenever the text is replaced, which happens to live
figures once a second.
"""

from markupsafe import Markup

from playground.components.templates import render


def term(word: str, explanation: str) -> Markup:
    """Return HTML for a word that shows its explanation when it is pointed at, tapped or reached by Tab."""
    return render("components/terms.html", "term", word, explanation)
