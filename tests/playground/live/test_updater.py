"""Live views over a real connection: what the server sends without being asked, to whom, and until when."""

import asyncio
import contextvars
import threading
import time
from urllib.parse import urlencode

import pytest
from streamlit.delta_generator import DeltaGenerator

from playground.live import updater
from playground.live.process import page_turn
from playground.live.slot import Slot
from tests.support.server import running
from tests.support.tab.client import Session
from tests.support.tab.refreshes import lateness
from tests.support.train_page import START, progress_of

ONE = {"cell": "lstm", "hidden_size": 4, "seq_len": 10, "batch_size": 4, "steps": 5000, "speed": "medium"}
PATIENCE = 30.0


async def until(true, what):
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"never came: {what}"
        await asyncio.sleep(0.02)


def reached(session, update):
    return lambda: (seen := progress_of(session)) is not None and seen.update >= update


def visits(*stories, **settings):
    """Run a story in each of as many tabs, at the same time, on one server of their own."""

    async def all_of_them():
        async with running(None) as server:
            tabs = [Session(server.url, f"/?{urlencode({**ONE, **settings, 'seed': i})}") for i in range(len(stories))]
            try:
                for tab in tabs:
                    await tab.open()
                await asyncio.gather(*(story(tab) for story, tab in zip(stories, tabs, strict=True)))
            finally:
                for tab in tabs:
                    await tab.close()
            assert [tab.errors() for tab in tabs] == [[] for _ in tabs]

    asyncio.run(all_of_them())


def test_what_moves_is_sent_unasked_each_tab_its_own_and_nothing_once_it_rests():
    async def watch(tab):
        await tab.click(START)
        assert all(seconds >= 10 for seconds in tab.live.values()), "the browser is told to ask for the theme only"
        await until(reached(tab, 20), "20 updates")
        assert progress_of(tab).seed == int(tab.query.rpartition("seed=")[2].partition("&")[0])
        assert len(tab.refreshes.moments[-1]) >= 2
        await tab.click("Pause")
        await asyncio.sleep(0.5)
        still, sent = progress_of(tab), len(tab.refreshes.moments[-1])
        await asyncio.sleep(1)
        assert (progress_of(tab), len(tab.refreshes.moments[-1])) == (still, sent)

    visits(watch, watch)


def test_a_run_of_the_page_takes_nothing_away_before_it_is_drawn_anew():
    async def watch(tab):
        await tab.click(START)
        await until(reached(tab, 5), "5 updates")
        apply, shown = tab.elements.apply, []

        def applied(*delta):
            apply(*delta)
            shown.append(progress_of(tab))

        tab.elements.apply = applied
        for scale in ("linear", "log"):
            await tab.set("Scale", scale)
        assert len(shown) > 50 and None not in shown

    visits(watch)


def test_the_end_of_a_race_runs_the_page_again_so_that_its_buttons_are_right():
    async def watch(tab):
        await tab.click(START)
        await until(lambda: "Start again" in [node.proto.label for node in tab.elements.of_kind("button")], "the end")
        await until(reached(tab, 25), "the last update")

    visits(watch, steps=25)


def test_the_same_run_again_sends_no_long_message_by_its_name_only_when_the_browser_has_forgotten_it():
    async def watch(tab):
        for _ in range(8):
            await tab.click(START)
            await until(lambda: "Start again" in [node.proto.label for node in tab.elements.of_kind("button")], "end")
            await asyncio.sleep(0.3)
            await tab.click("Reset")

    visits(watch, cell="rnn,lstm,gru", hidden_size=32, seq_len=20, steps=40, speed="full")


def test_a_tab_that_was_gone_for_a_moment_is_shown_everything_again():
    async def watch(tab):
        await tab.click(START)
        await until(reached(tab, 5), "5 updates")
        before = progress_of(tab).update
        await tab.close()
        await asyncio.sleep(1)
        await tab.connect()
        await until(reached(tab, before + 20), "more updates, without having asked for the page")

    visits(watch)


@pytest.fixture
def beating(monkeypatch):
    """A pulse whose views count as connected, in a process without a server; no other one beats meanwhile."""
    others = updater.live_updater()
    for session in list(others._views):
        others.end(session)
    with page_turn:  # what was being drawn is done
        pass
    monkeypatch.setattr(updater, "app_session", lambda session: None)
    return updater.LiveUpdater()


def test_a_view_nobody_can_see_is_not_drawn_and_is_forgotten_in_the_end(beating, monkeypatch):
    monkeypatch.setattr(updater, "KEPT_SECONDS", 0.05)
    beating._views["gone"] = view(lambda: pytest.fail("drawn for nobody"), seconds=0.01)
    beating.end("never there")
    with beating._changed:
        beating._changed.notify()
    deadline = time.monotonic() + PATIENCE
    while len(beating):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_view_that_fails_ends_with_one_line_in_the_log_and_the_others_go_on(beating, monkeypatch, caplog):
    monkeypatch.setattr(updater, "app_session", lambda session: object())
    drawn = threading.Semaphore(0)
    monkeypatch.setattr(updater.View, "refresh", lambda self: self.draw())
    monkeypatch.setattr(updater.View, "say", lambda self, error: said.append(type(error)))
    monkeypatch.setattr(updater, "send", lambda of, messages, **how: None)
    said = []
    beating._views |= {"bad": view(lambda: 1 / 0, seconds=0.01), "good": view(lambda: drawn.release(), seconds=0.01)}
    with beating._changed:
        beating._changed.notify()
    for _ in range(5):
        assert drawn.acquire(timeout=PATIENCE)
    assert list(beating._views) == ["good"]
    beating.end("good")
    assert [record.exc_info[0] for record in caplog.records] == said == [ZeroDivisionError]


def view(draw, seconds):
    return updater.View(draw, lambda: seconds, [], None, contextvars.copy_context(), None, time.monotonic())


def test_a_slot_that_was_forgotten_is_drawn_again():
    slot, place, drawn = Slot(), DeltaGenerator(), []

    def draw():
        drawn.append(1)
        return place

    for _ in range(2):
        slot.show("same", draw)
    slot.forget()
    slot.show("same", draw)
    assert len(drawn) == 2


def test_lateness_is_counted_from_the_rhythm_that_fits_best():
    due = [0.25 * k for k in (0, 1, 3, 4, 6, 9)]
    late = [0.0, 0.03, 0.1, 0.0, 0.01, 0.2]
    found = lateness([sum(pair) for pair in zip(due, late, strict=True)], 0.25)
    assert [round(seconds, 6) for _, seconds in found] == late
    assert lateness([0.0, 1.0, 2.0], 0.25) == []
