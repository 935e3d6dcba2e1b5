"""Tables of figures: whatever stands in them is text, explained words excepted, which are HTML already."""

import re

import pytest
from jinja2 import UndefinedError

from playground.components.figure_table import figure_table
from playground.components.templates import render
from playground.components.terms import term

HOSTILE = '<img src=x onerror="alert(1)">&'


def test_whatever_stands_in_a_table_is_text():
    html = figure_table(HOSTILE, [HOSTILE, term(HOSTILE, HOSTILE)], [(HOSTILE, [HOSTILE, "1"])], caption=True)
    assert "<img" not in html and html.count("&lt;img") == 7
    assert set(re.findall(r"<(\w+)", html)) == {"div", "table", "caption", "tr", "td", "th", "span"}


def test_a_caption_is_seen_only_where_it_is_asked_for_and_always_heard():
    plain, named = (figure_table("Figures", ["a"], [("x", ["1"])], caption=seen) for seen in (False, True))
    assert "<caption>Figures</caption>" in named and "caption" not in plain
    assert 'aria-label="Figures"' in plain and 'tabindex="0"' in plain


def test_a_value_that_a_template_needs_and_does_not_get_is_an_error():
    with pytest.raises(UndefinedError):
        render("components/figure_table.html", "table", "x", rows=(), caption=False, figures=False)
