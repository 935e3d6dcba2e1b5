"""A visitor's own question in a real Chromium: typed or drawn, answered by all networks while they learn."""

import pytest
from conftest import running

pytestmark = pytest.mark.browser


def training(visitor, query):
    visitor.page.goto(f"{visitor.url}/train?{query}")
    visitor.main.get_by_role("button", name="Start").click()
    visitor.until(lambda: visitor.update() > 3, "updates")


def ask(visitor, text, name="Ask it yourself"):
    field = visitor.main.get_by_role("textbox", name=name)
    field.fill(text)
    field.press("Enter")


def test_a_sentence_is_answered_by_all_networks_anew_while_they_learn(visitor):
    training(visitor, "task=intent&cell=rnn,gru&steps=100000&speed=medium")
    replies = visitor.main.locator("table.replies:visible")
    visitor.until(lambda: replies.locator(".bar").count() == 8, "the first question's answers, four by each network")
    ask(visitor, "set the alarm for nine")
    note = visitor.main.locator(".st-key-ask-box .note:visible")
    seen = visitor.until(lambda: note.count() and (note.inner_text(), replies.inner_text()), "answers")
    visitor.until(lambda: note.inner_text() != seen[0] and replies.inner_text() != seen[1], "later answers")
    good = visitor.main.get_by_role("textbox", name="Ask it yourself")
    ask(visitor, "<b>zzz</b>")
    visitor.main.locator(".refused", has_text="has never seen").wait_for()
    assert replies.locator(".bar").count() == 8 and good.input_value() == "<b>zzz</b>"
    assert visitor.main.locator(".refused b").count() == 0
    visitor.main.get_by_role("button", name="Pause").click()
    visitor.until(lambda: f"At update {visitor.update():,} " in note.inner_text(), "the answers at rest")


def test_a_digit_can_be_drawn_with_the_pointer_and_with_keys(visitor):
    training(visitor, "task=digits&cell=gru")
    replies = visitor.main.locator("table.replies:visible")
    replies.wait_for()
    pad = visitor.main.locator("canvas.pad")
    visitor.main.get_by_role("button", name="Clear").click()
    visitor.main.locator(".refused", has_text="Nothing is drawn").wait_for()
    replies.wait_for(state="detached")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    visitor.page.mouse.move(box["x"] + 84, box["y"] + 16)
    visitor.page.mouse.down()
    visitor.page.mouse.move(box["x"] + 84, box["y"] + 150, steps=8)
    visitor.page.mouse.up()
    replies.wait_for()
    visitor.main.get_by_role("button", name="Pause").click()
    visitor.main.get_by_role("button", name="Resume").wait_for()
    before = replies.inner_text()
    pad.focus()
    for key in ("ArrowLeft", "ArrowLeft", "Enter", "ArrowUp", "Enter", "ArrowUp", "Enter"):
        visitor.page.keyboard.press(key)
    visitor.until(lambda: replies.inner_text() != before, "another answer")


def test_what_clears_the_drawing_stays_in_its_place_while_the_pad_comes_and_is_cleared(visitor):
    """A button that moves between pressing and letting go is not clicked."""
    visitor.page.goto(f"{visitor.url}/train?task=digits&cell=gru")
    start = visitor.main.get_by_role("button", name="Start")
    start.wait_for()
    visitor.page.evaluate(
        """() => {
            const seen = window.seen = new Set(), look = () => {
                const clear = document.querySelector(".st-key-ask-pad [class*=pad-clear] button");
                if (clear) seen.add(Math.round(clear.getBoundingClientRect().top + scrollY));
                requestAnimationFrame(look);
            };
            look();
        }"""
    )
    start.click()
    visitor.main.locator("canvas.pad").wait_for()
    visitor.main.get_by_role("button", name="Clear").click()
    visitor.main.locator(".refused", has_text="Nothing is drawn").wait_for()
    visitor.main.locator("canvas.pad").wait_for()
    assert len(visitor.page.evaluate("() => [...seen]")) == 1


def test_networks_write_what_they_have_learned_while_they_learn(visitor):
    training(visitor, "task=text&cell=rnn,lstm&steps=100000")
    papers = visitor.main.locator(".written .paper")
    visitor.until(lambda: papers.count() == 2, "two texts")
    ask(visitor, "The lamp ", "What they write")
    visitor.until(lambda: papers.locator("b").all_inner_texts() == ["The lamp "] * 2, "the opening in both")
    first = papers.all_inner_texts()
    assert all(len(text) > 150 for text in first)
    visitor.until(lambda: all(a != b for a, b in zip(first, papers.all_inner_texts(), strict=True)), "later texts")
    ask(visitor, "The § lamp", "What they write")
    visitor.main.locator(".refused", has_text="does not have '§'").wait_for()
    assert papers.locator("b").all_inner_texts() == ["The lamp "] * 2
    visitor.main.get_by_text("0.5", exact=True).click()
    visitor.until(lambda: visitor.main.locator(".written").count() == 2, "the texts are still there")


SLOW = """
import runpy, time
from playground.train import question

measured = question.reply


def reply(run, inputs):
    time.sleep(2 * question.PATIENCE_SECONDS)
    return measured(run, inputs)


question.reply = reply
runpy.run_module("playground", run_name="__main__")
"""


def test_replies_that_take_longer_than_a_run_of_the_page_come_at_rest_too(visitors, slow):
    visitor = visitors(slow.port)
    training(visitor, "task=parity&cell=rnn&hidden_size=8&speed=slow&steps=100000")
    visitor.main.get_by_role("button", name="Pause").click()
    visitor.says("Paused")
    note = visitor.main.locator(".st-key-ask-box .note:visible")
    visitor.until(lambda: note.count() and f"At update {visitor.update():,} " in note.inner_text(), "replies at rest")
    replies = visitor.main.locator("table.replies:visible")
    before = replies.inner_text()
    ask(visitor, "110")
    visitor.until(lambda: replies.count() and replies.inner_text() != before, "replies to the other question")


@pytest.fixture
def slow(tmp_path):
    """The app with replies that take twice as long as a run of the page waits for them."""
    with running(tmp_path / "app.log", "-c", SLOW) as server:
        yield server
