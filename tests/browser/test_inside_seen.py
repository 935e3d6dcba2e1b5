"""Inside in a real Chromium: the networks unrolled beside their curve, moving, pointed at, and by keyboard."""

import re
from pathlib import Path

import pytest

from playground.race import recorded
from playground.race.setup import read_setup
from rnncore.analysis.inside import inside
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser


def canvas(visitor: Visitor):
    found = visitor.main.locator(".unrolled canvas")
    found.wait_for()
    visitor.until(lambda: visitor.main.locator(".unrolled-said div").count() > 1, "numbers of a step")
    return found


def said(visitor: Visitor) -> str:
    return visitor.main.locator(".unrolled-said").inner_text()


def hint(visitor: Visitor) -> str:
    return visitor.main.locator(".unrolled-hint").inner_text()


def drawn(visitor: Visitor) -> str:
    """What the canvas shows, as text that differs where the picture does."""
    return visitor.page.evaluate("document.querySelector('.unrolled canvas').toDataURL()")


def painted(visitor: Visitor) -> float:
    """The share of the canvas that is painted."""
    return visitor.page.evaluate(
        """() => {const c = document.querySelector('.unrolled canvas');
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n / (d.length / 4)}"""
    )


def point_at(visitor: Visitor, column: int, columns: int) -> None:
    """Move the pointer over a column of the picture, counted from 0."""
    found = canvas(visitor)
    found.scroll_into_view_if_needed()
    box = found.bounding_box()
    visitor.page.mouse.move(*middle_of(box, column, columns))


def middle_of(box, column: int, columns: int, up: float | None = None) -> tuple[float, float]:
    """The middle of a column, in the first network or so far `up` from the bottom."""
    left, right = (3 * 16, 4.9 * 16) if box["width"] < 34 * 16 else (3.6 * 16, 6.2 * 16)
    width = (box["width"] - left - right) / columns
    return box["x"] + left + (column + 0.5) * width, box["y"] + (60 if up is None else box["height"] - up)


def test_pointing_at_a_step_says_what_the_engine_measured_there(visitor):
    visitor.open("/train?task=adding&beside=inside&cell=lstm,gru")
    race = recorded.race(read_setup({"task": "adding", "cell": "lstm,gru"})[0])
    lstm, _ = race.trainee.each(lambda run: inside(run, 0))
    canvas(visitor)
    assert painted(visitor) > 0.3
    point_at(visitor, 30, 50)
    text = visitor.until(lambda: said(visitor) if "Step 31 of 50" in said(visitor) else "", "step 31")
    assert f"reads {lstm.found.read[30]}" in text and f"LSTM would answer {lstm.answers.names[30]}" in text
    c = re.search(r"\|c\| ([\d.]+)", text)[1]
    assert float(c) == pytest.approx(float((lstm.strips["c"][30] ** 2).sum() ** 0.5), rel=6e-3)
    share = float(re.search(r"LSTM.* left ([\d.]+) %", text)[1])
    assert share == pytest.approx(100 * lstm.left.left[30 - lstm.step], rel=0.06)
    assert f"of step {lstm.step + 1} (" in visitor.main.locator(".unrolled-finding").inner_text()
    assert visitor.main.locator(".unrolled canvas").get_attribute("aria-label").startswith("Networks unrolled over")


def test_columns_are_reached_by_keyboard_and_what_is_read_is_followed(visitor):
    visitor.open("/train?task=temporal_order&beside=inside&cell=gru")
    found = canvas(visitor)
    found.focus()
    found.press("Home")
    visitor.until(lambda: "Step 1 of 50" in said(visitor), "the first step")
    for _ in range(4):
        found.press("ArrowRight")
    visitor.until(lambda: "Step 5 of 50" in said(visitor), "the fifth step")
    visitor.page.evaluate("document.querySelector('.unrolled canvas').mine = true")
    found.press("ArrowDown")
    found.press("Enter")
    visitor.until(lambda: "step 5 (" in visitor.main.locator(".unrolled-finding").inner_text(), "the step is followed")
    assert "inside_step=5" in visitor.page.url
    assert visitor.page.evaluate("document.querySelector('.unrolled canvas').mine"), "the drawing is the same element"
    found.press("Escape")
    assert "Step 5 of 50" in said(visitor), "the numbers of a step that is followed stay in view"
    found.press("End")
    visitor.until(lambda: "Step 50 of 50" in said(visitor), "the last step")


@pytest.mark.parametrize("how", ["click", "keys"])
def test_a_step_is_opened_on_the_cell_page_and_the_race_goes_on_meanwhile(visitor, how):
    visitor.open("/train?task=temporal_order&beside=inside&cell=rnn,gru&speed=medium&steps=5000")
    visitor.press("Start")
    visitor.reached(3)
    found = canvas(visitor)
    before = visitor.update()
    if how == "click":
        point_at(visitor, 4, 50)
        visitor.until(lambda: "Click to open step 5 of the RNN" in hint(visitor), "what a click would do")
        assert "Step 5 of 50" in said(visitor)
        visitor.page.mouse.click(*middle_of(found.bounding_box(), 4, 50))
    else:
        found.focus()
        found.press("Home")
        for _ in range(4):
            found.press("ArrowRight")
        visitor.until(lambda: "Step 5 of 50" in said(visitor), "the fifth step")
        found.press("Enter")
    visitor.page.wait_for_url("**/cell?**")
    assert "source=mine" in visitor.page.url and "step=5" in visitor.page.url and "cell=rnn" in visitor.page.url
    visitor.page.get_by_text("Step 5 of 50").first.wait_for()
    visitor.page.locator("[data-testid=stSidebarNavLink]", has_text="Train").first.click()
    assert visitor.reached(before + 3).update >= before + 3


def test_back_from_the_cell_page_shows_the_same_networks_as_before(visitor):
    visitor.open("/train?task=temporal_order&beside=inside&cell=rnn,gru")
    before = canvas(visitor).get_attribute("aria-label")
    visitor.page.mouse.click(*middle_of(canvas(visitor).bounding_box(), 4, 50))
    visitor.page.wait_for_url("**/cell?**")
    visitor.page.get_by_text("Step 5 of 50").first.wait_for()
    for _ in range(2):
        visitor.page.go_back()
        visitor.page.wait_for_url("**/train?task=temporal_order&**")
        assert canvas(visitor).get_attribute("aria-label") == before
        assert not visitor.alerts() and "cell=rnn%2Cgru" in visitor.page.url


def test_a_finger_points_first_and_opens_with_the_second_tap(visitors):
    visitor = visitors(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    visitor.open("/train?task=temporal_order&beside=inside&cell=gru")
    found = canvas(visitor)
    found.scroll_into_view_if_needed()
    assert hint(visitor).startswith("Tap a step for its numbers; tap it again")
    x, y = middle_of(found.bounding_box(), 9, 50)
    visitor.page.touchscreen.tap(x, y)
    visitor.until(lambda: "Tap again to open step 10 of the GRU" in hint(visitor), "the hint")
    assert "Step 10 of 50" in said(visitor) and "/cell" not in visitor.page.url
    visitor.page.touchscreen.tap(x, y)
    visitor.page.wait_for_url("**/cell?**")
    assert "step=10" in visitor.page.url


def test_a_click_on_what_is_read_follows_it(visitor):
    visitor.open("/train?task=temporal_order&beside=inside&cell=gru")
    found = canvas(visitor)
    found.scroll_into_view_if_needed()
    visitor.page.mouse.click(*middle_of(found.bounding_box(), 7, 50, up=8))
    visitor.until(lambda: "step 8 (" in visitor.main.locator(".unrolled-finding").inner_text(), "the step is followed")
    assert "inside_step=8" in visitor.page.url


@pytest.mark.parametrize("cells", ["gru", "rnn,lstm", "rnn,lstm,gru", "rnn,lstm,gru,lstm_peephole"])
def test_on_a_laptop_what_is_read_lies_above_the_fold_however_many_networks_there_are(visitors, cells):
    visitor = visitors(viewport={"width": 1280, "height": 800})
    visitor.open(f"/train?task=adding&beside=inside&cell={cells}&steps=3")
    visitor.press("Start")
    visitor.says("Finished")
    box = canvas(visitor).bounding_box()
    assert box["y"] + box["height"] <= 800


def test_it_moves_while_networks_learn_and_stays_when_the_scale_is_changed(visitor):
    visitor.open("/train?task=adding&beside=inside&cell=rnn,gru&seed=7&speed=medium&seq_len=20")
    canvas(visitor)
    visitor.page.evaluate("document.querySelector('.unrolled canvas').mine = true")
    visitor.press("Start")
    visitor.reached(5)
    before, height = drawn(visitor), canvas(visitor).bounding_box()["height"]
    visitor.until(lambda: drawn(visitor) != before, "another picture")
    visitor.main.get_by_text("linear", exact=True).click()
    visitor.reached(visitor.update() + 20)
    after = drawn(visitor)
    visitor.until(lambda: drawn(visitor) != after, "another picture, after the click")
    assert canvas(visitor).bounding_box()["height"] == height and painted(visitor) > 0.1
    assert re.match(r"At update [\d,]+", visitor.main.locator(".unrolled-finding").inner_text())
    visitor.press("Pause")
    visitor.says("Paused")
    assert visitor.main.locator(".unrolled canvas").count() == 1


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark"), (1024, "dark"), (1920, "light")])
def test_nothing_is_wider_than_the_window_or_below_the_room_that_is_held(visitors, width, scheme):
    visitor = visitors(viewport={"width": width, "height": 900}, color_scheme=scheme)
    visitor.open("/train?task=sentiment&beside=inside&cell=rnn,lstm,gru,lstm_peephole")
    canvas(visitor)
    assert visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    room = visitor.main.locator(".unrolled-room").bounding_box()
    inside_it = visitor.main.locator(".unrolled").bounding_box()
    assert inside_it["y"] + inside_it["height"] <= room["y"] + room["height"] + 1
    finding = visitor.page.evaluate(
        "(() => {const p = document.querySelector('.unrolled-finding'); return p.scrollHeight - p.clientHeight})()"
    )
    assert finding <= 1, "the finding is read without scrolling"


def test_all_values_are_saved_as_a_table(visitor):
    visitor.open("/train?task=temporal_order&beside=inside&cell=gru")
    canvas(visitor)
    visitor.main.get_by_role("button", name="Make table").click()
    visitor.main.get_by_role("button", name="Save as CSV").wait_for()
    visitor.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    with visitor.page.expect_download(timeout=30_000) as started:
        visitor.main.get_by_role("button", name="Save as CSV").click()
    lines = Path(started.value.path()).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("network,update,step,does,reads,answer,left,state,unit 1,") and len(lines) == 51
