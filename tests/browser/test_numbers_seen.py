"""A chart writes its numbers as sentences do: the Vega expression, evaluated by the browser that draws the chart."""

import json

import pytest

from playground.components.numbers import number, said

pytestmark = pytest.mark.browser
VALUES = (0.0, 1 / 6, 97.0, -0.3, 0.99999, 1e-5, 7e-5, 7.003e-5, 0.00012345, 1e-7, -3.4e-7, 1.1754944e-38, 1234.5678,
          12345.678, 9_999_999.0, 1e7, 1.26e8, 3.4e38, 1e-6, 999_999.0, 0.0999996)  # fmt: skip
APP = """
import pyarrow as pa
import streamlit as st
st.vega_lite_chart(pa.table({{"value": {values}, "row": list(range({rows}))}}), {spec}, theme=None)
"""


def chart(digits):
    """A chart that writes each value at a place of its own."""
    return {
        "height": 20 * len(VALUES), "width": 300,
        "transform": [{"calculate": f"datum.row + ' is ' + ({said('datum.value', digits)})", "as": "said"}],
        "mark": "text", "encoding": {"text": {"field": "said"}, "y": {"field": "row", "type": "ordinal", "axis": None}},
    }  # fmt: skip


@pytest.mark.parametrize("digits", [4, 2])
def test_a_chart_writes_every_number_as_a_sentence_does(chromium, script_server, digits):
    source = APP.format(values=list(VALUES), rows=len(VALUES), spec=json.loads(json.dumps(chart(digits))))
    page = chromium.new_page()
    page.goto(f"http://localhost:{script_server(source).port}/")
    page.wait_for_selector("[data-testid=stVegaLiteChart] svg")
    texts = page.locator("[data-testid=stVegaLiteChart] svg text").all_text_contents()
    page.close()
    assert sorted(text for text in texts if " is " in text) == sorted(
        f"{row} is {number(value, digits)}" for row, value in enumerate(VALUES)
    )


def test_a_logarithmic_axis_names_powers_of_ten(visitor):
    visitor.open("/?task=brackets")
    labels = visitor.page.locator("[data-testid=stVegaLiteChart] .role-axis-label text").all_text_contents()
    assert {"0.1", "0.01", "0.001"} <= set(labels), labels
