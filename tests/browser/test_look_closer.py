"""The drawer "Look closer" in a real Chromium: step by step, other lengths, and a sound that can be played."""

import re

import pytest

from playground.components.palette import shades

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
    steps = visitor.main.locator("[data-testid=stPlotlyChart] .xtick text")
    visitor.until(lambda: steps.all_text_contents() == ["1", "1", "0", "0"], "the four bits")


def mix_ups(visitor):
    """Return the heat map of what is taken for what; while it comes, what stood there before may still be in place."""
    return visitor.main.get_by_role("figure", name=re.compile("Most often mixed up: "))


def plotly(visitor):
    """Return the requests for Plotly's script, as they come."""
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.url) if "lotly" in request.url else None)
    return asked


def test_what_draws_heat_maps_comes_with_the_first_one_and_a_cell_says_its_value(visitor):
    asked = plotly(visitor)
    for page in ("tasks", "gradients", "train?task=digits&cell=gru"):
        visitor.page.goto(f"{visitor.url}/{page}")
        visitor.main.locator("h1").first.wait_for()
        visitor.page.wait_for_selector("[data-test-script-state=notRunning]")
        visitor.wait(1)
    assert not asked
    visitor.main.get_by_text("Look closer").click()
    visitor.main.get_by_text("Mix-ups", exact=True).click()
    chart = mix_ups(visitor)
    chart.locator(".heatmaplayer image").wait_for()
    chart.scroll_into_view_if_needed()
    visitor.wait(0.5)
    cell = chart.locator(".nsewdrag").bounding_box()
    assert len(asked) == 1 and "Right, on the diagonal: " in chart.get_attribute("aria-label")
    for shift in (0, 2):
        visitor.page.mouse.move(cell["x"] + cell["width"] / 20 + shift, cell["y"] + cell["height"] / 20)
    said = visitor.until(lambda: chart.locator(".hoverlayer").text_content(), "what the first cell is")
    assert re.fullmatch(r"0, 0: [01]\.\d{3}", said)


GROUND = """chart => {
  const image = chart.querySelector('.heatmaplayer image'), canvas = document.createElement('canvas');
  const drawn = new Image();
  return new Promise(done => {
    drawn.onload = () => {
      [canvas.width, canvas.height] = [drawn.width, drawn.height];
      canvas.getContext('2d').drawImage(drawn, 0, 0);
      const at = share => [...canvas.getContext('2d').getImageData(share * drawn.width, drawn.height / 20, 1, 1).data];
      done([at(1 / 20), at(3 / 20)]);
    };
    drawn.src = image.href.baseVal;
  });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_cells_have_the_colours_of_the_palette_in_both_themes(visitors, scheme):
    visitor = visitors(color_scheme=scheme)
    visitor.page.goto(f"{visitor.url}/train?task=digits&cell=gru")
    visitor.main.get_by_text("Look closer").click()
    visitor.main.get_by_text("Mix-ups", exact=True).click()
    chart = mix_ups(visitor)
    chart.locator(".heatmaplayer image").wait_for()
    paper, full = (bytes.fromhex(each[1:]) for each in shades(scheme == "dark"))
    first, second = chart.evaluate(GROUND)
    share = 97 / 100  # of the noughts, taken for a nought
    assert first[:3] == pytest.approx([share * a + (1 - share) * b for a, b in zip(full, paper, strict=True)], abs=2)
    assert second[:3] == pytest.approx([*paper], abs=1) and first[3] == second[3] == 255


def swipe(visitor, x, y, *, right=0, down=0):
    finger = visitor.page.context.new_cdp_session(visitor.page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in range(1, 11):
        point = {"x": x + right * part / 10, "y": y + down * part / 10}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        visitor.page.wait_for_timeout(16)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    visitor.wait(0.4)


def test_on_a_phone_a_finger_on_a_heat_map_moves_the_page_and_the_columns(visitors):
    visitor = visitors(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    visitor.page.goto(f"{visitor.url}/train?task=clue&cell=gru")
    visitor.main.get_by_text("Look closer").click()
    box = visitor.main.locator("[class*=st-key-heat-map]")
    box.locator(".heatmaplayer image").wait_for()
    box.scroll_into_view_if_needed()
    visitor.wait(0.5)
    places = "box => [document.querySelector('[data-testid=stMain]').scrollTop, box.scrollLeft]"
    before = box.evaluate(places)
    swipe(visitor, 200, box.bounding_box()["y"] + 250, down=-150)
    moved = box.evaluate(places)
    assert moved[0] > before[0] + 50 and moved[1] == 0
    swipe(visitor, 250, box.bounding_box()["y"] + 250, right=-150)
    assert box.evaluate(places)[1] > 50
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == 390


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
