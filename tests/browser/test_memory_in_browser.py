"""The Memory page in a real Chromium: every look appears, and a click on a state lists its neighbours."""

import re

import pytest

pytestmark = pytest.mark.browser
CHARTS = "[data-testid=stVegaLiteChart] .mark-line path"
POINTS = ".js-plotly-plot .points path.point"


@pytest.mark.parametrize("look", ["probe", "cut", "eigen"])
def test_a_look_appears(visitor, look):
    visitor.open(f"/memory?task=temporal_order&look={look}")
    visitor.page.locator(CHARTS).first.wait_for()
    assert "LSTM" in visitor.text() and not visitor.page.locator("[data-testid=stException]").count()


def test_a_click_on_a_state_lists_the_examples_whose_memory_is_most_alike(visitor):
    visitor.page.goto(visitor.url + "/memory?task=adding&look=space")
    dots = visitor.page.locator(".js-plotly-plot").nth(1).locator(POINTS.split(" ", 1)[1])
    dots.nth(300).wait_for(state="attached")
    box = dots.nth(300).bounding_box()
    visitor.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    visitor.until(lambda: re.search(r"[?&]example=([2-9]|\d\d)", visitor.page.url), "the example in the address")
    number = re.search(r"[?&]example=(\d+)", visitor.page.url)[1]
    visitor.main.get_by_text(f"that of example {number} after step").wait_for()
    assert visitor.main.get_by_text("Whose memory is most alike?").count() == 1


def test_a_cut_changes_the_answer_before_ones_eyes(visitor):
    visitor.open("/memory?task=clue&look=cut&step=1")
    answers = visitor.main.get_by_role("table").first
    before = answers.inner_text()
    thumb = visitor.main.get_by_role("slider", name="Cut after step").first
    thumb.focus()
    for _ in range(9):
        thumb.press("ArrowRight")
    visitor.until(lambda: answers.inner_text() != before, "another answer")
    visitor.until(lambda: "step=10" in visitor.page.url, "the address")
