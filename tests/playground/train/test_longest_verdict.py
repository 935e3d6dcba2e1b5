"""The room that is held for a finding is large enough for every one that a recorded run has led to."""

import pytest
from markupsafe import Markup

from playground.components.reserved import bounded
from playground.race import recorded, verdicts, words
from playground.train import longest_verdict
from rnncore.pool.entry import Place
from rnncore.tasks import TASKS


@pytest.mark.parametrize("task", [name for name in TASKS if recorded.file(name).exists()])
def test_a_finding_is_never_longer_than_its_room(task):
    race = recorded.race(recorded.recommended(task))
    assert race is not None
    assert len(verdicts.finding(race.view().runs)) <= len(longest_verdict.finding(race.view().runs))


def test_what_only_holds_room_is_no_text_of_the_page():
    made = bounded(Markup("<b>a</b>"), 13)
    assert made.startswith('<span class="held bounded"><span ') and "><b>a</b></span><span class" in made
    assert 'tabindex="0"' in made  # what is scrolled is reached by Tab
    assert 'data-longest="sixes sixes sixes"></span>' in made


def test_who_waits_is_told_the_place_in_line_and_what_is_waited_for():
    said = words.waiting(Place(3, 41.2, 40))
    assert "one of 40 places" in said and "number 3 in line" in said and "about 41 s" in said and "20 s" in said
