"""Reading tables that people paste in: whatever they hold, numbers come out or one clear sentence."""

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rnncore.errors import ConfigError
from rnncore.tasks.table import Parsed, parse

WAVE = [round(10 + 3 * math.sin(i / 3) + i / 20, 2) for i in range(80)]


def table(*columns, head=None, mark=","):
    lines = [mark.join(map(str, row)) for row in zip(*columns, strict=True)]
    return "\n".join(([mark.join(head)] if head else []) + lines)


def refused(text, column=""):
    with pytest.raises(ConfigError) as caught:
        parse(text, column)
    message = str(caught.value)
    assert len(message) < 1500 and message.endswith(".") and "\n" not in message
    return message


def test_a_bare_column_of_numbers():
    parsed = parse("\n".join(map(str, WAVE)))
    assert parsed == Parsed(tuple(WAVE), ("column 1",), "column 1", parsed.notes)
    assert parsed.notes == ("80 rows were read; the column “column 1” is forecast.",)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n\n"])
def test_separators_line_ends_and_headers(mark, end, start):
    text = table(range(80), ["x"] * 80, WAVE, head=["nr", "", " level "], mark=mark).replace("\n", end)
    parsed = parse(start + text, "LEVEL")
    assert parsed.values == tuple(WAVE) and parsed.names == ("nr", "column 2", "level") and parsed.column == "level"
    assert parse(start + text).values == tuple(map(float, range(80)))  # the first column of numbers
    headless = parse(start + end.join(text.split(end)[1:]), "column 3")
    assert headless.values == tuple(WAVE)


def test_dates_are_no_numbers():
    text = table([f"2020-01-{i}" for i in range(80)], WAVE, head=["day", "level"])
    assert parse(text).column == "level"


def test_decimal_commas_go_with_semicolons():
    days = [f"day {i}" for i in range(80)]
    text = table(days, [f"{v:.2f}".replace(".", ",") for v in WAVE], head=["day", "level"], mark=";")
    assert parse(text).values == tuple(WAVE)
    assert parse(table(days, WAVE, mark=";")).values == tuple(WAVE)
    quoted = table(days, [f'"{v:.2f}"' for v in WAVE])
    assert parse(quoted).values == tuple(WAVE)
    assert "no number" in refused(text.replace(",", ".,"), "level")


def test_how_numbers_may_be_written():
    odd = ["+1", "-2.", ".5", "1e1", "1E-1", "−3", '"4"', " 5 "]
    assert parse("\n".join(odd * 10)).values[:8] == (1, -2, 0.5, 10, 0.1, -3, 4, 5)


def test_a_few_missing_values_are_filled_in_and_reported():
    cells = [str(v) for v in WAVE]
    cells[10] = cells[11] = "NA"
    cells[40] = "1 000"
    parsed = parse(table(range(80), cells, head=["nr", "level"]), "level")
    assert len(parsed.values) == 80
    step = (WAVE[12] - WAVE[9]) / 3
    assert parsed.values[10:12] == pytest.approx((WAVE[9] + step, WAVE[9] + 2 * step))
    assert parsed.values[40] == pytest.approx((WAVE[39] + WAVE[41]) / 2)
    assert parsed.notes[-1] == (
        "3 missing or unreadable, lines 12, 13, 42: filled in along a straight line between the neighbours."
    )
    cells[60] = ""
    assert "lines 12, 13, 42 and others" in parse(table(range(80), cells, head=["nr", "level"]), "level").notes[-1]


def test_missing_ends_are_left_out():
    cells = ["?", *map(str, WAVE), "?"]
    parsed = parse(table(range(82), cells, head=["nr", "level"]), "level")
    assert parsed.values == tuple(WAVE) and "left out at the ends (2)" in parsed.notes[-1]


def test_blank_lines_are_left_out_and_reported():
    parsed = parse("\n\n".join(map(str, WAVE)) + "\n\n\n")
    assert parsed.values == tuple(WAVE) and parsed.notes[1] == "79 blank lines were left out."


def test_more_than_one_in_twenty_missing_is_refused():
    cells = [str(v) for v in WAVE]
    cells[3:7] = [""] * 4
    assert parse(table(range(80), cells), "column 2").values[3:5] != ()
    cells[9] = ""
    message = refused(table(range(80), cells), "column 2")
    assert "5 of 80 rows" in message and "lines 4, 5, 6 and others" in message and "column 2" in message


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", "", "1 to 100 columns, not 0"),
        (" \n \n", "", "1 to 100 columns, not 0"),
        ("," * 500, "", "1 to 100 columns"),
        ("level", "", "No column"),
        ("the quick brown fox\n" * 80, "", "No column"),
        ("\n".join(map(str, WAVE[:59])), "", "at least 60 rows of numbers, not 59"),
        ("\n".join(["x", *map(str, WAVE[:59]), "x"]), "", "at least 60 rows with a number, not 59"),
        ("7\n" * 80, "", "is 7 in all rows"),
        (
            table(WAVE, WAVE, head=["a", "b"]),
            "c",
            "No column of 'data' has the name given in 'column': name one of its 2.",
        ),
        ("\n".join(["nan", *map(str, WAVE)]), "", "Line 1 of 'data' has 'nan'"),
        ("\n".join([*map(str, WAVE), "1e400"]), "", "Line 81 of 'data' has '1e400'"),
        ("\n".join([*map(str, WAVE), "-Infinity"]), "", "Line 81"),
        ("\n".join([*map(str, WAVE), "1" * 400]), "", "Line 81"),
        ("\n".join([*map(str, WAVE), "1e13"]), "", "between -10^12 and 10^12"),
        ('"' + "\n".join(map(str, WAVE)), "", "No column"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(text, column, words):
    assert words in refused(text, column)


cell = st.one_of(
    st.text(max_size=6),
    st.floats().map(repr),
    st.integers().map(str),
    st.sampled_from(["", "NA", "1,5", '"', "1e999", "-", "0", "\x00", "\r", "٣", "1_0"]),
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
@settings(max_examples=400, deadline=None)
def test_garbage_gives_numbers_or_one_sentence(text, column):
    try:
        parsed = parse(text, column)
    except ConfigError as error:
        assert len(str(error)) > 20
    else:
        assert len(parsed.values) >= 60 and all(math.isfinite(v) and abs(v) <= 1e12 for v in parsed.values)
        assert parsed.column in parsed.names and all(parsed.names)
