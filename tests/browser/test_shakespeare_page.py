"""The Shakespeare page in a real Chromium: text that streams, a Stop that stops, a hover that says something."""

import re

import pytest

pytestmark = pytest.mark.browser


def written_anew(visitor):
    """Wait until the text that greets a visitor has given way to one that was asked for."""
    visitor.until(lambda: "wrote this" in visitor.text() and "Recorded" not in visitor.text(), "a text")
    visitor.page.wait_for_selector("[data-test-script-state=notRunning]")


def test_text_streams_and_stop_stops(visitor):
    visitor.page.goto(f"{visitor.url}/shakespeare?speed=slow&length=2000")
    visitor.main.get_by_role("button", name="Write").click()
    paper = visitor.main.locator(".paper.stream")
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
        written_anew(visitor)
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
    written_anew(visitor)
    characters.nth(40).click()
    chosen = visitor.main.locator(".clickable .chosen")
    visitor.until(lambda: chosen.get_attribute("data-at") == "41", "the clicked character")
    visitor.main.locator(".clickable").focus()
    visitor.page.keyboard.press("ArrowLeft")
    visitor.until(lambda: chosen.get_attribute("data-at") == "40", "the one before")
    assert "at=40" in visitor.page.url
    memory = visitor.main.locator(".paper.small mark")
    visitor.until(lambda: chosen.inner_text() in [mark.inner_text() for mark in memory.all()], "its memory")


def test_the_bars_behind_a_character_sum_to_one(visitor):
    visitor.page.goto(f"{visitor.url}/shakespeare?speed=full&length=30&temperature=1")
    visitor.main.get_by_role("button", name="Write").click()
    written_anew(visitor)
    visitor.main.locator(".clickable i").nth(10).click()
    visitor.main.locator("[data-testid=stVegaLiteChart] svg").wait_for()

    def probabilities():
        """How high each bar is drawn, as a share of the axis from 0 to 1."""
        return visitor.page.evaluate("""() => {
          const chart = document.querySelector("[data-testid=stMain] [data-testid=stVegaLiteChart] svg");
          const height = each => each.getBBox().height;
          const axis = Math.max(...[...chart.querySelectorAll(".background")].map(height));
          const [bars] = chart.querySelectorAll(".mark-rect.role-mark");
          return [...bars.querySelectorAll("path")].map(bar => height(bar) / axis);
        }""")

    visitor.until(lambda: len(probabilities()) in (11, 12), "all bars")
    visitor.until(lambda: sum(probabilities()) == pytest.approx(1, abs=1e-3), "probabilities that sum to 1")


PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.mark.parametrize("options", [{}, PHONE], ids=["laptop", "phone"])
def test_a_character_its_bars_its_probability_and_the_temperature_are_on_one_screen(visitors, options):
    visitor = visitors(**options)
    visitor.page.goto(f"{visitor.url}/shakespeare")
    visitor.main.locator("[data-testid=stVegaLiteChart] svg").wait_for()
    line = visitor.main.locator(".chosen-line")
    first = line.inner_text()
    visitor.main.locator(".clickable i").nth(790).click()
    visitor.until(lambda: line.inner_text() != first and "at=791" in visitor.page.url, "the chosen character")
    drawn = re.search(r"probability ([\d.]+) at temperature 0.8", line.inner_text())[1]
    seen = [line, visitor.main.locator(".clickable .chosen"), visitor.main.locator("[data-testid=stVegaLiteChart]"),
            visitor.main.get_by_role("slider", name="Temperature")]  # fmt: skip
    height = visitor.page.viewport_size["height"]
    visitor.main.get_by_role("slider", name="Temperature").scroll_into_view_if_needed()
    boxes = [each.bounding_box() for each in seen]
    top, bottom = min(box["y"] for box in boxes), max(box["y"] + box["height"] for box in boxes)
    transport = visitor.main.locator(".st-key-writing-transport").bounding_box()["height"] if options else 0
    assert bottom - top < height - 60 - transport, boxes
    visitor.main.get_by_role("slider", name="Temperature").focus()
    for _ in range(5):
        visitor.page.keyboard.press("ArrowRight")
    visitor.until(lambda: "; at temperature 1.3 it has" in line.inner_text(), "its probability at the new temperature")
    assert f"probability {drawn} at temperature 0.8" in line.inner_text(), "measured anew, not drawn anew"
    if options:
        visitor.main.evaluate("main => main.scrollTop = 500")
        visitor.until(lambda: 0 < visitor.button("Write").bounding_box()["y"] < 120, "the transport stays in reach")
