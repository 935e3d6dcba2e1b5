"""After a race has ended: the way to the next steps, what they push, and a click on one, in a real Chromium."""

import pytest

pytestmark = pytest.mark.browser

ROW = ".st-key-train-next"
PLACES = """() => ['.where', '[data-testid=stVegaLiteChart]', '.st-key-axes', '.finding', '.st-key-transport',
  '.st-key-ask-box', '.example', '.side'].map(what => document.querySelector(what).getBoundingClientRect().top
  + document.querySelector('[data-testid=stMain]').scrollTop).map(Math.round)"""


def steps(visitor):
    row = visitor.main.locator(ROW)
    return [
        row.locator(f".st-key-train-next-{i} button") for i in range(row.locator("[class*=st-key-train-next-]").count())
    ]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_step_is_found_from_above_and_one_click_starts_it(visitors, width):
    visitor = visitors(viewport={"width": width, "height": 844})
    visitor.open("/?task=parity&cell=gru,rnn&hidden_size=8&seq_len=8&batch_size=8&steps=200&speed=full")
    assert not visitor.main.locator(ROW).count() and not visitor.main.locator(".where a").count()
    visitor.press("Start")
    visitor.reached(1)
    before = visitor.page.evaluate(PLACES)
    visitor.says("Finished", 200)
    visitor.main.locator(ROW).wait_for()
    visitor.settled()
    above = 6 if width > 640 else 5  # on a phone, what stands beside the curve elsewhere stands below the row
    assert visitor.page.evaluate(PLACES)[:above] == before[:above], "nothing above the row has moved"
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width

    address = visitor.page.url.partition("#")[0]
    visitor.main.locator(".where a").click()
    visitor.until(lambda: 0 < visitor.main.locator(ROW).bounding_box()["y"] < 844 - 60, "the row in sight")
    assert visitor.page.url.partition("#")[0] == address
    reasons = visitor.main.locator(f"{ROW} .next-reason").all_inner_texts()
    buttons = steps(visitor)
    assert len(reasons) == len(buttons) in (2, 3) and all(said.endswith("?") for said in reasons)
    for button in buttons:
        box, label = button.bounding_box(), button.locator("p").first
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert label.evaluate("e => e.scrollWidth <= e.clientWidth + 1"), "its label is not cut off"

    chosen = next(button for button in buttons if "more updates" not in button.inner_text())
    chosen.click()
    visitor.until(lambda: visitor.page.url.partition("#")[0] != address, "another address")
    visitor.says("Finished", 200)
    visitor.until(lambda: (found := steps(visitor)) and found[0].inner_text(), "its own next steps")


def test_more_updates_go_on_where_the_race_stands(visitor):
    visitor.open("/?task=adding&cell=lstm&hidden_size=4&seq_len=8&batch_size=4&steps=3&speed=full")
    visitor.press("Start")
    visitor.says("Finished", 3)
    visitor.press("500 more updates")
    visitor.says("Finished", 503)
    visitor.main.locator(ROW).wait_for()
    assert visitor.main.get_by_role("button", name="500 more updates").count() == 1
