"""While networks learn, everything on the page stays where it is; on a phone the buttons stay in reach."""

import pytest

pytestmark = pytest.mark.browser
SET_UP = "hidden_size=8&batch_size=8&steps=5000&speed=medium"
TOPS = """places => places.map(place => {
  const found = document.querySelector(place), scrolled = document.querySelector('[data-testid=stMain]').scrollTop;
  return found ? Math.round(found.getBoundingClientRect().top + scrolled) : null;
})"""
PLACES = (".where", "[data-testid=stVegaLiteChart]", ".finding", "table.figures", ".health", ".st-key-answers")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("task", ["adding", "text", "own_series"])
def test_nothing_moves_from_start_on(visitors, task, width):
    visitor = visitors(viewport={"width": width, "height": 900})
    visitor.open(f"/?task={task}&{SET_UP}")
    visitor.main.locator(".st-key-answers table, .st-key-answers ol").first.wait_for()
    visitor.wait(1)
    before = visitor.page.evaluate(TOPS, PLACES)
    visitor.press("Start")
    for update in (2, 30, 60):
        visitor.reached(update)
        now = visitor.page.evaluate(TOPS, PLACES)
        assert all(abs(a - b) <= 4 for a, b in zip(before, now, strict=True)), (update, before, now)
    bar = visitor.main.locator(".where progress")
    assert 60 <= int(bar.get_attribute("value")) < int(bar.get_attribute("max")) == 5000


def test_on_a_phone_pause_stays_in_reach(visitors):
    visitor = visitors(viewport={"width": 390, "height": 844})
    visitor.open(f"/?{SET_UP}")
    visitor.press("Start")
    visitor.reached(5)
    visitor.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 1200)")
    visitor.wait(0.5)
    place = visitor.button("Pause").bounding_box()
    assert 0 < place["y"] < 200
    visitor.press("Pause")
    visitor.says("Paused")
