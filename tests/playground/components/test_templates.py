"""HTML that pages are made of: foreign text in it stays text, wherever it stands, and HTML is not escaped twice."""

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from jinja2 import Environment
from jinja2.nodes import Macro, TemplateData
from markupsafe import Markup

from playground.catalogue import gallery
from playground.components import boxes, next_steps_row, reserved, style, symbols
from playground.components.figure_table import figure_table
from playground.components.note import noted
from playground.components.templates import render
from playground.components.terms import term
from playground.language_models import copied
from playground.learning import samples
from playground.race import answers, drawings, task_example
from playground.race.words import bold
from playground.shakespeare import influence, next_character, units, views
from rnncore.tasks import Shown, Track
from rnncore.tasks.shown import Clip, Drawing, Painting, Picture, Sound
from rnncore.text.own import Report
from tests.support.html import HOSTILE, Read, foreign_text_stays_text

FILES = sorted((Path(__file__).parents[3] / "playground").rglob("*.html"))
BOLD = Markup("<b>a & b</b>")


def words(text):
    return Track("word", "input", (text, "is", text), marked=(2,))


def example(text, **parts):
    """An example that has some text wherever it has any."""
    return Shown(text, text, text, False, note=text, **parts)


def noise(text, role="input"):
    return Sound(text, (0.0, 1.0), 8000, role)


def pixels(text, role="input"):
    return Picture(text, ((0.0, 1.0),), role)


def answered(text, *tracks, writes=False, listen=False, **parts):
    """The answers of one network to one such example of a task whose rule is that text, too."""
    task = SimpleNamespace(writes=writes, right_within=text, closeness=None)
    run = SimpleNamespace(cell="gru", answers=[example(text, tracks=tracks, **parts)], answered_at=1, task=task)
    return answers.table(SimpleNamespace(task=task, runs=[run]), dark=False, listen=listen)


def symbols_of(text):
    return [Track(text, role, ("a", "b")) for role in ("input", "truth", "answer")]


def sentences_of(text):
    return [Track("word", role, (text, "is", text), marked=(2,)) for role in ("input", "truth", "answer")]


def numbers_of(text):
    return [Track(text, "input", (1.0, 2.0)), *(Track(text, role, (3.0,), start=2) for role in ("truth", "answer"))]


def seen_and_heard(text):
    roles = ("input", "truth", "answer")
    return {"pictures": [pixels(text, role) for role in roles], "sounds": [noise(text, role) for role in roles]}


def in_words(text, *tracks):
    return task_example._in_words(example(text, tracks=tracks), SimpleNamespace(writes=False))


COMPONENTS = {
    "a word and its explanation": lambda text: term(text, text),
    "a table": lambda text: figure_table(text, [text, term(text, text)], [(text, [text, "1"])], caption=True),
    "a box": lambda text: boxes.box(BOLD, text, "paper box"),
    "a note": noted,
    "a sentence": lambda text: symbols.sentence(words(text), wrong=False),
    "a wrong sentence": lambda text: symbols.sentence(words(text), wrong=True),
    "room for a text": lambda text: reserved.reserved(text, text, "other"),
    "room for HTML": lambda text: reserved.reserved(term(text, "why"), term(text, "why")),
    "room of so many letters": lambda text: reserved.bounded(text, 12),
    "a reason": lambda text: render(next_steps_row.TEMPLATE, "reason", text),
}  # fmt: skip

CATALOGUE = {
    "equations": lambda text: render("catalogue/reference.html", "equations", text, [text, text]),
    "who fails": lambda text: gallery.more(SimpleNamespace(data=text, beats=(text, text), fails={"rnn": text})),
}

WRITERS = {
    "a longest copy": lambda text: copied.copy_note(text),
    "a text as it is written": lambda text: render(views.TEMPLATE, "growing", text, text),
    "a finished text": lambda text: render(units.SHADED, "finished", text, [(text, "s1", text)], text),
    "who writes": lambda text: render(views.TEMPLATE, "writes", text),
    "who wrote": lambda text: render(views.TEMPLATE, "whose", text, "1.23", True),
    "who wrote an old text": lambda text: render(views.TEMPLATE, "old", text, text, text, True),
    "a choice": lambda text: render(next_character.TEMPLATE, "chosen", text, text, text),
    "a memory": lambda text: render(influence.TEMPLATE, "memory", text, text, text),
    "a card": lambda text: render("shakespeare/model_cards.html", "card", text, text, text),
}

LEARNERS = {
    "samples": lambda text: render(samples.TEMPLATE, "side_by_side", [(text, text), (text, None)], text, text, text),
    "a sample": lambda text: render(samples.TEMPLATE, "sheet", text, text, text),
    "a report": lambda text: render("learning/controls.html", "report", Report(1, 1, 1, text, text, 0), text, [text]),
    "the line above the curve": lambda text: render("learning/curve.html", "head", text, text),
}

STROKES = (((0.0, 0.0), (1.0, 2.0)),)
RACERS = {
    "bold words": lambda text: bold(f"{text} **{text}** {text}"),
    "a picture": lambda text: drawings.image(pixels(text)),
    "a clip": lambda text: drawings.image(Clip(text, (((0.0, 1.0),), ((1.0, 0.0),)), 0.3)),
    "a painting": lambda text: drawings.image(Painting(text, 2, (("#0072B2", STROKES),))),
    "pen strokes": lambda text: drawings.image(Drawing(text, "answer", STROKES), moving=True),
    "what is seen and heard": lambda text: drawings.example_picture(
        example(text, sounds=[noise(text)], pictures=[pixels(text)])
    ),
    "numbers over time": lambda text: drawings.example_picture(
        example(text, tracks=(Track(text, "input", (1.0, 2.0)),))
    ),
    "a sound": lambda text: drawings.sound(noise(text)),
    "the room of a sound": lambda text: drawings.silence(noise(text)),
}

ANSWERS = {
    "answers in a word": answered,
    "answers in numbers": lambda text: answered(text, *numbers_of(text)),
    "answers step by step": lambda text: answered(text, *symbols_of(text)),
    "no answer step by step": lambda text: answered(text, *symbols_of(text)[:2]),
    "answers in sentences": lambda text: answered(text, *sentences_of(text)),
    "no answer in a sentence": lambda text: answered(text, *sentences_of(text)[:2]),
    "written symbols and their meaning": lambda text: answered(text, *symbols_of(text), writes=True),
    "no written symbols": lambda text: answered(text, *symbols_of(text)[:2], writes=True),
    "answers in pictures": lambda text: answered(text, pictures=seen_and_heard(text)["pictures"]),
    "answers to be heard": lambda text: answered(text, listen=True, **seen_and_heard(text)),
    "answers to be heard later": lambda text: answered(text, **seen_and_heard(text)),
    "an example in a word": in_words,
    "an example step by step": lambda text: in_words(text, *symbols_of(text)),
    "an example in a sentence": lambda text: in_words(text, *sentences_of(text)),
    "an example": lambda text: render(task_example.TEMPLATE, "example", text, text, text, text),
}


PIECES = COMPONENTS | CATALOGUE | WRITERS | LEARNERS | RACERS | ANSWERS


@pytest.mark.parametrize("made", PIECES.values(), ids=PIECES)
def test_foreign_text_stays_text(made):
    foreign_text_stays_text(made)
    assert isinstance(made("a"), Markup), "so that nobody escapes it again"


def test_symbols_stay_symbols():
    track = Track("read", "input", ("<", "&", '"', "'", "<b>"), marked=(1,))
    row = Read(symbols.row(track, range(5), wrong=True))
    assert [tag for tag, _ in row.tags] == ["span", "i", "u", "i", "i", "i"] and row.text == "<&\"'<\nb\n>"


def test_each_character_of_a_text_is_shaded_and_stays_what_it_is():
    text = "<i>\n &amp; '\""
    values = np.linspace(-1, 1, len(text))
    for made, last in ((units.coloured(text, values), ""), (influence.shaded(text + "<", np.abs(values)), "<")):
        read = Read(made)
        assert read.text == text + last and [tag for tag, _ in read.tags] == ["i"] * len(text) + ["mark"] * len(last)


def test_html_is_put_into_html_as_it_is():
    assert BOLD in boxes.box(BOLD, "a") and BOLD in reserved.bounded(BOLD, 3) and BOLD in reserved.reserved(BOLD)
    assert BOLD in reserved.in_room_of(BOLD, Markup("<i>b</i>")) and BOLD in figure_table("a", [BOLD], [])
    assert term("a", "b") in figure_table("a", [], [(term("a", "b"), [])])


def test_the_room_of_html_is_that_of_its_text():
    room = Read(reserved.reserved("a", BOLD, "<b>a & b</b>"))
    assert [attributes["data-longest"] for _, attributes in room.tags[2:]] == ["a & b", "<b>a & b</b>"]


def test_nothing_is_added_between_the_parts_of_a_text():
    row = symbols.row(Track("a", "input", (" ", "b")), range(2), wrong=False)
    assert row.endswith('--lines:1"><i> </i><i>b</i></span>')
    assert symbols.sentence(Track("a", "input", tuple("ab"), marked=(1,)), wrong=False) == "a<mark>b</mark>"
    assert reserved.reserved("a", "b") == ('<span class="held"><span>a</span>'
                                           '<span class="room" data-longest="b"></span></span>')  # fmt: skip


def test_rules_and_scripts_are_not_escaped():
    assert style.style("a > b {content: '&'}") == "<style>a > b {content: '&'}</style>"


def test_the_judge_sees_what_is_not_escaped():
    for careless in (lambda text: f"<p>{text}</p>", lambda text: f'<p title="{text}">a</p>'):
        with pytest.raises(AssertionError):
            foreign_text_stays_text(lambda text, made=careless: Markup(made(text)))  # noqa: S704
    with pytest.raises(AssertionError, match="the text is in it"):
        foreign_text_stays_text(lambda text: "<p>a</p>")
    assert HOSTILE not in Read(f"<p>{HOSTILE}</p>").text


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_templates_add_no_blank_between_elements_or_at_the_ends(file):
    reader = Environment(trim_blocks=True, lstrip_blocks=True, autoescape=True)
    for macro in reader.parse(file.read_text(encoding="utf-8")).find_all(Macro):
        texts = [text.data for text in macro.find_all(TemplateData)]
        assert not [text for text in texts if re.search(r">\s*\n|\n\s*<", text)], macro.name
        assert not texts or not (texts[0].startswith("\n") or texts[-1].endswith("\n")), macro.name
