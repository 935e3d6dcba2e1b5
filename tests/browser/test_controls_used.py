"""Every kind of control, used as a person does, on the first click of a visit: what is set stands in the address."""

import re

import pytest

pytestmark = [pytest.mark.browser]

NUMBERS = [("train", "seed"), ("gradients", "seed"), ("shakespeare", "seed"), ("learning", "seed")]
SLIDERS = [("train", "lr"), ("gradients", "forget_bias"), ("shakespeare", "top_p"), ("learning", "hidden_size")]


def opened(visitors, page, query=""):
    """Open a page with its drawers, without having used any other control."""
    visitor = visitors()
    visitor.page.goto(f"{visitor.url}/{page}{query}")
    visitor.settled()
    closed = visitor.sidebar.locator("details:not([open]) > summary")
    for _ in range(closed.count()):
        closed.first.click()
        visitor.wait(0.3)  # what is in a drawer comes when it is opened
    visitor.page.wait_for_selector("[data-test-script-state=notRunning]")
    return visitor


def set_to(visitor, name):
    """Return what the address says of a setting."""
    found = re.search(rf"[?&]{name}=([^&]*)", visitor.page.url)
    return found and found[1]


def place(visitor, page, name):
    return visitor.page.locator(f".st-key-{page}-{name}").first


@pytest.mark.parametrize(("page", "name"), NUMBERS)
def test_a_number_that_is_typed_counts(visitors, page, name):
    visitor = opened(visitors, page, "?seed=3")
    box = place(visitor, page, name).locator("input[type=number]")
    for value in ("7", "9"):
        box.fill(value)
        box.press("Enter")
        visitor.until(lambda value=value: set_to(visitor, name) == value, f"{name} {value}")
        visitor.page.wait_for_selector("[data-test-script-state=notRunning]")
        assert box.input_value() == value


@pytest.mark.parametrize(("page", "name"), SLIDERS)
def test_a_slider_that_is_moved_by_keys_counts(visitors, page, name):
    visitor = opened(visitors, page)
    before = set_to(visitor, name)
    thumb = place(visitor, page, name).get_by_role("slider").first
    thumb.focus()
    thumb.press("ArrowLeft")
    visitor.until(lambda: set_to(visitor, name) not in (before, None), f"{name} moved")


@pytest.mark.parametrize(("page", "name"), [("train", "bias"), ("gradients", "bias")])
def test_a_toggle_counts(visitors, page, name):
    visitor = opened(visitors, page)
    place(visitor, page, name).locator("label").first.click()
    visitor.until(lambda: set_to(visitor, name) == "false", f"{name} off")


@pytest.mark.parametrize(("page", "name"), [("train", "init"), ("gradients", "init"), ("learning", "cell")])
def test_an_option_that_is_chosen_counts(visitors, page, name):
    visitor = opened(visitors, page)
    before = set_to(visitor, name)
    box = place(visitor, page, name)
    box.scroll_into_view_if_needed()
    visitor.wait(1)  # scrolling closes the list
    box.locator("input").first.click()
    visitor.page.get_by_role("option").nth(2).click()
    visitor.until(lambda: set_to(visitor, name) not in (before, None), f"{name} chosen")


@pytest.mark.parametrize(
    ("page", "name"), [("train", "num_layers"), ("gradients", "num_layers"), ("learning", "num_layers")]
)
def test_a_count_that_is_chosen_counts(visitors, page, name):
    visitor = opened(visitors, page)
    place(visitor, page, name).locator("button", has_text="2").first.click()
    visitor.until(lambda: set_to(visitor, name) == "2", f"{name} 2")
