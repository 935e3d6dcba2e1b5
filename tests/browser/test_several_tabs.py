"""All tabs of one browser are one visitor's, and another browser's are somebody else's."""

import pytest

from tests.browser.conftest import Visitor, running

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SMALL_MACHINE = """
import os, runpy
os.cpu_count = lambda: 1
runpy.run_module("playground", run_name="__main__")
"""
LONG_RACE = "/?cell=rnn&hidden_size=8&steps=100000"


@pytest.fixture
def small_machine(tmp_path):
    with running(tmp_path / "app.log", "-c", SMALL_MACHINE) as server:
        yield server


def test_the_tabs_of_one_browser_share_one_part(visitors, small_machine):
    first = visitors(port=small_machine.port).open(LONG_RACE)
    second = Visitor(first.page.context.new_page(), first.url).open(LONG_RACE)
    for tab in (first, second):
        tab.press("Start")
        tab.reached(1)
    first.until(lambda: "your 2 races share the one core" in first.text(), "both races are this visitor's")
    third = visitors(port=small_machine.port).open(LONG_RACE)
    third.press("Start")
    first.until(lambda: "2 people are training here, each gets a half" in first.text(), "two visitors")
