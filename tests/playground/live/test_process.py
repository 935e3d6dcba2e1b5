"""A session that is gone keeps its run for the grace period; one that is there keeps it for ever."""

import pytest

from playground.live import process
from playground.live.turn import Turn


@pytest.fixture
def there(monkeypatch):
    """The sessions that have a connection."""
    connected = set()
    monkeypatch.setattr(process, "is_connected", connected.__contains__)
    return connected


def test_a_session_expires_after_the_grace_and_not_before(there):
    leases = process.Leases(45)
    assert leases.expired({"a"}, now=0) == []
    assert leases.expired({"a"}, now=44.9) == []
    assert leases.expired({"a"}, now=45) == ["a"]


def test_a_session_that_comes_back_gets_a_new_grace(there):
    leases = process.Leases(45)
    leases.expired({"a"}, now=0)
    there.add("a")
    assert leases.expired({"a"}, now=30) == []
    there.remove("a")
    assert leases.expired({"a"}, now=50) == []
    assert leases.expired({"a"}, now=94) == []
    assert leases.expired({"a"}, now=95) == ["a"]


def test_a_connected_session_never_expires(there):
    there.add("a")
    leases = process.Leases(45)
    assert not any(leases.expired({"a"}, now=now) for now in range(0, 10_000_000, 10_000))


def test_sessions_are_told_apart_and_forgotten_when_they_own_nothing(there):
    leases = process.Leases(10)
    there.add("watching")
    assert leases.expired({"gone", "watching"}, now=0) == []
    assert leases.expired({"gone", "watching", "late"}, now=5) == []
    assert leases.expired({"gone", "watching", "late"}, now=10) == ["gone"]
    assert leases.expired({"watching"}, now=11) == []
    assert leases.expired({"watching", "late"}, now=16) == [], "it owned nothing meanwhile, so it counts anew"


def test_without_a_server_everybody_is_there():
    assert process.is_connected("anybody")


def test_the_grace_is_long_enough_for_a_short_loss_and_short_enough_for_a_closed_tab():
    assert process.GRACE_SECONDS >= 30 and process.GRACE_SECONDS + process.ROUND_SECONDS <= 60


def test_the_view_slows_down_when_a_hall_is_watching(monkeypatch):
    class Hall:
        def __init__(self, n):
            self.n = n

        def owners(self):
            return {str(i) for i in range(self.n)}

    monkeypatch.setattr(process, "pool", lambda: Hall(30))
    assert process.tick_seconds() == 0.25
    monkeypatch.setattr(process, "pool", lambda: Hall(60))
    assert process.tick_seconds() == 0.5


def test_the_view_slows_down_while_pages_wait_long_and_for_a_minute_after():
    turn = Turn()
    pace = process.Pace(turn)
    assert pace.seconds(10, now=0) == 0.25
    turn.waited = 2 * process.LATE_SECONDS
    assert pace.seconds(10, now=1) == 0.5 and pace.seconds(50, now=1) == 0.5
    turn.waited = 0
    assert pace.seconds(10, now=process.SLOW_SECONDS) == 0.5
    assert pace.seconds(10, now=process.SLOW_SECONDS + 1) == 0.25
