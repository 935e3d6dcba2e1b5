"""The Cell page in a browser: what is read there, what a click and a key do, and that nothing lies on anything else."""

import itertools

import pytest

from rnncore.analysis.worked import EXAMPLES
from rnncore.cells import CELLS

pytestmark = pytest.mark.browser
BOXES = """() => [...document.querySelectorAll('.flow .node')].map(each => {
    const { x, y, width, height } = each.querySelector('rect').getBoundingClientRect();
    return { key: each.dataset.key, x, y, width, height }; })"""
LETTERS = """() => [...document.querySelectorAll('.flow .node text')].map(each => {
    const box = each.closest('.node').querySelector('rect').getBoundingClientRect(), own = each.getBoundingClientRect();
    return own.left >= box.left && own.right <= box.right && own.top >= box.top && own.bottom <= box.bottom; })"""


def come(visitor, **query):
    visitor.page.goto(f"{visitor.url}/cell?" + "&".join(f"{name}={value}" for name, value in query.items()))
    visitor.page.locator(".flow svg .node").first.wait_for()
    visitor.page.locator(".cell-rows .row").first.wait_for()
    return visitor


def row(visitor, label):
    found = visitor.page.locator(".cell-rows .row").filter(has=visitor.page.locator("b", has_text=label))
    return (
        next(each for each in found.all() if each.locator("b").inner_text() == label).locator(".cell").all_inner_texts()
    )


def sum_(visitor):
    return visitor.page.locator(".cell-sum .sum").inner_text()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.cell)
def test_a_worked_example_is_read_to_every_printed_digit(visitor, example):
    for step in (1, 2):
        come(visitor, cell=example.cell, step=step)
        for name, printed in example.printed.items():
            label = f"{name}'" if name in CELLS[example.cell].state_names else name
            assert row(visitor, label) == [f"{printed[step - 1]:.4f}"]


def test_steps_values_and_numbers_by_keyboard(visitor):
    page = come(visitor, cell="rnn").page
    visitor.until(lambda: sum_(visitor) == "0.7 × 0.1 + 0.3 × 0.4 + 0.4 × 0 + 0.4 = 0.59; tanh = 0.5299")
    page.get_by_role("slider", name="Step").focus()
    page.keyboard.press("ArrowRight")
    visitor.until(lambda: sum_(visitor).endswith("0.4 × 0.5299 + 0.4 = 1.372; tanh = 0.8791"))
    assert "step=2" in page.url
    page.locator(".cell-rows .grid").focus()
    page.keyboard.press("ArrowUp")
    visitor.until(lambda: sum_(visitor).endswith("+ 0.4 = 1.3720"))
    assert page.evaluate("document.activeElement.className") == "grid", "the keyboard stays where it was"
    page.locator(".flow .node[data-gives]").last.focus()
    page.keyboard.press("Enter")
    visitor.until(lambda: sum_(visitor).endswith("tanh = 0.8791"))


def test_a_click_on_a_number_shows_what_it_was_made_of(visitor):
    page = come(visitor, source="own", cell="lstm", units=3, step=2).page
    page.locator(".cell-rows .cell[data-name=f][data-unit='2']").click()
    visitor.until(lambda: "; sigmoid = " in sum_(visitor))
    assert sum_(visitor).endswith(row(visitor, "f")[1])
    assert page.locator(".cell-rows .cell.read").count() == 2 + 3
    assert page.locator(".cell-numbers input.used").count() >= 2 + 3 + 2


def test_pointing_at_an_equation_lights_its_part_and_the_other_way_round(visitor):
    page = come(visitor, cell="lstm").page
    page.locator(".flow .equation").nth(1).hover()
    assert page.locator(".flow .node.lit .name").all_text_contents() == ["f = sigmoid"]
    page.locator(".flow .node[data-gives=c] .name", has_text="×").first.hover()
    assert page.locator(".flow .equation.lit").inner_text() == "c' = f * c + i * g"
    assert page.locator(".flow .equation mark").inner_text() in ("f * c", "i * g")


def test_a_number_that_is_typed_over_changes_everything_after_it(visitor):
    page = come(visitor, cell="rnn", step=2).page
    box = page.get_by_label("Weights of a: a x2")
    box.fill("0.5")
    box.press("Enter")
    visitor.until(lambda: row(visitor, "h'") != ["0.8791"])
    # tanh(0.7 * 0.7 + 0.5 * 0.9 + 0.4 * tanh(0.7 * 0.1 + 0.5 * 0.4 + 0.4) + 0.4)
    assert row(visitor, "h'") == ["0.9177"]
    box = page.get_by_label("Weights of a: a x2, changed")
    box.fill("much")
    box.press("Enter")
    assert box.input_value() == "0.5"
    visitor.press("Take all changes back")
    visitor.until(lambda: row(visitor, "h'") == ["0.8791"])


@pytest.mark.parametrize("width", [390, 1024, 1280, 1920])
def test_no_part_of_any_cells_picture_lies_on_another(visitors, width):
    visitor = visitors(viewport={"width": width, "height": 900})
    for cell in CELLS:
        if not CELLS[cell].recurrent:
            continue
        come(visitor, source="own", cell=cell, units=4)
        boxes = visitor.page.evaluate(BOXES)
        for one, other in itertools.combinations(boxes, 2):
            apart_x = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
            apart_y = one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
            assert apart_x or apart_y, (cell, one, other)
        assert all(visitor.page.evaluate(LETTERS)), cell
        assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_loop_is_unrolled(visitor):
    page = visitor.page
    page.goto(f"{visitor.url}/cell?look=fold&source=own")
    page.locator(".fold .copy").first.wait_for()
    assert page.locator(".fold .copy").count() == 1
    page.get_by_role("slider").first.focus()
    page.keyboard.press("End")
    visitor.until(lambda: page.locator(".fold .copy").count() == 6)


def test_without_a_server_the_controls_say_what_the_numbers_belong_to(visitors, servers, wires):
    wire = wires(servers().port)
    visitor = come(visitors(port=wire.port), source="own", cell="rnn", step=2)
    slider, box = visitor.page.get_by_role("slider", name="Step"), visitor.page.get_by_label("Inputs x: step 1 x1")
    before = box.input_value()
    wire.cut()
    visitor.page.wait_for_selector("[data-testid=stApp]:not([data-test-connection-state=CONNECTED])")
    visitor.page.keyboard.press("Escape")
    slider.evaluate("slider => { slider.value = 4; slider.dispatchEvent(new Event('input')); }")
    box.evaluate("box => { box.value = '0.77'; box.dispatchEvent(new Event('change')); }")
    visitor.until(lambda: slider.input_value() == "2" and box.input_value() == before, "what the picture shows")
    assert visitor.page.locator(".cell-rows .where").inner_text().startswith("Step 2 of 6")
    visitor.page.goto("about:blank")
    assert not [error for error in visitor.errors if error.startswith("page error")]
    visitor.errors.clear()  # the browser says that it could not connect


def test_a_long_number_is_not_cut_off(visitor):
    page = come(visitor, source="own", cell="rnn", edited="x.1.1=-12.3456").page
    box = page.get_by_label("Inputs x: step 1 x1, changed")
    assert box.input_value() == "-12.3456"
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
