"""HTML read by Python's own parser: a judge of what a browser would make of it."""

from collections.abc import Callable
from html.parser import HTMLParser

HOSTILE = """<script>alert("&lt;" + 'x')</script></b>" onclick='y' & <!--"""
HARMLESS = "".join(letter if letter == " " else "m" for letter in HOSTILE)


class Read(HTMLParser):
    """What some HTML is made of.

    Attributes
    ----------
    tags
        Each element in order: its name and its attributes.
    text
        All its text.
    parts
        Beginnings and ends of elements, and the text between them.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.parts: list[tuple[str, str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(str(html))  # what is taken from `Markup` would be `Markup`
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the beginning of an element."""
        self.tags.append((tag, dict(attrs)))
        self.parts.append(("begins", tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Take the end of an element."""
        self.parts.append(("ends", tag, {}))

    def handle_comment(self, data: str) -> None:
        """Take a comment."""
        self.parts.append(("comment", data, {}))

    def handle_data(self, data: str) -> None:
        """Take a stretch of text, which may come in pieces."""
        self.text += data
        before = self.parts.pop()[1] if self.parts and self.parts[-1][0] == "text" else ""
        self.parts.append(("text", before + data, {}))


def foreign_text_stays_text(made: Callable[[str], str]) -> None:
    """Assert that HTML `made` of a hostile text is that made of a harmless one, but for the letters of the text."""
    hostile, harmless = Read(made(HOSTILE)), Read(made(HARMLESS))
    assert HARMLESS in str(harmless.parts), "the text is in it"
    expected = [
        (kind, what.replace(HARMLESS, HOSTILE), {name: value and value.replace(HARMLESS, HOSTILE)
                                                 for name, value in attributes.items()})
        for kind, what, attributes in harmless.parts
    ]  # fmt: skip
    assert hostile.parts == expected
