"""Symbols in columns and sentences: the same step in the same column, and what is marked never left out."""

import re

from hypothesis import given
from hypothesis import strategies as st

from playground.components import symbols
from rnncore.tasks import Track


def columns(html):
    return re.findall(r"<(i|u|mark)>([^<]*)</\1>", html)


@given(st.integers(1, 300), st.integers(6, 60), st.sets(st.integers(0, 299), max_size=3))
def test_both_ends_and_what_is_to_be_kept_are_visible(steps, most, keep):
    shown = symbols.visible(steps, most, keep)
    real = [step for step in shown if step != symbols.GAP]
    assert real == sorted(set(real)) and {0, steps - 1} <= set(real) and set(real) <= set(range(steps))
    assert len(real) <= most + 1 and (len(real) == steps) == (symbols.GAP not in shown)
    if most >= 20:
        assert {step for step in keep if step < steps} <= set(real)
    gaps = [i for i, step in enumerate(shown) if step == symbols.GAP]
    assert all(shown[i + 1] - shown[i - 1] > 1 for i in gaps)


def test_the_same_step_stands_in_the_same_column_whenever_a_row_begins():
    read, late = Track("a", "input", tuple("0110")), Track("b", "answer", tuple("110"), marked=(2,), start=1)
    shown = symbols.visible(symbols.length([read, late]), 26)
    assert columns(symbols.row(read, shown, wrong=False)) == [("i", "0"), ("i", "1"), ("i", "1"), ("i", "0")]
    assert columns(symbols.row(late, shown, wrong=True)) == [("i", ""), ("i", "1"), ("i", "1"), ("u", "0")]


def test_symbols_of_one_step_stand_below_one_another():
    track = Track("legal", "truth", ("( [ ■", ")", "10", "␣", " "))
    row = symbols.row(track, range(5), wrong=False)
    assert [text for _, text in columns(row)] == ["(\n[\n■", ")", "1\n0", "␣", " "] and symbols.most(track) == 6


def test_words_become_a_sentence_with_its_marks():
    track = Track("word", "input", ("my", "cat", ",", "<b>", "slept", "."), marked=(1, 3))
    assert symbols.sentence(track, wrong=True) == "my <u>cat</u>, <u>&lt;b&gt;</u> slept."
    assert symbols.sentence(track, wrong=False).count("<mark>") == 2
    assert symbols.sentence(Track("said", "answer", ("a", "a", "■")), wrong=True) == "a a ■"
    assert symbols.sentence(Track("letter", "input", tuple("ACGT"), marked=(1, 2)), wrong=False).startswith("A<mark>C")
    long = Track("word", "input", tuple(f"w{i}" for i in range(100)), marked=(50,))
    text = symbols.sentence(long, wrong=False)
    assert text.startswith("w0 w1") and text.endswith("w98 w99") and "<mark>w50</mark>" in text
    assert text.count("…") == 2 and len(text) < 300
