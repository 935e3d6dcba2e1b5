"""The Tasks page in a real Chromium."""

import pytest

pytestmark = pytest.mark.browser


def test_train_this_opens_the_train_page_with_that_task(visitor):
    visitor.page.goto(f"{visitor.url}/tasks")
    card = visitor.main.locator(".st-key-tasks-clue")
    card.get_by_text("Clue from long ago").wait_for()
    card.get_by_role("button", name="Train this").click()
    visitor.main.get_by_role("button", name="Start").wait_for()
    visitor.until(lambda: "task=clue" in visitor.page.url, "the task in the address")
    visitor.main.get_by_role("button", name="Start").click()
    visitor.until(lambda: visitor.update() > 2, "updates")
