"""Turns: one at a time, again for its holder, and given away."""

import itertools
import threading
import time
from types import SimpleNamespace

import pytest

from playground.live import turn as module
from playground.live.turn import Turn
from tests.support.waiting import until


def test_one_holds_it_and_may_give_it_away():
    turn, seen, may_end = Turn(), [], threading.Event()

    def other():
        with turn:
            seen.append("in")
            may_end.wait(5)

    thread = threading.Thread(target=other)
    with turn, turn:
        thread.start()
        thread.join(0.05)
        assert not seen
        with turn.given_away():
            until(lambda: seen)
            may_end.set()
        thread.join(5)
        assert not thread.is_alive()
        after = threading.Thread(target=other)
        after.start()
        after.join(0.05)
        assert seen == ["in"], "taken back, at the same depth"
    after.join(5)
    assert seen == ["in", "in"]


def test_an_error_lets_go():
    turn = Turn()
    try:
        with turn, turn.given_away():
            raise ValueError
    except ValueError:
        pass
    thread = threading.Thread(target=turn.__enter__)
    thread.start()
    thread.join(5)
    assert not thread.is_alive()


def test_it_tells_how_long_it_is_waited_for(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(module, "time", SimpleNamespace(perf_counter=lambda: now[0], sleep=time.sleep))
    turn = Turn()
    with turn, turn:
        now[0] += 5
    assert turn.waited == 0
    waiting = threading.Thread(target=turn.__enter__)
    with turn:
        waiting.start()
        until(lambda: turn.queue)
        now[0] += 3
    waiting.join(5)
    assert turn.waited == pytest.approx(0.03), "a hundredth of the last wait"


def test_next_is_who_has_used_it_least_lately():
    who, served = threading.local(), []
    turn = Turn(lambda: getattr(who, "name", None))

    def use(name, seconds=0.0):
        who.name = name
        with turn:
            served.append(name)
            time.sleep(seconds)

    use("busy", 0.02)
    who.name = None
    with turn:
        waiting = [threading.Thread(target=use, args=(name,)) for name in ("busy", "busy", "new", None)]
        for thread in waiting:
            thread.start()
            until(lambda thread=thread: turn.queue > waiting.index(thread))
    for thread in waiting:
        thread.join(5)
    assert sorted(served[1:3], key=str) == [None, "new"] and served[3:] == ["busy", "busy"]


def test_who_had_much_of_the_time_waits_between_pages_while_others_want_to_compute(monkeypatch):
    monkeypatch.setattr(module, "MUCH_SECONDS", 0.1)
    monkeypatch.setattr(module, "SPACING_SECONDS", 0.2)
    name, others = "busy", {"busy"}
    turn = Turn(lambda: name, lambda who: who in others)
    naps = []
    monkeypatch.setattr(module.time, "sleep", naps.append)
    for _ in range(6):  # each counts for the 0.05 s of its sending at least
        with turn:
            pass
    slept = [nap for nap in naps if nap > 0]
    assert len(slept) >= 2 and all(later > earlier for earlier, later in itertools.pairwise(slept))
    naps.clear()
    name = "modest"
    with turn:
        assert turn.taken_by_modest
    others.clear()
    name = "busy"
    with turn:
        pass
    assert not naps, "neither who had little, nor anybody while nobody else wants to compute"


def test_for_whom_others_make_room():
    name = "busy"
    turn = Turn(lambda: name)
    for _ in range(module.math.ceil(module.MODEST_SECONDS / module.SENDING_SECONDS) + 2):
        with turn:
            pass
    with turn:
        assert turn.taken and not turn.taken_by_modest
    name = None
    with turn:
        assert turn.taken_by_modest
    assert not turn.taken_by_modest and turn.away == 0
    with turn, turn.given_away():
        assert turn.away == 1 and not turn.taken
