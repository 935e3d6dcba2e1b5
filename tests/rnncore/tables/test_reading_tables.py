"""Reading tables that people hand over: whatever they hold, the right numbers come out or one clear sentence."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rnncore.errors import ConfigError
from rnncore.tables import Reading, read_column, read_table
from rnncore.tables.series import find_column, offered

WAVE = [round(1000 + 300 * math.sin(i / 3) + i * 8 + i % 7 / 9, 2) for i in range(80)]
WHOLE = [round(value) for value in WAVE]


def read(text, column="", **how):
    reading = Reading(**how)
    table = read_table(text, reading)
    places = [find_column(table, column)] if column else offered(table)
    if not places:
        raise ConfigError("No column consists of numbers.")
    return read_column(table, places[0], reading)


def table(*columns, head=None, mark=","):
    lines = [mark.join(map(str, row)) for row in zip(*columns, strict=True)]
    return "\n".join(([mark.join(head)] if head else []) + lines)


def comma(value):
    return str(value).replace(".", ",")


def grouped(value, mark):
    return f"{value:,}".replace(",", mark)


def refused(text, column="", **how):
    with pytest.raises(ConfigError) as caught:
        read(text, column, **how)
    message = str(caught.value)
    assert len(message) < 400 and message.endswith(".") and "\n" not in message
    return message


def is_read(text, values=WAVE, said="", **how):
    series = read(text, **how)
    np.testing.assert_allclose(series.values, values)
    assert said in " ".join(series.notes), series.notes
    return series


MONTHS = [f"M{i}" for i in range(80)]
DAYS = [str(np.datetime64("2019-12-20") + i) for i in range(80)]


# --- separators, line ends, headers ---------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [",", ";", "\t", "|", " ", "   "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n\n"])
def test_separators_and_line_ends(mark, end, start):
    text = start + table(MONTHS, WAVE, head=["month", "level"], mark=mark).replace("\n", end)
    assert is_read(text).names == ("month", "level")


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_a_decimal_comma_beside_other_separators(mark):
    is_read(table(MONTHS, map(comma, WAVE), head=["month", "level"], mark=mark))
    is_read(table(MONTHS, map(comma, WAVE), mark=mark))


@pytest.mark.parametrize("head", ["level\n", ""])
def test_one_column_with_a_decimal_comma(head):
    is_read(head + "\n".join(f"{value:.2f}".replace(".", ",") for value in WAVE), said=" was read as ")


def test_one_column_in_which_some_numbers_have_no_comma():
    is_read("level\n" + "\n".join(comma(f"{value:g}") for value in WHOLE), WHOLE)
    is_read("level\n" + "\n".join(comma(f"{value / 4:g}") for value in WHOLE), [float(f"{v / 4:g}") for v in WHOLE])


def test_two_columns_of_whole_numbers_are_two_columns():
    assert is_read(table(range(80), WHOLE), WHOLE).names == ("column 1", "column 2")
    assert is_read(table(WHOLE, WHOLE, head=["a", "b"]), WHOLE).names == ("a", "b")


def test_words_and_other_marks_do_not_hide_the_separator():
    words = ["some words"] * 80
    for mark in (";", "\t", "|", " "):
        some = MONTHS if mark == " " else words
        is_read(table(MONTHS, some, map(comma, WAVE), head=["month", "what", "level"], mark=mark))
        is_read(table(map(comma, WAVE), map(comma, WAVE), head=["a", "b"], mark=mark))
    is_read(table(MONTHS, ["a; b"] * 80, WAVE, head=["month", "what", "level"]))
    millions = [1_234_567 + value for value in WHOLE]
    is_read(table(MONTHS, (grouped(value, ",") for value in millions), head=["month", "level"], mark=";"), millions)


def test_a_first_line_that_names_the_separator():
    is_read("sep=;\n" + table(MONTHS, map(comma, WAVE), head=["month", "level"], mark=";"))
    is_read('"sep=|"\r\n' + table(MONTHS, WAVE, mark="|"))


def test_separators_and_line_breaks_in_quotes_do_not_separate():
    assert is_read(table(MONTHS, WAVE, head=["month", '"temp; mean (C)"'])).unit == "C"
    series = is_read(table([f'"a, ""b""\n{m}"' for m in MONTHS], WAVE, head=["note", "level"]))
    cells = [str(value) for value in WAVE]
    cells[20] = "?"
    gap = read(table([f'"a\n{m}"' for m in MONTHS], cells, head=["note", "level"]))
    assert "line 42" in " ".join(gap.notes) and series.column == "level"


@pytest.mark.parametrize("text", [
    table(range(80), WAVE, head=["", "0"]), table(DAYS, WAVE, head=["", "0"]), table(DAYS, WAVE, head=["date", "2019"]),
    table(MONTHS, WAVE, head=["month", "2019"]), table(range(80), WAVE, WAVE, WAVE, head=["", "0", "1", "2"]),
    table(WAVE, WAVE, head=["2019", "2020"]), "0\n" + "\n".join(map(str, WAVE)),
    table(["North", "South", "East", "West"] * 20, WHOLE, head=["region", "2019"]),
])  # fmt: skip
def test_numbers_are_names_where_the_rest_says_so(text):
    series = read(text)
    assert len(series.values) == 80 and not any(name.startswith("column 2") for name in series.names)
    assert abs(series.values - WAVE).max() < 0.6


@pytest.mark.parametrize("text", [
    table(MONTHS, WAVE), table(DAYS, WAVE), table(WHOLE, WHOLE), "\n".join(map(str, WHOLE)), table(range(80), WHOLE),
    table(range(1, 81), WHOLE, WHOLE),
])  # fmt: skip
def test_without_names_no_row_is_lost(text):
    series = read(text)
    assert len(series.values) == 80 and series.names[0] == "column 1"


def test_whether_the_first_line_has_names_can_be_chosen():
    text = "2019\n" + "\n".join(map(str, WHOLE))
    assert len(read(text).values) == 81 and len(read(text, header="names").values) == 80
    assert read(table(MONTHS, WAVE, head=["month", "level"]), "column 2", header="no names").values[0] == WAVE[0]


def test_names_are_all_different_and_never_empty():
    text = table(MONTHS, WAVE, WHOLE, WAVE, WAVE, head=["month", "value", "VALUE", "", "  a\u00a0" + "b" * 50])
    assert read(text).names == ("month", "value", "VALUE (2)", "column 4", "a " + "b" * 38)
    np.testing.assert_allclose(read(text, "value (2)").values, WHOLE)


def test_what_stands_around_the_table_is_left_out_and_said():
    text = "Category: all\n\n" + table(DAYS, WAVE, head=["Day", "level"]) + "\n\nSource: somebody\n"
    is_read(text, said="1 line above the table left out")
    is_read("# made by hand\n# in May\n" + table(DAYS, WAVE), said="left out")
    is_read(table(DAYS, WAVE, [""] * 80, [""] * 80, head=["day", "level", "", ""]))
    is_read("\n\n".join(map(str, WAVE)) + "\n\n\n", said="79 blank lines left out")
    is_read("day level\n" + "\n".join(f'"{i}" {m} {v}' for i, (m, v) in enumerate(zip(MONTHS, WAVE, strict=True), 1)))


def test_a_row_with_too_many_cells_is_not_read_and_said():
    cells = [str(value) for value in WHOLE]
    cells[40] = "2,500"
    series = read(table(MONTHS, cells, head=["month", "level"]))
    assert series.values[40] == pytest.approx((WHOLE[39] + WHOLE[41]) / 2)
    assert "1 row with more cells than there are columns, line 42: not read." in series.notes


# --- numbers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [".", ",", "'", "’", " ", "\u00a0", "\u202f"])
def test_grouped_digits(mark):
    text = table(MONTHS, (grouped(value, mark) for value in WHOLE), head=["month", "pieces"], mark=";")
    series = is_read(text, WHOLE, said=" was read as ")
    assert series.decimal_unclear == (mark in ".,")


def test_grouped_digits_and_decimals_together():
    for mark, point in (",.", ".,", "'.", " ,", "\u202f,"):
        cells = [f"{v:,.2f}".translate({ord(","): mark, ord("."): point}) for v in WAVE]
        assert not is_read(table(MONTHS, cells, mark=";")).decimal_unclear
        is_read("level\n" + "\n".join(f'"{cell}"' for cell in cells))
    millions = [value * 1000 for value in WHOLE]
    is_read("level\n" + "\n".join(grouped(value, ".") for value in millions), millions)


def test_a_quoted_thousand_among_hundreds_is_a_thousand():
    values = [100 + i for i in range(80)]
    values[40:42] = [2500, 2600]
    text = table(MONTHS, (f'"{value:,}"' for value in values), head=["month", "value"])
    assert is_read(text, values, said="“2,500” was read as 2500. If it means 2.5, choose").decimal_unclear


def test_where_both_readings_are_possible_the_visitor_chooses():
    text = table(MONTHS, (grouped(value, ".") for value in range(1100, 1180)), mark=";").replace("1.101", "1.104")
    thousands, ones = (read(text, decimal=decimal).values for decimal in ("comma", "point"))
    assert thousands[0] == 1100 and ones[0] == 1.1
    assert "choose the" in " ".join(read(text).notes)


def test_another_column_tells_what_the_marks_mean():
    exact = [f"{value + 0.25:.2f}".replace(".", ",") for value in WAVE]
    text = table(MONTHS, [grouped(1000 + value, ".") for value in WHOLE], exact, head=["m", "a", "b"], mark=";")
    np.testing.assert_allclose(read(text, "a").values, [1000 + value for value in WHOLE])


def test_how_numbers_may_be_written():
    odd = ["+1", "-2.", ".5", "1e1", "1E-1", "−3", '"4"', " 5 ", "6 %", "$7", "(8)", "9 €", "-$10", "EUR 11"]
    expected = (1, -2, 0.5, 10, 0.1, -3, 4, 5, 6, 7, -8, 9, -10, 11)
    assert tuple(read("v\n" + "\n".join(odd * 6), separator="none").values[:14]) == expected


@pytest.mark.parametrize(
    "word", ["", "NA", "NaN", "n/a", "N/A", "null", "None", "-", "—", "--", ".", "?", "#N/A", "nan"]
)
def test_missing_values_are_filled_in_and_said(word):
    cells = [str(value) for value in WAVE]
    cells[10] = cells[11] = word
    series = read(table(MONTHS, cells, head=["month", "level"]))
    step = (WAVE[12] - WAVE[9]) / 3
    assert series.values[10:12] == pytest.approx((WAVE[9] + step, WAVE[9] + 2 * step))
    assert "2 missing values, lines 12, 13." in series.notes
    assert series.notes[-1] == "Of these, 2 filled in along a straight line between the neighbours."


def test_what_is_no_number_is_said_with_its_line():
    cells = [str(value) for value in WAVE]
    cells[40] = "12x"
    series = read(table(MONTHS, cells, head=["month", "level"]))
    assert "1 cell that is no number, line 42 (“12x”)." in series.notes
    ends = read(table(["a", *MONTHS, "b"], ["?", *WAVE, "?"], head=["month", "level"]))
    assert tuple(ends.values) == tuple(WAVE) and ends.notes[-1] == "Of these, 2 left out at the ends."


@pytest.mark.parametrize("code", [-999, -9999, 99999, -99.9])
def test_codes_are_pointed_out_and_can_be_read_as_missing(code):
    values = [5 + i % 9 + i % 4 for i in range(80)]
    values[7] = values[30] = code
    text = "\n".join(map(str, ["v", *values]))
    series = read(text)
    assert series.codes == (code,) and f"{code:g} stands in 2 rows" in series.notes[-1]
    series = read(text, missing_code=code)
    assert not series.codes and series.values.max() < 20 and "lines 9, 32" in " ".join(series.notes)


def test_a_number_that_is_no_outlier_is_no_code():
    assert read("\n".join(map(str, range(-1030, -930)))).codes == ()


# --- dates and what is offered --------------------------------------------------------------------------------

GERMAN = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
          "Dezember")  # fmt: skip
ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FORMS = [
    "%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%m/%d/%Y", "%m/%d/%y", "%Y/%m/%d", "%Y%m%d", "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ", "%d.%m.%Y %H:%M", "%m/%d/%Y %I:%M %p", "%d %b %Y", "%d-%b-%y", '"%b %d, %Y"', "%d %B %Y",
    "%a %d %b %Y",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_days_newest_first_are_turned_round(form):
    days = [np.datetime64(day).item().strftime(form) for day in DAYS]
    series = is_read(table(days[::-1], WAVE[::-1], head=["date", "close"]), said="newest row came first")
    assert series.column == "close" and series.span == "2019-12-20 to 2020-03-08" and not series.dates_unclear
    assert not any("gap" in note for note in series.notes)
    as_it_stands = read(table(days[::-1], WAVE[::-1], head=["date", "close"]), rows="as they stand")
    assert tuple(as_it_stands.values) == tuple(WAVE[::-1])


@pytest.mark.parametrize("write", [
    lambda y, m: f"{y}-{m:02}", lambda y, m: f"{m:02}/{y}", lambda y, m: f"{m:02}.{y}", lambda y, m: f"{y}{m:02}",
    lambda y, m: f"{y}-{m:02}-01", lambda y, m: f"01/{m:02}/{y}", lambda y, m: f"{m}/1/{y}",
    lambda y, m: f"{GERMAN[m - 1][:3]} {y}",
    lambda y, m: f"{GERMAN[m - 1]} {y}",
    lambda y, m: f"{ENGLISH[m - 1]}-{y % 100}",
])  # fmt: skip
def test_months_newest_first_are_turned_round(write):
    months = [write(2010 + i // 12, i % 12 + 1) for i in range(80)]
    series = is_read(table(months[::-1], WAVE[::-1], head=["month", "jobs"], mark=";"), said="newest row came first")
    assert series.column == "jobs" and series.span == "2010-01-01 to 2016-08-01"
    assert not any("gap" in note or "evenly" in note for note in series.notes)


@pytest.mark.parametrize("write", [lambda y, q: f"{y}-Q{q}", lambda y, q: f"Q{q} {y}", lambda y, q: f"{y}Q{q}"])
def test_quarters(write):
    quarters = [write(2000 + i // 4, i % 4 + 1) for i in range(80)]
    is_read(table(quarters[::-1], WAVE[::-1], head=["quarter", "gdp"]), said="newest row came first")


def test_years_and_months_in_columns_of_their_own():
    years, months = [2010 + i // 12 for i in range(80)], [i % 12 + 1 for i in range(80)]
    text = table(years[::-1], months[::-1], WAVE[::-1], head=["year", "month", "level"])
    assert is_read(text, said="newest row came first").column == "level"
    years = list(range(1900, 1980))
    assert is_read(table(years[::-1], WAVE[::-1], head=["Jahr", "Wert"], mark=";"), said="newest row").column == "Wert"


@pytest.mark.parametrize("columns", [
    {"nr": range(80)}, {"": range(1, 81)}, {"id": range(1000, 1080)}, {"Datum": DAYS}, {"jahr": range(1900, 1980)},
    {"month": [i % 12 + 1 for i in range(80)]}, {"hour": [i % 24 for i in range(80)]},
    {"t": [i % 7 for i in range(80)]},
    {"timestamp": [1_500_000_000 + 86400 * i + i % 3 for i in range(80)]}, {"const": [7] * 80},
    {"x": [f"{1958 + i / 12:.4f}" for i in range(80)]}, {"day": [i % 30 + 1 for i in range(80)]},
    {"word": ["a", "b"] * 40},
    {"time": [f"{i % 24:02}:{i % 60:02}" for i in range(80)]}, {"date": [20190101 + i % 28 for i in range(80)]},
])  # fmt: skip
def test_what_is_offered_first_is_a_measurement(columns):
    ((name, column),) = columns.items()
    assert is_read(table(column, WHOLE, head=[name, "level"]), rows="as they stand", values=WHOLE).column == "level"


def test_rows_in_disorder_are_sorted_and_said():
    order = [*range(40), 41, 40, *range(42, 80)]
    text = table([DAYS[i] for i in order], [WAVE[i] for i in order], head=["day", "level"])
    is_read(text, said="not in the order of their dates (line 43): they were sorted")


def test_gaps_and_repeated_dates_are_told():
    kept = [*range(30), *range(33, 80)]
    series = read(table([DAYS[i] for i in kept], [WAVE[i] for i in kept], head=["day", "level"]))
    assert "1 gap, 3 days in all, the first after line 31 (2020-01-18 to 2020-01-22)" in " ".join(series.notes)
    days = [*DAYS[:30], DAYS[29], *DAYS[31:]]
    assert "1 row with the same date as the row before (line 31)" in " ".join(read(table(days, WAVE)).notes)
    trading = [
        day for day in map(str, np.arange("2020-01-01", "2020-06-01", dtype="datetime64[D]")) if np.is_busday(day)
    ]
    assert not any("gap" in note for note in read(table(trading[:80], WAVE)).notes)


def test_whether_the_day_or_the_month_comes_first_is_said_and_can_be_chosen():
    days = [f"{i % 12 + 1:02}/{(i * 5) % 12 + 1:02}/2020" for i in range(80)]
    text = table(days, WAVE, head=["day", "level"])
    assert read(text).dates_unclear and "other way round" in " ".join(read(text).notes)
    assert tuple(read(text, dates="day first").values) != tuple(read(text, dates="month first").values)


# --- what is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", "", "1 to 100 columns, not 0"),
        (" \n \n", "", "1 to 100 columns, not 0"),
        ("," * 500, "", "1 to 100 columns"),
        ("\n".join([",".join(map(str, range(101)))] * 80), "", "1 to 100 columns, not 101"),
        ("the quick brown fox\n" * 80, "", "No column"),
        ("\n".join(map(str, WAVE[:59])), "", "at least 60 rows of numbers, not 59: add rows"),
        ("\n".join(["x", "", "?", *map(str, WAVE[:58]), "?"]), "", "at least 60 rows with a number, not 58"),
        ("7\n" * 80, "", "is 7 in all rows"),
        (table(WAVE, WAVE, head=["a", "b"]), "c", "has the name given in 'column': name one of its 2."),
        ("\n".join([*map(str, WAVE), "1e400"]), "", "Line 81 of 'data' has '1e400'"),
        ("\n".join([*map(str, WAVE), "-Infinity"]), "", "Line 81"),
        ("\n".join([*map(str, WAVE), "1" * 400]), "", "Line 81"),
        ("\n".join([*map(str, WAVE), "1e13"]), "", "between -10^12 and 10^12"),
        ('"' + "\n".join(map(str, WAVE)), "", "quotation mark"),
        ("1\n" * 50_001, "", "at most 50,000 rows, not 50,001"),
        ("1\n" * 150_001, "", "at most 50,000 rows"),
        ("1" * 4_000_001, "", "at most 4,000,000 characters"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_one_sentence(text, column, words):
    assert words in refused(text, column)


def test_more_than_one_in_twenty_missing_is_refused():
    cells = [str(v) for v in WAVE]
    cells[3:7] = [""] * 4
    assert len(read(table(MONTHS, cells), "column 2").values) == 80
    cells[9] = ""
    message = refused(table(MONTHS, cells), "column 2")
    assert "5 of 80 rows" in message and "lines 4, 5, 6 and 2 others" in message and "column 2" in message


cell = st.one_of(
    st.text(max_size=6),
    st.floats().map(repr),
    st.integers().map(str),
    st.sampled_from(
        ["", "NA", "1,5", '"', "1e999", "-", "0", "\x00", "\r", "٣", "1_0", "2020-01-01", "1.103", "Q1 2019"]
    ),
)


@given(
    st.one_of(
        st.text(max_size=300),
        st.binary(max_size=300).map(lambda raw: raw.decode("latin-1")),
        st.tuples(st.lists(cell, max_size=30), st.sampled_from([",", ";", "\t", "\n", "\r"]), st.integers(1, 40)).map(
            lambda parts: "\n".join([parts[1].join(parts[0])] * parts[2] + [str(i) for i in range(parts[2])])
        ),
    ),
    st.text(max_size=5),
)
@example("\ud800\n" * 70, "")
@example("1\x00\n2\n" * 70, "")
@settings(max_examples=150, deadline=None)
def test_garbage_gives_numbers_or_one_sentence(text, column):
    try:
        series = read(text, column)
    except ConfigError as error:
        assert len(str(error)) > 20
    else:
        assert len(series.values) >= 60 and np.isfinite(series.values).all() and abs(series.values).max() <= 1e12
        assert series.column in series.names and all(series.names)
