"""An explained word: what stands in its HTML, and that no explanation is left to the pointer alone."""

from html.parser import HTMLParser
from pathlib import Path

from playground.components.terms import term

ROOT = Path(__file__).parents[3]


class Reader(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.seen, self.text = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def test_a_word_carries_its_explanation_and_nothing_becomes_markup():
    word, why = '<b>"a" & b</b>', "is <i onclick=\"x\">'this'</i> & that"
    read = Reader(term(word, why))
    [(tag, attributes)] = read.seen
    assert read.text == word and attributes["aria-description"] == why
    assert attributes["tabindex"] == "0" and "title" not in attributes and tag == "span"


def test_no_word_is_explained_to_the_pointer_alone():
    sources = [*(ROOT / "playground").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
    assert [file.name for file in sources if "<abbr" in file.read_text(encoding="utf-8")] == []
