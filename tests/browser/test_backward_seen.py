"""Backpropagation in slow motion in a real Chromium: by keyboard, number by number, at every width."""

import pytest

from rnncore.analysis.backward_network import LECTURE_FIXED, backward_of_network
from rnncore.analysis.worked import worked_example, worked_network

pytestmark = pytest.mark.browser
PHASES = ["Forward", "Loss", "Backward", "Clip", "Update", "Loss again"]
OVERLAPS = """() => {
  const seen = [...document.querySelectorAll('.bptt-graph text')].filter(text => text.textContent.trim() &&
    getComputedStyle(text).visibility === 'visible').map(text => [text.textContent, text.getBoundingClientRect()]);
  const pairs = [];
  seen.forEach(([a, p], i) => seen.slice(i + 1).forEach(([b, q]) => {
    if (Math.min(p.right, q.right) - Math.max(p.left, q.left) > 1.5 &&
        Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 3) pairs.push([a, b]);
  }));
  return pairs;
}"""
CUT = """() => { const field = document.querySelector('.bptt-graph').getBoundingClientRect();
  return [...document.querySelectorAll('.bptt-graph text')].filter(text => { const box = text.getBoundingClientRect();
    return box.left < field.left - 1 || box.right > field.right + 1 || box.bottom > field.bottom + 1; })
    .map(text => text.textContent); }"""


def opened(visitor, query):
    visitor.page.goto(f"{visitor.url}/cell?look=backward&{query}")
    visitor.page.locator(".bptt-graph rect").first.wait_for(state="attached")
    visitor.page.wait_for_selector("[data-test-script-state=notRunning]")
    return visitor.page.locator(".bptt")


def phase(sweep):
    return sweep.locator("[aria-current]").inner_text()


def here(sweep):
    """The numbers of the step that is looked at, by their words."""
    words, values = (sweep.locator(f".bptt-here {part}").all_inner_texts() for part in ("dt", "dd"))
    return dict(reversed([*zip(words, values, strict=True)]))  # h stands above c, which gets something from there, too


def seen_texts(sweep):
    return sweep.locator(".bptt-graph").evaluate(
        "graph => [...graph.querySelectorAll('text')].filter(text => getComputedStyle(text).visibility === 'visible')"
        ".map(text => text.textContent)"
    )


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_the_worked_example_goes_by_keyboard_and_shows_the_engines_numbers(visitor, cell):
    found = backward_of_network(worked_network(worked_example(cell)), LECTURE_FIXED)
    sweep = opened(visitor, f"cell={cell}")
    sweep.focus()
    where = visitor.page.url
    sweep.press("Home")
    assert phase(sweep) == "Forward" and here(sweep)["← from step 2"] == "…"
    assert f"{found.losses[1]:.4f}" not in seen_texts(sweep)
    for _ in range(3):
        sweep.press("ArrowRight")
    assert phase(sweep) == "Backward"
    for t in (1, 0):
        shown, values = sweep.locator(".bptt-here dd").all_inner_texts(), found.shown.states[0]
        assert [f"{part[t, 0]:.4f}" for part in (values.here, values.later, values.total)] == shown[3:6]
        for state in found.shown.states:
            assert {f"{state.here[t, 0]:.4f}", f"{state.total[t, 0]:.4f}"} <= {*seen_texts(sweep)}
        sums = sweep.locator(".bptt-sums .sum > :last-child").all_inner_texts()
        for weight, text in zip(found.shown.weights, sums, strict=True):
            assert text == ", ".join(f"{value:.4f}" for value in weight.each[t:].sum(axis=0).ravel())
        sweep.press("ArrowRight")
    assert f"{found.shown.states[0].later[0, 0]:.4f}" in seen_texts(sweep)
    assert phase(sweep) == "Clip"
    sweep.press("End")
    end = sweep.locator(".bptt-end").inner_text()
    assert phase(sweep) == "Loss again" and f"{found.loss:.4g}" in end and f"{found.updates[0].loss:.4g}" in end
    sweep.press("ArrowLeft")
    assert phase(sweep) == "Update" and visitor.page.url == where


def test_space_plays_and_pauses_only_where_the_sweep_has_the_focus(visitor):
    sweep = opened(visitor, "source=own&cell=rnn&units=1")
    visitor.page.locator("h1").click()
    visitor.page.keyboard.press("Space")
    assert phase(sweep) == "Loss again" and sweep.get_by_role("button", name="Play").is_visible()
    sweep.focus()
    sweep.locator("select").select_option("4")
    sweep.focus()
    sweep.press("Space")
    visitor.until(lambda: phase(sweep) == "Backward", "the way back")
    sweep.press("Space")
    slider, place = sweep.locator("input[type=range]"), sweep.locator("input[type=range]").input_value()
    visitor.wait(0.8)
    assert slider.input_value() == place and sweep.get_by_role("button", name="Play").is_visible()
    sweep.get_by_role("button", name="Play").click()
    visitor.until(lambda: phase(sweep) == "Loss again", "the end")
    visitor.until(lambda: sweep.get_by_role("button", name="Play").is_visible(), "that it stops there")


def test_another_network_ends_the_playing_of_the_one_before(visitor):
    sweep = opened(visitor, "cell=rnn")
    sweep.get_by_role("button", name="Play").click()
    visitor.main.get_by_text("LSTM", exact=True).first.click()
    visitor.until(lambda: "∂L/∂c" in sweep.inner_text(), "the other network")
    assert phase(sweep) == "Loss again" and sweep.get_by_role("button", name="Play").is_visible()


def test_who_wants_no_motion_gets_steps_only(visitors):
    visitor = visitors(reduced_motion="reduce")
    sweep = opened(visitor, "cell=gru_cho")
    assert not sweep.locator(".bptt-play").is_visible() and not sweep.locator("select").is_visible()
    sweep.focus()
    sweep.press("Home")
    sweep.press("Space")
    visitor.wait(1.5)
    assert sweep.locator("input[type=range]").input_value() == "0"
    sweep.get_by_role("button", name="One step on").click()
    assert sweep.locator("input[type=range]").input_value() == "1"


def test_a_step_is_pointed_at_and_truncation_is_seen(visitor):
    sweep = opened(visitor, "source=own&cell=lstm&units=2&truncate=2")
    assert sweep.locator(".bptt-graph .cut").count() == 2
    assert sweep.locator(".bptt-graph .next-arrow").count() == 2 * 3
    box = sweep.locator(".bptt-graph").bounding_box()
    visitor.page.mouse.move(box["x"] + box["width"] * 3.5 / 6, box["y"] + box["height"] / 2)
    assert sweep.locator(".bptt-here h3").inner_text().startswith("Step 4 of 6 reads")
    assert here(sweep)["← cut off from step 5"] in ("0.0000", "(0.0000, 0.0000)")


@pytest.mark.parametrize("width", [1920, 1280, 390])
@pytest.mark.parametrize("query", [
    "cell=lstm", "source=own&cell=gru&units=4", "source=own&cell=lstm_peephole&units=1",
    "source=mine&task=adding&cell=rnn", "source=mine&task=text&cell=lstm", "source=mine&task=french&cell=gru",
])  # fmt: skip
def test_nothing_lies_on_anything_or_is_cut_off(visitors, width, query):
    visitor = visitors(viewport={"width": width, "height": 900})
    sweep = opened(visitor, query)
    assert not visitor.page.evaluate(OVERLAPS) and not visitor.page.evaluate(CUT)
    assert visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert sweep.locator(".bptt-graph").get_attribute("aria-label").endswith(".")
    sizes = sweep.evaluate("sweep => [...sweep.querySelectorAll('text, dt, dd, p, span, button')]"
                           ".map(node => parseFloat(getComputedStyle(node).fontSize))")  # fmt: skip
    assert min(sizes) >= (16 if width == 1920 else 12)
