"""One way to write every number that a visitor reads: no page formats one by itself."""

import math
import re
from pathlib import Path

import pytest

from playground.components import numbers
from playground.components.numbers import exact, number

ROOT = Path(__file__).parents[3]
CASES = {  # in four digits, and in two
    0.0: ("0", "0"), 1 / 6: ("0.1667", "0.17"), 97.0: ("97", "97"), -0.3: ("-0.3", "-0.3"), 0.99999: ("1", "1"),
    1e-5: ("0.00001", "0.00001"), 7e-5: ("0.00007", "0.00007"), 7.003e-5: ("7.003\u00a0×\u00a010⁻⁵", "0.00007"),
    0.00012345: ("0.0001234", "0.00012"), 1e-7: ("10⁻⁷", "10⁻⁷"), -3.4e-7: ("-3.4\u00a0×\u00a010⁻⁷",) * 2,
    1.1754944e-38: ("1.175\u00a0×\u00a010⁻³⁸", "1.2\u00a0×\u00a010⁻³⁸"), 1234.5678: ("1,235", "1,200"),
    12345.678: ("12,350", "12,000"), 9_999_999: ("10⁷", "10⁷"), 1.25e8: ("1.25\u00a0×\u00a010⁸", "1.2\u00a0×\u00a010⁸"),
}  # fmt: skip


@pytest.mark.parametrize(("value", "four", "two"), [(value, *said) for value, said in CASES.items()])
def test_numbers_are_written_as_people_read_them(value, four, two):
    assert (number(value), number(value, 2)) == (four, two)


def test_what_is_no_number_is_said_so():
    assert (number(None), number(math.nan), number(math.inf), number(-math.inf)) == ("", "not a number", "∞", "-∞")
    assert number(0.5, signed=True) == "+0.5" and number(-0.5, signed=True) == "-0.5"


@pytest.mark.parametrize(
    ("value", "written"),
    [(1e-6, "0.000001"), (100_000, "100,000"), (2**31 - 1, "2,147,483,647"), (0.1 + 0.2, "0.3"), (-1e6, "-1,000,000"),
     (-999.0, "-999"), (12345678.25, "12,345,678.25")],
)  # fmt: skip
def test_an_exact_number_keeps_its_digits(value, written):
    assert exact(value, grouped=True) == written
    assert float(exact(value)) == pytest.approx(value, rel=1e-14), "and can be typed"


HERE = "playground/components/numbers.py"
DRAWN, CSV, ROUNDED = (
    "playground/race/drawings.py",
    "rnncore/files/curve_csv.py",
    "rnncore/tasks/series/closeness.py",
)


@pytest.mark.parametrize("folder", ["playground", "pages", "rnncore"])
def test_no_number_is_formatted_elsewhere(folder):
    """Apart from coordinates in pictures, the CSV, a rounding, and the format by which Vega chooses what to name."""
    own = re.compile(r"""\{[^{}'"]*[^{}'":]:[+,]?(\.\d)?[ge]\}|"format": "[^"]*[eg]\"""")
    found = {
        str(file.relative_to(ROOT))
        for file in (ROOT / folder).rglob("*.py")
        if own.search(re.sub(r"key=f\"[^\"]*\"", "", file.read_text(encoding="utf-8")))
    }
    assert found <= {HERE, DRAWN, CSV, ROUNDED, "rnncore/tasks/language/text.py"}


def test_a_chart_has_one_expression_for_all_numbers():
    assert "datum.value" in numbers.said("datum.value") and "e-0" not in numbers.said("datum.value")
