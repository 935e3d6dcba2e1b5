"""The pool: fair, bounded, private to each owner, and not to be brought down by one bad race.

Threads are waited for with generous deadlines; nothing here depends on how fast they are.
"""

import itertools
import threading
import time

import pytest
import torch

from rnncore.config import RunConfig
from rnncore.errors import LimitError
from rnncore.pool import workers as workers_module
from rnncore.pool.entry import Measurement
from rnncore.pool.pool import RunPool
from rnncore.pool.workers import UPDATES_PER_SECOND
from rnncore.training.limits import Limits
from rnncore.training.race import Race
from rnncore.training.run import Run
from tests.support.waiting import until

torch.set_num_threads(1)

DEADLINE = 60


def config(**changes) -> RunConfig:
    return RunConfig.from_flat(
        {"seq_len": 8, "hidden_size": 4, "batch_size": 4, "steps": 100_000, "cell": "lstm", **changes}
    )


def race(*cells, **changes) -> Race:
    return Race.of([config(cell=cell, **changes) for cell in cells or ("lstm",)])


@pytest.fixture
def make():
    """Build pools that are closed again, whatever happens."""
    made = []

    def build(workers=2, *, is_there=lambda owner: True, **limits) -> RunPool:
        allowed = Limits(**{"races_per_session": 100, "races_per_visitor": 100, **limits})
        made.append(RunPool(allowed, workers, is_there=is_there))
        return made[-1]

    yield build
    for pool in made:
        pool.close()
    assert not any(worker.is_alive() for pool in made for worker in pool._workers)


def enter(pool, race_, owner="me", visitor="", **settings):
    """Add a race and return its entry."""
    entry = pool.get(owner, pool.add(owner, race_, visitor))
    for name, value in settings.items():
        setattr(entry, name, value)
    return entry


def losses(run):
    return run.history.updates["loss"].tolist()


def settled(entry):
    """Wait until nobody works on a race, and return its steps."""
    until(lambda: not entry.busy)
    return [run.step for run in entry.trainee.runs]


# --- what comes out is what a run alone gives -------------------------------------------------------------


def test_everyone_gets_the_run_they_would_have_had_alone(make):
    pool = make()
    members = [("rnn", "lstm"), ("gru",), ("lstm", "feedforward"), ("rnn",)]
    deep = {"num_layers": 2, "dropout": 0.3, "steps": 80}
    entries = [enter(pool, race(*cells, seed=seed, **deep)) for seed, cells in enumerate(members)]
    for entry in entries:
        pool.start(entry)
    until(lambda: all(entry.trainee.status == "finished" for entry in entries))
    for entry in entries:
        for run in entry.trainee.runs:
            alone = Run(run.config)
            alone.advance()
            assert losses(run) == losses(alone)
            assert run.history.held_out.rows().tobytes() == alone.history.held_out.rows().tobytes()
            assert all(torch.equal(a, b) for a, b in zip(run.model.parameters(), alone.model.parameters(), strict=True))


# --- what a visitor can do --------------------------------------------------------------------------------


def test_nothing_moves_before_it_is_started(make):
    pool = make()
    entry, other = enter(pool, race()), enter(pool, race())
    pool.start(other)
    until(lambda: other.trainee.step > 50)
    assert entry.trainee.step == 0 and entry.trainee.status == "ready" and entry.used == 0


def test_pause_stops_after_the_update_in_hand(make):
    pool = make()
    entry, witness = enter(pool, race("lstm", "gru")), enter(pool, race())
    pool.start(entry)
    pool.start(witness)
    until(lambda: entry.trainee.step > 20)
    before = max(run.step for run in entry.trainee.runs)
    pool.pause(entry)
    after = [run.step for run in entry.trainee.runs]
    assert max(after) >= before
    stopped = settled(entry)
    assert max(stopped) <= max(after) + 1
    for goal in range(20, 200, 20):  # many polls, while the pool is demonstrably at work
        until(lambda goal=goal: witness.trainee.step > goal)
        assert [run.step for run in entry.trainee.runs] == stopped
    pool.start(entry)
    until(lambda: entry.trainee.step > max(stopped) + 5)


def test_a_race_is_not_at_rest_before_its_update_in_hand_is_done(make, monkeypatch):
    begun, go_on, update = threading.Event(), threading.Event(), Run._update

    def slow(run, *args):
        begun.set()
        assert go_on.wait(DEADLINE)
        update(run, *args)

    monkeypatch.setattr(Run, "_update", slow)
    pool = make()
    entry = enter(pool, race())
    assert not entry.moving
    pool.start(entry)
    assert begun.wait(DEADLINE) and entry.moving and not entry.pausing
    pool.pause(entry)
    assert entry.moving and entry.pausing and entry.trainee.step == 0
    go_on.set()
    until(lambda: not entry.moving)
    assert not entry.pausing and entry.trainee.step == 1 and entry.trainee.status == "paused"
    go_on.clear()
    pool.step(entry)
    until(lambda: entry.advancing)
    assert not entry.pausing, "a single step is no pause"
    go_on.set()
    until(lambda: not entry.single_steps)


def test_step_does_exactly_one_update(make):
    pool = make()
    entry = enter(pool, race("lstm", "gru"))
    for n in range(1, 6):
        pool.step(entry)
        until(lambda: entry.single_steps == 0)
        assert settled(entry) == [n, n] and entry.trainee.status == "paused"
    for _ in range(4):
        pool.step(entry)  # pressed faster than it can be done
    until(lambda: entry.single_steps == 0)
    assert settled(entry) == [9, 9]
    witness = enter(pool, race())
    pool.start(witness)
    until(lambda: witness.trainee.step > 100)
    assert settled(entry) == [9, 9]


def test_pause_forgets_steps_not_yet_done(make):
    pool = make(workers=1)
    entry = enter(pool, race())
    with pool.hold(entry):
        for _ in range(5):
            pool.step(entry)
        pool.pause(entry)
    assert entry.single_steps == 0 and settled(entry) == [0]


def test_a_race_belongs_to_its_owner(make):
    pool = make()
    number = pool.add("ann", race())
    assert pool.get("ann", number).owner == "ann"
    assert pool.get("bob", number) is None and pool.get("", number) is None
    assert pool.get("ann", number + 1) is None and pool.get("ann", None) is None
    mine = pool.add("bob", race())
    assert mine != number and pool.get("ann", mine) is None
    assert pool.owners() == {"ann", "bob"} and len(pool) == 2


def test_removing_stops_and_frees(make):
    pool = make()
    entry, other = enter(pool, race()), enter(pool, race(), "bob")
    for each in (entry, other):
        pool.start(each)
    until(lambda: entry.trainee.step > 10)
    pool.remove(entry.trainee.number)
    stopped = settled(entry)
    assert pool.get("me", entry.trainee.number) is None and len(pool) == 1
    reached = other.trainee.step
    until(lambda: other.trainee.step > reached + 50)
    assert [run.step for run in entry.trainee.runs] == stopped
    pool.remove(entry.trainee.number)  # twice does no harm
    pool.release(["bob", "nobody"])
    assert len(pool) == 0 and pool.owners() == set()
    settled(other)
    assert other.trainee.status == "paused"


def test_release_takes_all_races_of_an_owner_and_no_other(make):
    pool = make()
    for owner in ("ann", "ann", "bob", "cid"):
        pool.add(owner, race())
    pool.release({"ann", "cid"})
    assert pool.owners() == {"bob"} and len(pool) == 1


def test_hold_keeps_the_workers_away(make):
    pool = make(workers=1)  # which goes on with the others meanwhile
    entry, witness = enter(pool, race("lstm", "gru")), enter(pool, race())
    pool.start(entry)
    pool.start(witness)
    until(lambda: entry.trainee.step > 20)
    with pool.hold(entry) as held:
        assert held is entry.trainee
        at = [run.step for run in held.runs]
        reached = witness.trainee.step
        until(lambda: witness.trainee.step > reached + 100)
        assert [run.step for run in held.runs] == at
        for run in held.runs:
            run.rewind()
            run.start()
        good = held.step
    until(lambda: entry.trainee.step > good + 20)
    for run in entry.trainee.runs:
        assert losses(run)[:20] == losses_alone(run.config, 20)


def losses_alone(config_, steps):
    alone = Run(config_)
    alone.advance(steps=steps)
    return losses(alone)


def test_hold_does_not_wait_for_the_end_of_a_slice(make, monkeypatch):
    monkeypatch.setattr(workers_module, "SLICE_SECONDS", 1e9)
    pool = make()
    entry = enter(pool, race())
    pool.start(entry)
    until(lambda: entry.trainee.step > 20)
    ready = threading.Event()

    def hold():
        with pool.hold(entry):
            ready.set()

    holder = threading.Thread(target=hold)
    holder.start()
    got = ready.wait(DEADLINE)
    pool.pause(entry)  # ends the slice in any case
    holder.join()
    assert got


def test_an_error_while_holding_lets_go(make):
    pool = make()
    entry = enter(pool, race())
    pool.start(entry)
    with pytest.raises(ZeroDivisionError), pool.hold(entry):
        raise ZeroDivisionError
    reached = entry.trainee.step
    until(lambda: entry.trainee.step > reached + 5)


# --- limits -----------------------------------------------------------------------------------------------


def refusal(pool, owner, race_, visitor=""):
    before = len(pool)
    with pytest.raises(LimitError) as error:
        pool.add(owner, race_, visitor)
    assert len(pool) == before
    message = str(error.value)
    assert message.endswith(".") and ". " not in message and message.isprintable() and ": " in message
    return message


def test_the_most_races_of_one_session(make):
    pool = make(races_per_session=2)
    numbers = [pool.add("ann", race()) for _ in range(2)]
    assert "2 runs" in refusal(pool, "ann", race())
    pool.add("bob", race())
    pool.remove(numbers[0])
    pool.add("ann", race())


def test_the_most_races_of_the_server(make):
    pool = make(races=3)
    numbers = [pool.add(f"visitor {i}", race()) for i in range(3)]
    assert "All 3 places" in refusal(pool, "late", race())
    pool.remove(numbers[1])
    pool.add("late", race())


def test_what_was_put_aside_makes_room_the_oldest_first(make):
    pool = make(races=3)
    first, second, third = (pool.add(f"visitor {i}", race()) for i in range(3))
    for i, number in enumerate((first, second)):
        pool.get(f"visitor {i}", number).spare = True
    pool.add("late", race())
    assert pool.get("visitor 0", first) is None and pool.get("visitor 1", second) is not None
    pool.add("later", race())
    assert pool.get("visitor 1", second) is None and pool.get("visitor 2", third) is not None
    assert "All 3 places" in refusal(pool, "too late", race())


def test_races_of_those_who_are_gone_make_room_for_those_who_are_there(make):
    there = {"ann", "bob", "cid"}
    pool = make(races=4, is_there=there.__contains__)
    moving, idle, last = (enter(pool, race(), owner) for owner in ("ann", "bob", "cid"))
    own = enter(pool, race(), "ann", visitor="dan")
    pool.start(moving)
    assert "All 4 places" in refusal(pool, "late", race()), "all are there"
    there -= {"ann", "bob"}
    pool.add("eve", race())
    assert pool.get("bob", idle.trainee.number) is None, "the idle one of the oldest who is gone"
    there |= {"eve"}
    pool.add("fay", race(), "dan")
    assert pool.get("ann", own.trainee.number) is None
    there |= {"fay"}
    pool.add("gus", race())
    assert pool.get("ann", moving.trainee.number) is None and settled(moving) and not moving.runnable
    there |= {"gus"}
    assert "All 4 places" in refusal(pool, "too late", race()) and pool.get("cid", last.trainee.number) is last


def test_nothing_is_freed_for_one_who_is_refused_all_the_same(make):
    pool = make(races_per_session=1)
    spare = enter(pool, race(), "bob", spare=True)
    pool.add("ann", race())
    assert "1 runs" in refusal(pool, "ann", race()) and pool.get("bob", spare.trainee.number) is spare


def test_the_most_memory(make):
    each = race("lstm").memory
    pool = make(memory=3 * each)
    pool.add("ann", race("lstm", "lstm"))
    assert "memory" in refusal(pool, "bob", race("lstm", "lstm"))
    pool.add("bob", race("lstm"))
    assert "memory" in refusal(pool, "cid", race("lstm"))


def test_the_most_races_of_one_visitor(make):
    pool = make(races_per_session=2, races_per_visitor=3)
    for tab in ("tab 1", "tab 1", "tab 2"):
        pool.add(tab, race(), "ann")
    assert "3 runs" in refusal(pool, "tab 3", race(), "ann")
    pool.add("tab of bob", race(), "bob")


LARGE = {"hidden_size": 60, "steps": 12}  # 15,000 weights: more than stays in memory


def test_what_does_not_fit_beside_the_others_waits_and_all_come_to_the_end_they_would_have_had_alone(make):
    each = race(**LARGE)
    pool = make(memory=4 * each.memory_aside + 2 * (each.memory - each.memory_aside), turn_seconds=0.02)
    entries = [enter(pool, race(seed=seed, **LARGE), owner=str(seed)) for seed in range(4)]
    assert any(entry.aside for entry in entries)
    for entry in entries:
        pool.start(entry)
    until(lambda: all(entry.trainee.status == "finished" for entry in entries))
    for entry in entries:
        with pool.hold(entry) as held:
            (run,) = held.runs
            alone = Run(run.config)
            alone.advance()
            assert losses(run) == losses(alone)
            assert all(torch.equal(a, b) for a, b in zip(run.weights(), alone.weights(), strict=True))
            assert run.optimizer.state_dict().keys() == alone.optimizer.state_dict().keys()


def test_those_that_need_it_least_leave_memory_first(make):
    each, long = race(**LARGE), race(hidden_size=60)
    pool = make(memory=long.memory + 2 * each.memory + 2 * each.memory_aside)
    entries = {name: enter(pool, race(**LARGE), name) for name in ("idle", "put aside")}
    entries["put aside"].spare = True
    entries["moving"] = enter(pool, long, "moving")
    pool.start(entries["moving"])
    for expected in (["put aside"], ["idle", "put aside"]):
        late = enter(pool, race(**LARGE), f"after {expected}")
        assert sorted(name for name, entry in entries.items() if entry.aside) == expected and not late.aside


def test_a_race_that_left_memory_is_measured_and_held_as_it_was(make):
    pool = make()
    entry = enter(pool, race(**LARGE))
    before = entry.trainee.runs[0].weights()
    entry.trainee.put_aside()
    entry.aside = True
    assert all(not weights.numel() for weights in entry.trainee.runs[0].weights())
    wanted = Measurement(lambda held: held.runs[0].weights())
    pool.measure(entry, wanted)
    assert wanted.done.wait(DEADLINE) and not entry.aside
    assert all(torch.equal(a, b) for a, b in zip(before, wanted.value, strict=True))


# --- fairness ---------------------------------------------------------------------------------------------


def jain(shares):
    """Jain's index: 1 if all are equal, 1/n if one has everything."""
    return sum(shares) ** 2 / (len(shares) * sum(share**2 for share in shares))


def test_equal_races_get_equal_shares(make, monkeypatch):
    monkeypatch.setattr(workers_module, "SLICE_SECONDS", 0.005)
    pool = make()
    entries = [enter(pool, race(), owner=str(i)) for i in range(8)]
    for entry in entries:
        pool.start(entry)
    until(lambda: sum(entry.used for entry in entries) > 1.2)  # 30 slices for each
    used = [entry.used for entry in entries]
    for entry in entries:
        pool.pause(entry)
    assert min(used) > 0 and jain(used) >= 0.9
    assert jain([entry.trainee.seconds for entry in entries]) >= 0.85


def test_a_heavy_race_gets_no_more_time_than_light_ones(make, monkeypatch):
    monkeypatch.setattr(workers_module, "SLICE_SECONDS", 0.005)
    pool = make()
    heavy = enter(pool, race("lstm", "gru", "rnn", "lstm", hidden_size=32, seq_len=40, batch_size=32))
    entries = [heavy, *(enter(pool, race(), owner=str(i)) for i in range(5))]
    for entry in entries:
        pool.start(entry)
    until(lambda: sum(entry.used for entry in entries) > 1.5)
    assert jain([entry.used for entry in entries]) >= 0.9


def test_a_visitor_with_many_tabs_gets_one_part(make, monkeypatch):
    monkeypatch.setattr(workers_module, "SLICE_SECONDS", 0.005)
    pool = make()
    greedy = [enter(pool, race(), owner=f"tab {i}", visitor="greedy") for i in range(8)]
    modest = [enter(pool, race(), owner=f"visitor {i}", visitor=f"visitor {i}") for i in range(3)]
    for entry in greedy + modest:
        pool.start(entry)
    until(lambda: sum(entry.used for entry in greedy + modest) > 1.5)
    parts = [sum(entry.used for entry in greedy), *(entry.used for entry in modest)]
    assert jain(parts) >= 0.9
    assert jain([entry.used for entry in greedy]) >= 0.8


def burn(seconds):
    """Compute for so long, as a measurement would."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        torch.ones(64, 64) @ torch.ones(64, 64)
    return seconds


def test_what_is_asked_is_answered_or_raises(make):
    pool = make()
    assert pool.ask("tab", "ann", lambda: 6 * 7).wait() == 42
    with pytest.raises(ZeroDivisionError):
        pool.ask("tab", "ann", lambda: 1 / 0).wait()
    assert len(pool) == 0 and pool.owners() == set()


def test_what_is_asked_counts_as_any_update_does(make, monkeypatch):
    monkeypatch.setattr(workers_module, "SLICE_SECONDS", 0.005)
    pool = make(workers=1)
    entry = enter(pool, race(), owner="modest", visitor="modest")
    pool.start(entry)
    until(lambda: entry.trainee.step > 5)
    began = entry.used
    asked = [pool.ask(f"tab {i}", "greedy", lambda: burn(0.02)) for i in range(40)]
    for each in asked:
        each.wait()
    assert entry.used - began > 0.8 * 0.7  # the other visitor had as much meanwhile


def test_what_waits_is_dropped_with_its_tab(make):
    pool = make(workers=1)
    begun, go_on = threading.Event(), threading.Event()
    first = pool.ask("stays", "ann", lambda: (begun.set(), go_on.wait(DEADLINE)))
    assert begun.wait(DEADLINE)
    waiting = pool.ask("closes", "bob", lambda: 1)
    assert pool.owners() == {"stays", "closes"}
    pool.release(["closes"])
    with pytest.raises(RuntimeError):
        waiting.wait()
    go_on.set()
    first.wait()
    assert pool.ask("stays", "ann", lambda: 2).wait() == 2


def test_everybodys_first_race_has_a_place_before_anybodys_second(make):
    pool = make(moving=3, turn_seconds=1000)
    greedy = [enter(pool, race(), owner=f"tab {i}", visitor="greedy") for i in range(5)]
    for entry in greedy:
        pool.start(entry)
    until(lambda: all(entry.trainee.step for entry in greedy[:3]))
    late = [enter(pool, race(), owner=name, visitor=name) for name in ("ann", "bob")]
    for entry in late:
        pool.start(entry)
        assert pool.place(entry) is None
    until(lambda: all(entry.trainee.step for entry in late))
    assert [place and place.number for place in map(pool.place, greedy)] == [None, 1, 2, 3, 4]


def test_small_races_pass_by_a_large_one_that_waits_for_memory(make):
    large = {"hidden_size": 60}
    pool = make(moving=4, memory=3 * race(**large).memory, turn_seconds=1000)
    entries = [enter(pool, race(**large), owner=f"large {i}") for i in range(3)]
    entries.append(enter(pool, race(steps=10), owner="small"))
    for entry in entries:
        pool.start(entry)
    assert [place and place.number for place in map(pool.place, entries)] == [None, 1, 2, None]


def test_a_newcomer_starts_level(make):
    pool = make()
    old, new = enter(pool, race()), enter(pool, race())
    pool.start(old)
    until(lambda: old.used > 0.5)
    pool.start(new)
    assert new.used >= 0.5  # else it would have the workers for itself until it had caught up
    until(lambda: new.trainee.step > 20)


def test_who_waits_for_a_place_and_who_gets_it(make):
    pool = make(workers=1, moving=2, turn_seconds=1000)
    entries = [enter(pool, race(), owner=str(i)) for i in range(7)]
    assert [pool.place(entry) for entry in entries] == [None] * 7
    for entry in entries:
        pool.start(entry)
    places = [pool.place(entry) for entry in entries]
    assert places[:2] == [None, None]
    assert [place.number for place in places[2:]] == [1, 2, 3, 4, 5]
    assert [place.seconds for place in places[2:]] == pytest.approx([1000, 1500, 2000, 2500, 3000], abs=60)
    until(lambda: all(entry.trainee.step > 50 for entry in entries[:2]))
    assert all(entry.trainee.step == 0 for entry in entries[2:])
    pool.pause(entries[0])
    assert pool.place(entries[2]) is None and pool.place(entries[3]).number == 1
    until(lambda: entries[2].trainee.step > 20)
    pool.remove(entries[1].trainee.number)
    until(lambda: entries[3].trainee.step > 20)
    pool.start(entries[0])  # back to the end of the line
    assert pool.place(entries[0]).number == 4 and pool.place(entries[4]).number == 1


def test_more_races_than_places_all_get_their_turn(make):
    pool = make(moving=2, turn_seconds=0.02)
    entries = [enter(pool, race(), owner=str(i)) for i in range(9)]
    for entry in entries:
        pool.start(entry)
    until(lambda: all(entry.trainee.step > 30 for entry in entries), "everyone's turn")
    reached = [entry.trainee.step for entry in entries]
    until(lambda: all(entry.trainee.step > at + 30 for entry, at in zip(entries, reached, strict=True)), "another turn")


def test_places_change_hands_one_at_a_time(make):
    pool = make(workers=1, moving=4, turn_seconds=0.4)
    entries = [enter(pool, race(), owner=str(i)) for i in range(8)]
    for entry in entries:
        pool.start(entry)
    joined = [entry.queued for entry in entries[:4]]
    gave_up = {}

    def watch():
        gave_up.update({i: e.queued for i, e in enumerate(entries[:4]) if i not in gave_up and e.queued != joined[i]})
        return len(gave_up) == 4

    until(watch, "all of the first four have given up their places")
    moments = sorted(gave_up.values())
    assert all(later - earlier >= 0.1 for earlier, later in itertools.pairwise(moments))


def test_slow_races_are_not_served_before_they_are_due(make):
    pool = make()
    entry = enter(pool, race("lstm", "gru"), speed="slow")
    pool.start(entry)
    dues = []

    def watch():
        if not dues or entry.due != dues[-1]:
            dues.append(entry.due)
        return entry.trainee.step >= 4

    until(watch)
    pool.pause(entry)
    steps = settled(entry)
    dues = [due for due in dues if due]
    assert len(dues) >= 3 and max(steps) <= len(dues) + 1  # one update each time
    for earlier, later in itertools.pairwise(dues):
        assert later - earlier >= 1 / UPDATES_PER_SECOND["slow"] - 1e-6
    entry.speed = "full"
    entry.due = 0.0
    pool.start(entry)
    until(lambda: entry.trainee.step > max(steps) + 100)


# --- what goes wrong with one race stays with it ----------------------------------------------------------


def sabotage(entry, error, at=5):
    """Let the first run of a race raise when it draws the batch of an update."""
    run = entry.trainee.runs[0]
    draw = run.task.batch

    def batch(n, generator):
        if run.step == at:
            raise error
        return draw(n, generator)

    run.task.batch = batch


def test_an_error_is_kept_with_its_cause_and_the_others_go_on(make):
    pool = make()
    bad, good = enter(pool, race()), enter(pool, race())
    sabotage(bad, ValueError("no more data"))
    for entry in (bad, good):
        pool.start(entry)
    until(lambda: bad.failure is not None)
    assert bad.failure == "ValueError: no more data"
    settled(bad)
    assert bad.trainee.status == "paused" and bad.trainee.step == 5 and not bad.runnable
    reached = good.trainee.step
    until(lambda: good.trainee.step > reached + 50)
    assert good.failure is None and pool.replace_dead_workers() == 0
    pool.start(bad)  # a failed race does not come back
    reached = good.trainee.step
    until(lambda: good.trainee.step > reached + 50)
    assert bad.trainee.step == 5 and pool.place(bad) is None


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_worker_that_dies_is_replaced(make, workers):
    pool = make(workers)
    bad, good = enter(pool, race()), enter(pool, race())
    sabotage(bad, SystemExit(3))
    before = list(pool._workers)
    pool.start(bad)
    until(lambda: bad.failure is not None and sum(not worker.is_alive() for worker in before) == 1)
    assert bad.failure == "SystemExit: 3" and not bad.lock.locked() and not bad.busy
    pool.start(good)
    assert pool.replace_dead_workers() == 1 and pool.replace_dead_workers() == 0
    assert sum(worker.is_alive() for worker in pool._workers) == workers
    until(lambda: good.trainee.step > 50)
    with pool.hold(bad):  # what is left can still be saved
        assert bad.trainee.step == 5


def test_divergence_is_no_failure_and_others_do_not_notice(make):
    pool = make()
    bad = enter(pool, race(optimizer="sgd", lr=10, clip_norm=0, seq_len=20))
    good = enter(pool, race(steps=60))
    for entry in (bad, good):
        pool.start(entry)
    until(lambda: bad.trainee.status == "diverged" and good.trainee.status == "finished")
    assert bad.failure is None and good.failure is None
    assert losses(good.trainee.runs[0]) == losses_alone(config(steps=60), 60)


# --- the end ----------------------------------------------------------------------------------------------


def test_closing_ends_the_workers_within_a_slice():
    pool = RunPool(Limits(), workers=3)
    entry = enter(pool, race())
    pool.start(entry)
    until(lambda: entry.trainee.step > 5)
    workers = list(pool._workers)
    pool.close()
    assert len(workers) == 3 and not any(worker.is_alive() for worker in workers)
    assert pool.replace_dead_workers() == 0 and pool._workers == workers
    stopped = entry.trainee.step
    time.sleep(0.02)
    assert entry.trainee.step == stopped


def test_many_visitors_at_once(make):
    """Everybody does everything at the same time; in the end all is gone and nothing has failed."""
    pool = make(races=300, moving=5, turn_seconds=0.01)
    problems = []

    def visit(name):
        try:
            for i in range(6):
                entry = enter(pool, race(seed=i), owner=name)
                pool.start(entry)
                pool.step(entry)
                entry.trainee.view(20)
                pool.place(entry)
                with pool.hold(entry):
                    entry.trainee.set(lr=0.02)
                pool.pause(entry)
                if i % 2:
                    pool.remove(entry.trainee.number)
                if entry.failure:
                    problems.append(entry.failure)
            pool.release([name])
        except Exception as error:
            problems.append(repr(error))

    visitors = [threading.Thread(target=visit, args=(str(i),)) for i in range(12)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join(DEADLINE)
    assert problems == [] and len(pool) == 0 and pool.replace_dead_workers() == 0


# --- measuring ------------------------------------------------------------------------------------------------


def test_a_race_is_measured_whatever_its_state_and_an_error_there_is_only_told(make):
    pool = make(moving=1)
    mine, other = enter(pool, race("gru")), enter(pool, race("lstm"))
    for entry in (mine, other):
        pool.start(entry)
    until(lambda: max(mine.trainee.step, other.trainee.step) > 3)

    def measured(entry, measure):
        measurement = Measurement(measure)
        pool.measure(entry, measurement)
        until(measurement.done.is_set, "the measurement")
        return measurement

    for entry in (mine, other):  # one moves, one waits in line
        assert measured(entry, lambda race: race.runs[0].config.cell).value in ("gru", "lstm")
    pool.pause(mine)
    assert measured(mine, lambda race: race.status).value in ("paused", "ready")
    assert isinstance(measured(mine, lambda race: 1 / 0).error, ZeroDivisionError) and mine.failure is None


def test_a_race_that_is_measured_all_the_time_goes_on(make):
    pool = make(workers=1)
    entry = enter(pool, race("gru"), speed="medium")
    pool.start(entry)
    for _ in range(5):
        measurement, before = Measurement(lambda race: race.step), entry.trainee.step
        pool.measure(entry, measurement)
        until(lambda m=measurement, b=before: m.done.is_set() and entry.trainee.step > b)


def test_a_view_is_made_once_for_all_who_ask_until_something_changes(make):
    pool = make()
    entry = enter(pool, race("rnn", "lstm"))
    view = entry.view()
    assert entry.view() is view and entry.view(answers=True) is not view and entry.view(answers=True).runs[0].answers
    pool.change(entry, lr=0.02)
    assert entry.view() is not view and entry.view().config.lr == 0.02
    view = entry.view()
    pool.step(entry)
    until(lambda: entry.view().step == 1)
    assert entry.view() is not view and entry.view() is entry.view()
