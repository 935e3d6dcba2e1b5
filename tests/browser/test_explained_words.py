"""Explained words, by keyboard, finger and pointer, while the figures around them are replaced every second."""

import pytest

pytestmark = pytest.mark.browser

LIVE = "/?cell=lstm&hidden_size=8&batch_size=8&speed=medium&steps=5000"
HELD_OUT = "Loss on examples that training never sees"


def explanation(visitor):
    bubble = visitor.page.locator("#explanation")
    return bubble.inner_text() if bubble.is_visible() else ""


def training(visitor):
    visitor.open(LIVE)
    visitor.press("Start")
    visitor.reached(2)
    return visitor.page.locator(".figures .term").filter(has_text="held-out loss")


def replaced(visitor, word):
    """Wait until the word's element has given way to a new one."""
    visitor.until(lambda: not word.evaluate("word => word.isConnected"), "the figures refreshed")


def test_the_keyboard_reaches_an_explanation_that_outlives_a_refresh_and_ends_with_escape(visitor):
    word = training(visitor)
    word.focus()
    first = word.element_handle()
    visitor.until(lambda: HELD_OUT in explanation(visitor), "the explanation")
    replaced(visitor, first)
    visitor.until(lambda: HELD_OUT in explanation(visitor), "the explanation, after a refresh")
    visitor.page.keyboard.press("Tab")
    visitor.until(lambda: "own measure" in explanation(visitor), "the next word's explanation")
    visitor.page.keyboard.press("Escape")
    assert not explanation(visitor)
    assert "right within" in visitor.page.evaluate("document.activeElement.innerText")


def test_a_finger_reads_it_on_a_phone_within_the_screen(visitors):
    visitor = visitors(viewport={"width": 390, "height": 844}, has_touch=True)
    word = training(visitor)
    word.tap()
    visitor.until(lambda: HELD_OUT in explanation(visitor), "the explanation")
    box = visitor.page.locator("#explanation").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["y"] >= 0 and box["y"] + box["height"] <= 844
    replaced(visitor, word.element_handle())
    visitor.until(lambda: HELD_OUT in explanation(visitor), "the explanation, after a refresh")
    visitor.page.touchscreen.tap(4, 400)
    assert not explanation(visitor)


def test_the_pointer_reads_it_and_may_rest_on_it(visitor):
    word = training(visitor)
    word.hover()
    visitor.until(lambda: HELD_OUT in explanation(visitor), "the explanation")
    replaced(visitor, word.element_handle())
    visitor.page.locator("#explanation").hover()
    visitor.wait(0.5)
    assert HELD_OUT in explanation(visitor)
    visitor.page.mouse.move(2, 2)
    visitor.until(lambda: not explanation(visitor), "its end")
