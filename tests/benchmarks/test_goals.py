"""The table of goals and the page that is written from it."""

from datetime import date

import pytest

from benchmarks import resilience
from benchmarks.attacks.attempts import Attempt
from benchmarks.attacks.every import ATTACKS
from benchmarks.attacks.others import Outcome
from benchmarks.goals import HEAD, Row, as_markdown, as_text, machine, page

MET = Row(7, "memory", "<= 600 MB", "482 MB", True)
MISSED = Row(19, "a flood", "<= 2 x", "2.61 x", False)
ALSO_MET = Row(22, "axe", "0", "12 pages", True)


def outcome(normal, during, lost=0):
    return Outcome("flood", Attempt(), normal, normal, during, during, None, None, lost)


def written(rows, reasons=None):
    return page(rows, "python -m it", date(2026, 11, 25), "2 cores", reasons or {})


def test_each_row_says_whether_its_goal_is_met():
    lines = as_text([MET, MISSED, ALSO_MET]).splitlines()[2:]
    assert [line.split()[0] for line in lines] == ["7", "19", "22"]
    assert [line.rstrip().endswith(said) for line, said in zip(lines, ("met", "MISSED", "met"), strict=True)]
    assert "482 MB" in lines[0] and "<= 2 x" in lines[1]


def test_a_table_of_markdown_has_a_cell_for_each_column_even_where_a_cell_has_a_bar():
    lines = as_markdown([MET, Row(1, "a|b", "", "", True)]).splitlines()
    assert len(lines) == 4
    assert all(line.replace("\\|", "").count("|") == len(HEAD) + 1 for line in lines)


def test_the_page_says_when_how_and_on_what_it_was_measured():
    told = written([MET])
    assert told.startswith("# Resilience\n")
    assert "2026-11-25" in told and "`python -m it`" in told and "2 cores" in told
    assert "Every goal of the table is met." in told and "missed" not in told
    assert told.endswith("\n") and not told.endswith("\n\n")


def test_each_goal_that_is_missed_has_its_reason_and_no_other():
    told = written([MET, MISSED, ALSO_MET], {"a flood": "because.", "memory": "never said"})
    assert told.count("\n- ") == 1
    assert "- **a flood** (2.61 x): because." in told and "never said" not in told


def test_a_missed_goal_without_a_reason_is_not_kept_quiet():
    assert "not explained yet" in written([MISSED])


def test_an_attack_counts_by_the_median_of_its_repetitions():
    row = resilience.attack_row("flood", [outcome(0.1, 0.15), outcome(0.1, 0.9), outcome(0.1, 0.19)])
    assert row.met and row.measured.startswith("1.90 x (100 -> 190 ms)")


def test_an_attack_that_cuts_anybody_off_misses_its_goal():
    row = resilience.attack_row("flood", [outcome(0.1, 0.1), outcome(0.1, 0.1, lost=1), outcome(0.1, 0.1)])
    assert row.met is False and "cut off 1" in row.measured


def test_every_attack_belongs_to_a_row():
    assert set(resilience.ATTACKED) == set(ATTACKS)
    assert {number for number, _ in resilience.ATTACKED.values()} <= set(resilience.ROWS)


def test_a_reason_is_of_a_row_that_exists():
    rows = {
        resilience.GREEDY,
        resilience.GREEDY_IN_HALL,
        resilience.MEMORY,
        *(f"attack: {what}" for _, what in resilience.ATTACKED.values()),
    }
    assert set(resilience.REASONS) <= rows


def test_rows_can_be_chosen():
    assert resilience.parse(["--rows", "7", "11"]).rows == [7, 11]
    assert set(resilience.parse([]).rows) == set(resilience.ROWS)
    with pytest.raises(SystemExit):
        resilience.parse(["--rows", "1000"])


def test_the_machine_is_told_without_a_path():
    told = machine()
    assert "GB of memory" in told and "PyTorch" in told and "/home" not in told
