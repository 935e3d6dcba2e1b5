"""The Gradients page in a real Chromium: what moves when a control is moved, and a sweep that can be stopped."""

import re

import pytest

pytestmark = pytest.mark.browser


def sentence(visitor, cell):
    return visitor.main.locator("p", has_text=re.compile(f"{cell}: .* steps back the gradient")).first.inner_text()


def test_dragging_the_forget_bias_moves_the_curve_and_the_sentence(visitor):
    visitor.open("/gradients?cell=lstm&seq_len=50&hidden_size=16")
    before, curves = sentence(visitor, "LSTM"), visitor.until(visitor.curves, "the curves")
    thumb = visitor.main.get_by_role("slider", name="Forget bias").first
    thumb.focus()
    thumb.press("End")
    visitor.until(lambda: sentence(visitor, "LSTM") != before, "another sentence")
    visitor.until(lambda: visitor.curves() != curves, "another curve")
    visitor.until(lambda: "forget_bias=10" in visitor.page.url, "the address")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_name_of_the_float32_line_stands_outside_of_the_curves(visitors, width):
    visitor = visitors(viewport={"width": width, "height": 844})
    visitor.open("/gradients?look=distance&cell=rnn_sigmoid,rnn&seq_len=200&hidden_size=32")
    name = visitor.page.locator("[data-testid=stVegaLiteChart] text", has_text=re.compile("^float32$"))
    box, chart = name.bounding_box(), visitor.page.locator("[data-testid=stVegaLiteChart]").first.bounding_box()
    curves = visitor.page.locator("[data-testid=stVegaLiteChart] .mark-line path").all()
    assert curves and all(box["x"] + box["width"] < curve.bounding_box()["x"] for curve in curves)
    assert box["x"] >= chart["x"] and "in float32" in visitor.text()


def test_a_sweep_shows_its_progress_and_can_be_stopped(visitor):
    visitor.open("/gradients?look=length&cell=lstm_peephole,gru_cho,lstm_peephole_full&hidden_size=64")
    visitor.main.get_by_role("button", name=re.compile("^Measure .* steps$")).click()
    progress = visitor.main.get_by_text(re.compile(r"[1-9]\d* of \d+ measurements"))
    progress.wait_for()
    visitor.until(visitor.curves, "a first line")
    visitor.main.get_by_role("button", name="Stop").click()
    visitor.main.get_by_role("button", name=re.compile("^Measure .* steps$")).wait_for()
    held = visitor.curves()
    visitor.wait(1.5)
    assert visitor.curves() == held and not progress.count()


def test_a_run_that_trains_is_measured_while_it_goes_on(visitor):
    visitor.open("/?cell=lstm&hidden_size=8&batch_size=8&speed=medium&steps=5000")
    visitor.press("Start")
    visitor.reached(5)
    visitor.page.get_by_role("link", name="Gradients").click()
    visitor.main.get_by_text("my run", exact=True).click()
    note = visitor.main.get_by_text(re.compile(r"Your run at update [\d,]+"))
    note.wait_for()

    def update():
        return int(re.search(r"at update ([\d,]+)", note.inner_text())[1].replace(",", ""))

    first = update()
    visitor.until(lambda: update() > first + 20, "a later update")
    assert not visitor.alerts()
