"""The Learning to write page in a real Chromium: a network that learns, a record that grows, a text of one's own."""

import re

import pytest

pytestmark = pytest.mark.browser
SMALL = "hidden_size=24&cell=gru"


def updates(visitor):
    found = re.search(r"at update ([\d,]+)", visitor.main.inner_text())
    return int(found[1].replace(",", "")) if found else 0


def test_it_learns_live_and_pause_holds_it(visitor):
    visitor.page.goto(f"{visitor.url}/learning?{SMALL}")
    visitor.main.get_by_role("button", name="Start").click()
    visitor.until(lambda: updates(visitor) > 35, "updates")
    visitor.main.get_by_text("after 30 updates").wait_for()
    visitor.main.get_by_role("button", name="Pause").click()
    visitor.main.get_by_role("button", name="Resume").wait_for()
    visitor.main.get_by_text("Paused at update").wait_for()
    visitor.wait(0.3)
    held = updates(visitor)
    visitor.wait(1.0)
    assert updates(visitor) == held
    visitor.main.get_by_role("slider").focus()
    visitor.page.keyboard.press("Home")
    visitor.main.get_by_text("after 0 updates").wait_for()


def test_it_survives_a_change_of_page(visitor):
    visitor.page.goto(f"{visitor.url}/learning?{SMALL}&speed=medium")
    visitor.main.get_by_role("button", name="Start").click()
    visitor.until(lambda: updates(visitor) > 5, "updates")
    visitor.page.get_by_role("link", name="Reference").click()
    visitor.main.get_by_role("heading", name="Reference").first.wait_for()
    before = visitor.page.get_by_role("link", name="Learning to write")
    before.click()
    visitor.main.get_by_role("button", name="Pause").wait_for()
    visitor.until(lambda: updates(visitor) > 20, "it has gone on")


def test_an_uploaded_text_with_tags_shows_as_text(visitor):
    visitor.page.goto(f"{visitor.url}/learning?{SMALL}&text=own&prime=%3Cb%3E")
    words = "<b>bold</b> <img src=x onerror=window.bad=1> words.\n" * 80
    visitor.main.locator("input[type=file]").set_input_files(
        {"name": "a<b>.txt", "mimeType": "text/plain", "buffer": words.encode()}
    )
    visitor.main.get_by_text(f"{len(words):,} characters in").wait_for()
    visitor.main.get_by_role("button", name="Start").click()
    visitor.until(lambda: updates(visitor) > 10, "updates")
    assert visitor.main.locator(".paper").first.inner_text().startswith("<b>")
    assert visitor.page.evaluate("() => window.bad === undefined && !document.querySelector('.paper img')")
    visitor.main.locator("input[type=file]").set_input_files(
        {"name": "x.txt", "mimeType": "text/plain", "buffer": bytes(range(256)) * 40}
    )
    visitor.main.get_by_text("zero bytes").wait_for()
    visitor.main.get_by_text(f"{len(words):,} characters in").wait_for()


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["laptop", "phone"])
def test_four_samples_stand_side_by_side_and_nothing_below_them_moves(visitors, size):
    visitor = visitors(viewport={"width": size[0], "height": size[1]})
    visitor.page.goto(f"{visitor.url}/learning")
    visitor.main.get_by_text("Recorded run").first.wait_for()
    visitor.settled()
    columns = visitor.main.locator(".stages figure")
    boxes = [column.bounding_box() for column in columns.all()]
    assert len(boxes) == 4 and len({box["y"] for box in boxes}) == 1, "side by side"
    assert len({column.locator("b").inner_text() for column in columns.all()}) == 1, "one opening"
    if size[0] < 400:
        assert boxes[0]["x"] >= 0 and boxes[1]["x"] < size[0] < boxes[1]["x"] + boxes[1]["width"], "the next peeps in"
        assert visitor.main.get_by_text("Swipe sideways").is_visible()
        visitor.main.evaluate("main => main.scrollTop = 400")
        visitor.until(lambda: 0 < visitor.button("Start").bounding_box()["y"] < 120, "the transport stays in reach")
        visitor.main.evaluate("main => main.scrollTop = 0")
    else:
        assert max(box["y"] + box["height"] for box in boxes) < size[1], "above the fold"
    visitor.main.get_by_role("button", name="Start").click()
    visitor.until(
        lambda: "still to come" not in columns.nth(1).inner_text() and "Training" in visitor.text(), "30 updates"
    )
    assert "still to come" in columns.nth(3).inner_text()
    now = [column.bounding_box() for column in columns.all()]
    assert [box["height"] for box in now] == [box["height"] for box in boxes]
    visitor.main.get_by_role("button", name="Pause").click()
