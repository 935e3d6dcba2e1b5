"""The janitor frees what nobody holds, mends what broke, and outlives its own errors."""

import contextlib
import logging
import re
import threading
from pathlib import Path

import pytest

from playground.live import process
from rnncore.config import RunConfig
from rnncore.pool.pool import RunPool
from rnncore.training.race import Race
from tests.support.waiting import until


class Stop(BaseException):
    """Ends the janitor's endless round in a test."""


@pytest.fixture
def hurried(monkeypatch):
    """Rounds and grace of hundredths of seconds; returns the connected sessions."""
    connected = set()
    monkeypatch.setattr(process, "ROUND_SECONDS", 0.01)
    monkeypatch.setattr(process, "GRACE_SECONDS", 0.05)
    monkeypatch.setattr(process, "COLLECT_SECONDS", 0.0)
    monkeypatch.setattr(process, "is_connected", connected.__contains__)
    return connected


def keep_house(pool):
    """Run the janitor in a thread of its own, as the server does, until the pool raises Stop."""

    def work():
        with contextlib.suppress(Stop):
            process._janitor_loop(pool)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


class Pool(RunPool):
    """A real pool that can be told to end or to disturb its janitor."""

    ends, faults = False, 0

    def owners(self):
        if self.ends:
            raise Stop
        if self.faults:
            self.faults -= 1
            raise RuntimeError("the janitor stumbles")
        return super().owners()


@pytest.fixture
def pool():
    made = Pool(workers=1)
    yield made
    made.ends = True
    made.close()


def started(pool, owner):
    race = Race.of([RunConfig(hidden_size=4, seq_len=8, batch_size=4, steps=100_000)])
    entry = pool.get(owner, pool.add(owner, race))
    entry.speed = "medium"
    pool.start(entry)
    until(lambda: race.step > 1)
    return race


def test_the_run_of_a_closed_tab_is_stopped_and_a_watched_one_goes_on(pool, hurried):
    hurried |= {"closing", "staying"}
    closing, staying = started(pool, "closing"), started(pool, "staying")
    janitor = keep_house(pool)
    until(lambda: staying.step > 5)
    assert pool.owners() == {"closing", "staying"}
    hurried.remove("closing")
    until(lambda: pool.owners() == {"staying"})
    assert closing.status == "paused"
    before = staying.step
    until(lambda: staying.step > before + 5)
    pool.ends = True
    janitor.join(10)
    assert not janitor.is_alive()


def test_the_janitor_outlives_an_error_and_reports_it(pool, hurried, caplog):
    started(pool, "gone")
    pool.faults = 3
    with caplog.at_level(logging.ERROR, logger="playground.live.process"):
        janitor = keep_house(pool)
        until(lambda: len(pool) == 0)
    assert janitor.is_alive()
    assert [record.message for record in caplog.records] == ["the janitor met an error and goes on"] * 3
    pool.ends = True
    janitor.join(10)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_dead_worker_is_replaced_and_the_runs_of_others_go_on(pool, hurried, caplog):
    hurried |= {"unlucky", "other"}

    class Fatal(BaseException):
        pass

    def die(**_):
        raise Fatal("out of everything")

    unlucky = started(pool, "unlucky")
    unlucky.advance_one = die
    other = Race.of([RunConfig(hidden_size=4, seq_len=8, batch_size=4, steps=100_000)])
    entry = pool.get("other", pool.add("other", other))
    until(lambda: pool.get("unlucky", unlucky.number).failure is not None)
    with caplog.at_level(logging.ERROR, logger="playground.live.process"):
        janitor = keep_house(pool)
        pool.start(entry)
        until(lambda: other.step > 5)
    assert "a worker thread had died and was replaced" in [record.message for record in caplog.records]
    assert "Fatal" in pool.get("unlucky", unlucky.number).failure
    pool.ends = True
    janitor.join(10)


def test_freed_memory_is_given_back_to_the_system():
    def held():
        status = Path("/proc/self/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024

    blocks = [bytearray(b"x") * 60_000 for _ in range(2000)]  # small enough for the heap, 120 MB in all
    top = bytearray(b"x") * 60_000  # what stays on top of the heap hinders the C library from shrinking it by itself
    del blocks
    before = held()
    process.trim_memory()
    assert top and held() < before - 50 * 2**20
