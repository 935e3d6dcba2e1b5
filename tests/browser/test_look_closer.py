"""The drawer "Look closer" in a real Chromium: step by step, other lengths, and a sound that can be played."""

import pytest

pytestmark = pytest.mark.browser


def opened(visitor, query, updates=3):
    visitor.page.goto(f"{visitor.url}/train?{query}")
    visitor.main.get_by_role("button", name="Start").click()
    visitor.until(lambda: visitor.update() > updates, "updates")
    visitor.main.get_by_role("button", name="Pause").click()
    visitor.main.get_by_text("Look closer").click()
    visitor.main.get_by_text("Measured at update").wait_for()


def test_a_question_is_followed_step_by_step(visitor):
    opened(visitor, "task=parity&cell=gru")
    field = visitor.main.get_by_role("textbox", name="Ask it yourself")
    field.fill("1100")
    field.press("Enter")
    grid = visitor.main.locator("table.grid")
    visitor.until(lambda: grid.locator("tr").first.inner_text().split()[-4:] == ["1", "1", "0", "0"], "the four bits")


def test_other_lengths_are_shown_for_every_network(visitor):
    opened(visitor, "task=clue&cell=gru,rnn")
    visitor.main.get_by_text("Other lengths", exact=True).click()
    table = visitor.main.locator("table.answers", has_text="(trained)")
    table.wait_for()
    assert table.locator("tr").count() == 5 and table.locator("tr").nth(1).locator("td").count() == 2


def test_a_sound_can_be_played(visitor):
    visitor.page.goto(f"{visitor.url}/train?task=sounds")
    audio = visitor.main.locator("audio.sound")
    audio.wait_for()
    visitor.until(lambda: audio.evaluate("a => a.duration") > 0.2, "a sound that the browser understands")
