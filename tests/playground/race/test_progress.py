"""What is left is said from the measured pace; a share of the cores is a true one."""

import pytest

from playground.race.progress import duration, remaining, shared
from rnncore.config import RunConfig
from rnncore.pool.entry import Entry, Sharing
from rnncore.pool.pace import Pace
from rnncore.training.race import Race


def paced(per_second, seconds, speed="full"):
    pace = Pace()
    for tick in range(int(seconds * 10) + 1):
        pace.note(tick / 10, int(per_second * tick / 10), speed)
    return pace


def test_the_time_left_is_the_updates_left_at_the_pace_of_the_last_ten_seconds():
    assert paced(20, 5).seconds_for(200) == pytest.approx(10, rel=0.05)
    pace = paced(20, 60)
    for tick in range(1, 151):
        pace.note(60 + tick / 10, 1200 + tick // 2, "full")  # now 5 a second
    assert pace.seconds_for(100) == pytest.approx(20, rel=0.05)


def test_no_time_is_told_before_one_has_been_measured_or_after_another_speed():
    assert Pace().seconds_for(5) is None and paced(20, 0.5).seconds_for(5) is None
    pace = paced(20, 5)
    pace.note(5.3, 100, "slow")
    assert pace.seconds_for(5) is None


def test_a_race_with_a_target_takes_at_most_so_long():
    race = Race.of([RunConfig(hidden_size=4, seq_len=4, steps=800)])
    entry = Entry(race, "me", pace=paced(20, 5))
    assert remaining(entry, race.view()) == " · about 40 s to go"
    race.set(target=0.9)
    assert remaining(entry, race.view()) == " · at most about 40 s to go"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "1 s"), (7.4, "7 s"), (41, "40 s"), (56, "55 s"), (58, "1 min"), (200, "3 min"), (9000, "2.5 h")],
)
def test_times_are_told_as_people_do(seconds, said):
    assert duration(seconds) == said


def test_who_shares_the_cores():
    assert shared(Sharing(2, 2, 2, True)) == ""
    assert shared(Sharing(12, 12, 2, True)) == " · 12 people are training here, each gets a twelfth of the 2 cores"
    assert shared(Sharing(3, 1, 2, True)) == " · your 3 races share the 2 cores"
    assert shared(Sharing(8, 5, 2, False)) == " · 5 people are training here, each gets a fifth of the 2 cores or more"
