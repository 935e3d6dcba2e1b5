"""The Shakespeare page in a real Chromium: text that streams, a Stop that stops, a hover that says something."""

import re

import pytest

pytestmark = pytest.mark.browser


def test_text_streams_and_stop_stops(visitor):
    visitor.page.goto(f"{visitor.url}/shakespeare?speed=slow&length=2000")
    visitor.main.get_by_role("button", name="Write").click()
    paper = visitor.main.locator(".paper").first
    lengths = []
    for _ in range(3):
        visitor.until(lambda: len(paper.inner_text()) > max(lengths, default=8), "more text")
        lengths.append(len(paper.inner_text()))
    assert lengths[-1] < 500, "not all at once"
    visitor.main.get_by_role("button", name="Stop").click()
    visitor.main.get_by_role("button", name="Write").wait_for()
    shaded = visitor.main.locator(".clickable i")
    shaded.first.wait_for()
    held = shaded.count()
    visitor.wait(1.0)
    assert shaded.count() == held
    assert re.match(r"[\d.]+ bits of surprise; drawn with probability [01]\.\d+", shaded.first.get_attribute("title"))
    visitor.main.locator("[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas").first.wait_for()


def test_a_link_writes_the_same_text_in_another_browser(visitors):
    texts = []
    for visitor in (visitors(), visitors()):
        visitor.page.goto(f"{visitor.url}/shakespeare?speed=full&length=60&seed=11&prime=JULIET%3A%0A")
        visitor.main.get_by_role("button", name="Write").click()
        visitor.main.locator(".clickable i").first.wait_for()
        texts.append(visitor.main.locator(".clickable").inner_text())
    assert texts[0] == texts[1] and texts[0].startswith("JULIET:\n") and len(texts[0]) >= 60


def test_an_opening_with_tags_shows_as_text(visitor):
    visitor.page.goto(f"{visitor.url}/shakespeare?prime=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3EROMEO%3A")
    visitor.main.get_by_text("this model has never seen").wait_for()
    assert not visitor.page.locator("img[src=x]").count()


def test_a_click_and_the_arrow_keys_choose_a_character(visitor):
    visitor.page.goto(f"{visitor.url}/shakespeare?speed=full&length=80")
    visitor.main.get_by_role("button", name="Write").click()
    characters = visitor.main.locator(".clickable i")
    characters.nth(40).wait_for()
    characters.nth(40).click()
    chosen = visitor.main.locator(".clickable .chosen")
    visitor.until(lambda: chosen.get_attribute("data-at") == "41", "the clicked character")
    visitor.main.locator(".clickable").focus()
    visitor.page.keyboard.press("ArrowLeft")
    visitor.until(lambda: chosen.get_attribute("data-at") == "40", "the one before")
    assert "at=40" in visitor.page.url
    memory = visitor.main.locator(".paper.small mark")
    assert chosen.inner_text() in [mark.inner_text() for mark in memory.all()]


def test_the_bars_behind_a_character_sum_to_one(visitor):
    visitor.page.goto(f"{visitor.url}/shakespeare?speed=full&length=30&temperature=1")
    visitor.main.get_by_role("button", name="Write").click()
    visitor.main.locator(".clickable i").nth(10).click()
    bars = visitor.main.locator("[data-testid=stVegaLiteChart] [aria-roledescription=bar]")
    bars.first.wait_for()

    def probabilities():
        said = [bar.get_attribute("aria-label") for bar in bars.all()]
        return [float(re.search(r"probability: ([\d.e-]+)", each)[1]) for each in said]

    visitor.until(lambda: len(probabilities()) == 21, "all bars")
    visitor.until(lambda: sum(probabilities()) == pytest.approx(1, abs=1e-3), "probabilities that sum to 1")
