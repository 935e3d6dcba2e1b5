"""Pasting far too much, or as much as a box takes, leaves the page alive."""

import pytest

pytestmark = pytest.mark.browser
PASTE = """([box, text]) => {
  const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
  set.call(box, text);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
}"""


def paste(visitor, label, text):
    box = visitor.main.get_by_role("textbox", name=label)
    box.wait_for()
    box.focus()
    visitor.page.evaluate(PASTE, [box.element_handle(), text])
    box.blur()


@pytest.mark.parametrize("text", ["\u6f22" * 400_000, "\U0001f600" * 249_000, "\u6f22" * 900_000, "word " * 99_000])
def test_the_page_goes_on_after_a_long_paste(visitor, text):
    visitor.page.goto(f"{visitor.url}/learning?text=own&hidden_size=24&cell=gru")
    paste(visitor, "Or paste one", text)
    visitor.wait(1.5)
    assert visitor.page.locator("[data-test-connection-state=CONNECTED]").count()
    paste(visitor, "Or paste one", "To be or not to be, that is the question.\n" * 90)
    visitor.main.get_by_text("3,780 characters in").wait_for()


def test_a_table_that_is_too_long_for_the_box_leaves_the_page_alive(visitor):
    visitor.page.goto(f"{visitor.url}/train?task=own_series")
    paste(visitor, "Or paste it here", "date;value\n" + "2020-01-01;3,5\n" * 60_000)
    visitor.wait(1.0)
    paste(visitor, "Or paste it here", "day;rain\n" + "\n".join(f"{i};{i % 7},{i % 3}" for i in range(90)))
    visitor.main.get_by_text("90 rows and 2 columns were read").wait_for()
