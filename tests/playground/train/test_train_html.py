"""HTML of the Train page: foreign text in it stays text, and every function that makes HTML says so by its type."""

from types import SimpleNamespace

import pytest
from markupsafe import Markup

from playground.components.templates import render
from playground.race import recorded
from playground.race.setup import read_setup
from playground.train import figures, own_table, own_text, question, replies, view
from rnncore.analysis.replies import Reply
from rnncore.tasks import Shown
from rnncore.tasks.shown import NO_NUMBERS, Picture, Sound
from rnncore.text.own import Report
from tests.support.html import Read, foreign_text_stays_text

CELLS = ("rnn", "gru")
SOUND, PICTURE = Sound("tune", (0.0, 0.1), 8000, "answer"), Picture("ink", ((0.0, 1.0),), "answer")


def replied(first, second=None, *, dark=False, answer="answer"):
    """Replies of two networks, of which the second may give no finite numbers."""
    return replies.replies_html(CELLS, [first, second or Reply()], 1, dark=dark, moving=False, answer=answer)


def made(text, **more):
    return Reply((text,), shown=Shown("a", "a", text, None, **more))


REPLIES = {
    "a number": lambda text: replied(Reply((text,)), answer=text),
    "the likeliest": lambda text: replied(Reply((text,), likely=((text, 0.75), ("z", 0.25)))),
    "steps side by side": lambda text: replied(Reply((text, "a"), (text, "b")), Reply(("c", text), (text, "b"))),
    "words that were made": lambda text: replied(made(text)),
    "pictures that were made": lambda text: replied(made(text, pictures=(PICTURE,))),
    "tunes that were made": lambda text: replied(made(text, sounds=(SOUND,))),
    "texts": lambda text: replies.texts_html(CELLS, text, [text, ""], 1, dark=True),
}

OTHERS = {
    "why a question was refused": lambda text: render(question.TEMPLATE, "refused", text, alert=True),
    "why it could not be answered": lambda text: render(question.TEMPLATE, "refused", text, alert=False),
    "a report on a table": lambda text: own_table._report(
        SimpleNamespace(column=text, values=(1.0, 2.0), span=text, notes=[text]), [text]
    ),
    "a report on a text": lambda text: render(own_text.TEMPLATE, "report", Report(1, 1, 1, text, text, 0), "one line",
                                              False, [text, text]),
    "a sign": lambda text: figures._sign(text, text, text),
    "the health of training": lambda text: render(figures.TEMPLATE, "health", [(text, [text, text]), (text, [])]),
    "the finding": lambda text: view.words_html(text, race(), text),
    "the line above the chart": lambda text: render(view.TEMPLATE, "where", Markup(), text),
    "what stands beside the chart": lambda text: render(view.TEMPLATE, "side", text),
}  # fmt: skip


def race(task="adding"):
    return recorded.race(read_setup({"task": task})[0]).view()


@pytest.mark.parametrize("made", (REPLIES | OTHERS).values(), ids=REPLIES | OTHERS)
def test_foreign_text_stays_text(made):
    foreign_text_stays_text(made)
    assert isinstance(made("a"), Markup), "so that nobody escapes it again"


def test_symbols_in_a_row_and_in_columns_stay_symbols():
    row = Read(replied(Reply(("<", "&"), ("'", '"'))))
    assert row.text.endswith(f"""read'"RNN<&GRU{NO_NUMBERS}""") and [tag for tag, _ in row.tags].count("code") == 3
    columns = Read(replied(Reply(("<b>", "&"), ("'", "<i>"))))
    assert columns.text.endswith(f"read'<i>RNN<b>&GRU–––: {NO_NUMBERS}") and not {("b", ()), ("i", ())} & {
        (tag, tuple(attributes)) for tag, attributes in columns.tags
    }


def test_a_dash_is_explained_whatever_the_question_says():
    asked = Reply((f"a {NO_NUMBERS}", "b"), (f"c {NO_NUMBERS}", "d"))
    assert Read(replied(asked)).text.endswith(f"–: {NO_NUMBERS}")
    assert f"–: {NO_NUMBERS}" not in Read(replied(asked, asked)).text


@pytest.mark.parametrize("dark", [False, True])
def test_a_network_is_named_by_its_short_name_in_its_colour_and_in_full_on_hover(dark):
    for made, scope in ((Reply(("0.5",)), "col"), (Reply(("a",), ("b",)), "row")):
        tags = Read(replied(made, dark=dark)).tags
        heads = [attributes for tag, attributes in tags if tag == "th" and "style" in attributes]
        names = [attributes for tag, attributes in tags if tag == "b"]
        inks = [replies.colour(cell, dark) for cell in CELLS]
        assert [head["scope"] for head in heads] == [scope] * 2 and len(inks) == len(set(inks))
        assert [head["style"] for head in heads] == [f"--ink:{ink}" for ink in inks]
        assert [name["style"] for name in names] == [f"color:{ink}" for ink in inks]
        assert [name["title"] for name in names] == ["Vanilla RNN", "GRU"]


def test_bars_are_as_long_as_an_answer_is_probable_and_the_answer_is_marked():
    html = replied(Reply(("b",), likely=(("b", 0.61234), ("a", 0.3))), Reply(("a",), likely=(("a", 1.0),)))
    bars = [(tag, attributes) for tag, attributes in Read(html).tags if tag in ("td", "span")][1:]
    ink = [replies.colour(cell, False) for cell in CELLS]
    assert bars == [
        ("td", {}), ("span", {"class": "bar", "style": f"--share:0.300;--ink:{ink[0]}"}),
        ("td", {"class": "chosen"}), ("span", {"class": "bar", "style": f"--share:1.000;--ink:{ink[1]}"}),
        ("td", {"class": "chosen"}), ("span", {"class": "bar", "style": f"--share:0.612;--ink:{ink[0]}"}), ("td", {}),
    ]  # fmt: skip


def test_html_stands_in_html_as_it_is():
    html = view.words_html("**a** < b", race(), "c")
    assert "<b>a</b> &lt; b" in html and "&lt;b&gt;" not in html and "&lt;span" not in html and "&amp;" not in html
    made_by_one = replied(made("a", pictures=(PICTURE,), sounds=(SOUND,)))
    assert {tag for tag, _ in Read(made_by_one).tags} >= {"img", "audio", "th"} and "&lt;" not in made_by_one


def test_all_figures_and_the_health_of_every_network_are_told():
    runs = race().runs
    for html in (figures.figures(runs), figures.health(runs)):
        assert isinstance(html, Markup) and "&lt;" not in html
    assert figures.health(runs).count("<li>") == len(runs)
