"""Tables as people have: a footer, comments, signs, odd dates. The numbers are right, or a sentence says why not."""

import math

import numpy as np
import pytest

from rnncore.config import RunConfig
from rnncore.errors import ConfigError

VALUES = [round(1000 + 300 * math.sin(i / 3) + i * 8 + i % 7 / 9, 2) for i in range(80)]
DAYS = [str(np.datetime64("2019-12-20") + i) for i in range(80)]
MILLIONS = [1000 * round(value) + i for i, value in enumerate(VALUES)]


def series(text):
    task = RunConfig.from_flat({"task": "own_series", "data": text, "seq_len": 3, "period": 1}).build_task()
    return task.parsed


def lines(first, second, head="day,level", mark=","):
    return "\n".join([head.replace(",", mark), *(f"{a}{mark}{b}" for a, b in zip(first, second, strict=True))])


def changed(cells):
    return lines(DAYS, [cells.get(i, value) for i, value in enumerate(VALUES)])


GOOD = lines(DAYS, VALUES)


def read(text, expected=VALUES, said="", span="2019-12-20 to 2020-03-08"):
    found = series(text)
    np.testing.assert_allclose(found.values, expected)
    assert said in " ".join(found.notes) and found.span == span, (found.span, found.notes)
    return found


@pytest.mark.parametrize("below", [
    "Source: World Bank", "Source: World Bank, 2020", "Source: A, 2020, page 3", "Last updated,2020-05-05",
    "Total,178534.22", "Mean,1487.8", "Grand total:,12", "Quelle: Amt,2020\n© Amt,2020",
])  # fmt: skip
def test_a_source_or_a_total_below_the_table_is_no_value(below):
    read(f"{GOOD}\n{below}\n", said=f"below the table, from line 82 (“{below.split(',')[0][:20]}”), was left out.")


def test_a_total_below_names_that_are_no_dates_is_no_value():
    read(lines([f"M{i}" for i in range(80)], VALUES) + "\nTotal,178534.22", said="from line 82 (“Total”)", span="")


@pytest.mark.parametrize("last", ["Mar 2020 (prel.)", "2020-03-09*"])
def test_a_last_row_with_a_remark_on_its_date_is_a_row(last):
    assert len(series(f"{GOOD}\n{last},1500").values) == 81


def test_comments_before_within_and_after_are_no_rows():
    rows = GOOD.split("\n")
    rows[40:40] = ["# sensor, changed"]
    read(
        "\n".join(["# made by hand, in May", *rows, "# end", "# of file, really"]),
        said="3 lines of comment in or below",
    )
    read("# made by hand, in May\n# source, x, y\n" + GOOD, said="2 lines of comment above")
    read("# day,level\n" + GOOD.split("\n", 1)[1])
    assert len(series(lines([f"#{i}" for i in range(80)], VALUES)).values) == 80


@pytest.mark.parametrize("units", ["-,m/s", "YYYY-MM-DD,degC", ",[m]", "text,mean\nYYYY-MM-DD,m"])
def test_units_under_the_names_leave_the_dates_readable(units):
    head, rows = GOOD.split("\n", 1)
    upside_down = "\n".join(rows.split("\n")[::-1])
    read(f"{head}\n{units}\n{upside_down}", said="The newest row came first")


@pytest.mark.parametrize("write", [
    lambda day: f"{day} 00:00:00 EST", lambda day: f"{day} 00:00 CET", lambda day: f"{day}T00:00:00+00:00",
    lambda day: day.replace("-", ". ") + ".", lambda day: str(np.datetime64(day, "s").astype(int)),
    lambda day: str(np.datetime64(day, "ms").astype(int)),
])  # fmt: skip
def test_odd_dates_newest_first_are_turned_round(write):
    rows = lines([write(day) for day in DAYS[::-1]], VALUES[::-1], head="timestamp,level")
    read(rows, said="The newest row came first")


def test_quarters_in_german():
    quarters = [f"{i % 4 + 1}. Quartal {2000 + i // 4}" for i in range(80)]
    read(lines(quarters[::-1], VALUES[::-1]), said="newest row", span="2000-01-01 to 2019-10-01")


def test_dates_that_cannot_be_read_are_said():
    years = [f"{1950 + i}/{(51 + i) % 100:02}" for i in range(80)]
    read(lines(years, VALUES, head="year,level"), said="“1950/51” could not be read as a date", span="")
    plants = read(lines([f"M{i}" for i in range(80)], VALUES, head="plant,level"), span="")
    assert not any("date" in note for note in plants.notes)


def test_digits_grouped_by_spaces_are_one_number():
    grouped = [f"{value:,}".replace(",", " ") for value in MILLIONS]
    read(lines(DAYS, grouped), MILLIONS)
    read("\n".join(grouped), MILLIONS, span="")
    read("level\n" + "\n".join(grouped), MILLIONS, span="")
    three = "\n".join(f"{i + 100} {i * i % 700 + 120} {i % 5 + 300}" for i in range(80))
    assert len(series(three).names) == 3


def test_digits_grouped_by_commas_in_one_column_are_one_number():
    read("\n".join(f"{value:,}" for value in MILLIONS), MILLIONS, span="")


def test_a_comma_that_is_both_separator_and_decimal_mark_is_said():
    text = lines(DAYS, [f"{value:.2f}".replace(".", ",") for value in VALUES])
    said = "names 2 columns, but the rows have 3 cells: if a comma is the decimal mark"
    read(text, [int(value) for value in VALUES], said=said)


def test_brackets_and_a_minus_behind_are_negative():
    cells = {3: "$(1234.5)", 4: "(12)%", 5: "(5) €", 6: "123.5-", 7: '"(1,250)"'}
    expected = [{3: -1234.5, 4: -12, 5: -5, 6: -123.5, 7: -1250}.get(i, value) for i, value in enumerate(VALUES)]
    read(changed(cells), expected)


@pytest.mark.parametrize(("form", "sign"), [("{} °C", "°C"), ("Rs. {}", "Rs."), ("{} kr", "kr"), ("₹{}", "₹")])
def test_more_signs_beside_numbers(form, sign):
    assert read(lines(DAYS, [form.format(value) for value in VALUES])).unit == sign


def test_a_sign_that_stands_beside_some_numbers_only_is_said():
    rows = [f"{value}%" for value in VALUES]
    read(
        lines(DAYS, [*rows[:9], "0.12", *rows[10:]]), [*VALUES[:9], 0.12, *VALUES[10:]], said="not in line 11 (“0.12”)"
    )
    assert not any("does not stand" in note for note in series(lines(DAYS, rows)).notes)


@pytest.mark.parametrize(("form", "said"), [
    ("{} kg", "“1000.0 kg” is none, so leave nothing but a number in each cell"), ("<b>{}</b>", "of 2: choose another"),
])  # fmt: skip
def test_cells_that_are_nearly_numbers_are_named_in_the_refusal(form, said):
    with pytest.raises(ConfigError, match=said):
        series(lines(DAYS, [form.format(value) for value in VALUES]))


def test_a_table_that_lies_on_its_side_is_refused_with_the_way_out():
    with pytest.raises(ConfigError, match="a row for each step"):
        series(",".join(["day", *DAYS * 2]) + "\n" + ",".join(map(str, ["level", *VALUES * 2])))
