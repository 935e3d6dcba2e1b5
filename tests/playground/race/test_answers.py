"""The table of answers shows a visitor's own text as text, whatever is in it."""

from html.parser import HTMLParser

import pytest

from playground.race import recorded
from playground.race.answers import table
from playground.race.setup import read_setup
from playground.train.replies import replies_html
from rnncore.analysis.replies import reply
from rnncore.config import RunConfig
from rnncore.tasks import TASKS
from rnncore.training.race import Race

NASTY = {
    "script": "<script>alert(1)</script>",
    "image": "<img src=x onerror='alert(1)'>\"",
    "end": "</td></table></div><h1>&amp;&lt;",
    "markdown": "**b** [x](javascript:alert(1)) $x^2$ :red[a] `c` # h\n---\n",
    "emoji": "🦕👩\u200d👩\u200d👧é\u202e\u0301\t\r\n",
}
KNOWN = {"div", "ol", "p", "ul", "li", "span", "b", "i", "u", "mark", "figure", "img", "figcaption"}


class Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text, self.open = set(), set(), [], []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open
    return reader


@pytest.mark.parametrize("name", NASTY)
def test_nothing_in_a_text_becomes_markup(name):
    text = (NASTY[name] * 200)[:2000]
    race = Race.of([RunConfig(task="text", cell=cell, hidden_size=4, seq_len=30, batch_size=4, steps=5,
                              options={"text": text}) for cell in ("rnn", "gru")])  # fmt: skip
    for _ in range(2):
        race.advance_one(even_if_paused=True)
        reader = read(table(race.view(answers=True), dark=False))
        assert reader.tags <= KNOWN and not any(attribute.startswith("on") for attribute in reader.attributes)
        read_last = race.runs[0].shown().__next__().tracks[0].values[-10:]
        assert "".join(read_last) in "".join(reader.text)


@pytest.mark.parametrize("task", TASKS)
def test_every_task_fills_the_table(task):
    race = Race.of([RunConfig(task=task, cell=cell, hidden_size=4, batch_size=4) for cell in ("rnn", "lstm")])
    race.advance_one(even_if_paused=True)
    for dark in (False, True):
        html = table(race.view(answers=True), dark)
        reader = read(html)
        said = "".join(reader.text)
        assert "at update 1" in said and reader.tags <= KNOWN
        examples = html.count("<ul>")
        assert 2 <= examples <= 6 and said.count("✓") + said.count("✗") == 2 * examples
        assert all(f">{short}</b>" in html for short in ("RNN", "LSTM"))
        assert html.count('<li class="truth">') == examples


def test_right_and_wrong_are_told_without_colour():
    race = Race.of([RunConfig(seq_len=4, hidden_size=16, batch_size=64, lr=0.02)])
    for _ in range(300):
        race.advance_one(even_if_paused=True)
    html = table(race.view(answers=True), dark=False)
    rights = sum(bool(line.right) for line in race.runs[0].shown())
    assert html.count('aria-label="right"') == rights > 0 and html.count('aria-label="wrong"') == 6 - rights


def test_tunes_can_be_heard_only_when_nothing_would_cut_them_off():
    race = Race.of([RunConfig(task="melody", cell=cell, hidden_size=4, batch_size=4) for cell in ("rnn", "lstm")])
    race.advance_one(even_if_paused=True)
    assert "<audio" not in table(race.view(answers=True), dark=False)
    html = table(race.view(answers=True), dark=False, listen=True)
    assert html.count("<audio") == 3 and len(html) < 400_000  # the truth and two networks, of one example


def test_written_backwards_is_read_forwards():
    race = Race.of([RunConfig(task="addition", hidden_size=4, batch_size=4)])
    race.advance_one(even_if_paused=True)
    shown = next(race.runs[0].shown())
    digits = "".join(f"<i>{digit}</i>" for digit in shown.truth[::-1])
    html = table(race.view(answers=True), dark=False)
    assert f"{digits}<i>■</i>" in html and f'<span class="meaning">= {shown.truth}</span>' in html


def test_tunes_stand_one_under_the_other_since_a_player_needs_its_width():
    race = recorded.race(read_setup({"task": "melody"})[0])
    inputs = race.view().task.parse_text("D minor 3/4")
    replies = race.trainee.each(lambda run: reply(run, inputs))
    for moving in (False, True):
        made = replies_html(race.view().cells, replies, 1, dark=False, moving=moving)
        assert 'class="replies heard"' in made and made.count("<tr>") == 3, "the layout stays when it is at rest"
        assert made.count("<audio") == (0 if moving else 3)
