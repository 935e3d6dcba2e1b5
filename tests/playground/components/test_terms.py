"""An explained word: what stands in its HTML, and that no explanation is left to the pointer alone."""

from pathlib import Path

from playground.components.terms import term
from tests.support.html import Read

ROOT = Path(__file__).parents[3]


def test_a_word_carries_its_explanation_and_nothing_becomes_markup():
    word, why = '<b>"a" & b</b>', "is <i onclick=\"x\">'this'</i> & that"
    read = Read(term(word, why))
    [(tag, attributes)] = read.tags
    assert read.text == word and attributes["aria-description"] == why
    assert attributes["tabindex"] == "0" and "title" not in attributes and tag == "span"


def test_no_word_is_explained_to_the_pointer_alone():
    sources = [file for part in ("playground", "pages") for kind in ("*.py", "*.html")
               for file in (ROOT / part).rglob(kind)]  # fmt: skip
    assert [file.name for file in sources if "<abbr" in file.read_text(encoding="utf-8")] == []
