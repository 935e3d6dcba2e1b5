"""The Memory page in a real Chromium: every look appears, and a click on a state lists its neighbours."""

import re

import pytest

pytestmark = pytest.mark.browser
CHARTS = "[data-testid=stVegaLiteChart] .mark-line path"
EYE = "chart => chart._fullLayout.scene._scene.getCamera().eye.x"
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


def still(visitor):
    visitor.until(lambda: visitor.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").count())
    visitor.wait(0.5)


def test_a_click_on_a_state_in_three_dimensions_does_the_same_and_turning_does_not(visitor):
    visitor.page.goto(visitor.url + "/memory?task=adding&look=space&dimensions=3&network=1")
    chart = visitor.page.locator(".st-key-memory-space-right .js-plotly-plot")
    chart.locator("canvas").first.wait_for()
    still(visitor)
    visitor.page.set_viewport_size({"width": 1280, "height": 1000})
    still(visitor)
    mouse, box, start = visitor.page.mouse, chart.bounding_box(), visitor.page.url
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 60, y + 15, steps=6)
    mouse.up()
    visitor.until(lambda: abs(chart.evaluate(EYE) - 1.5) > 0.05, "the space turned")
    still(visitor)
    eye = chart.evaluate(EYE)
    assert visitor.page.url == start

    chart.evaluate("""chart => {
      chart.on("plotly_hover", event => { chart.spot = event.points[0].customdata; });
      chart.on("plotly_unhover", () => { chart.spot = null; });
    }""")
    for across in range(-100, 101, 8):
        mouse.move(x + across, y + 10)
        visitor.wait(0.1)
        wanted = chart.evaluate("chart => chart.spot")
        if wanted:
            mouse.click(x + across, y + 10)
            break
    visitor.until(lambda: visitor.page.url != start, "the state in the address")
    found = re.search(r"&example=(\d+)&step=(\d+)", visitor.page.url)
    assert [int(found[1]), int(found[2])] == [each + 1 for each in wanted]
    visitor.main.get_by_text(f"that of example {found[1]} after step {found[2]}").wait_for()
    still(visitor)
    visitor.until(lambda: abs(chart.evaluate(EYE) - eye) < 1e-6, "the place it was seen from")
    rows = visitor.main.get_by_role("table").last.inner_text()
    visitor.page.goto(f"{visitor.url}/memory?task=adding&look=space&network=1&example={found[1]}&step={found[2]}")
    visitor.main.get_by_text(f"that of example {found[1]} after step {found[2]}").wait_for()
    visitor.until(lambda: visitor.main.get_by_role("table").last.inner_text() == rows, "the same list")


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
