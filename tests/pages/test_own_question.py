"""A question of one's own on Train: its replies stay as long as the networks do, and no click waits for them."""

import contextlib

import pytest

from playground.live import process
from playground.live.process import page_turn
from tests.support.waiting import until

PAGE, SCALE = "pages/train.py", "train.scale"


@pytest.fixture
def watched(monkeypatch):
    """What pages do from now on: give their turn away, and have something measured."""
    done = []
    give, measure = page_turn.given_away, process.pool().measure

    @contextlib.contextmanager
    def given_away():
        done.append("gave its turn away")
        with give():
            yield

    monkeypatch.setattr(page_turn, "given_away", given_away)
    monkeypatch.setattr(process.pool(), "measure", lambda *what: (done.append("measured"), measure(*what)))
    return done


@pytest.fixture
def open_train(open_page):
    """Return a function that opens the page and closes the drawer that looks into networks at every run."""

    def open_train(**query):
        app = open_page(PAGE, **query)
        app.session_state["train.drawer.inspect"] = False
        return app.run()

    return open_train


def shown(app):
    return [box.value for box in app.main.get("html")]


def test_a_page_at_rest_measures_the_replies_once(open_train, watched):
    app = open_train(task="parity", cell="gru,lstm")
    before = shown(app)
    assert "measured" in watched
    watched.clear()
    app.segmented_control(key=SCALE).set_value("linear").run()
    assert not app.exception and not watched and shown(app) == before
    app.text_input(key="train.ask.parity").set_value("1011").run()
    assert watched.count("measured") == 1 and shown(app) != before


def stepped(app, to):
    """Have the race do one update, and draw the page once it is done."""
    app.button(key="train.step").click().run()
    (entry,) = process.pool()._entries.values()
    until(lambda: entry.step == to and not entry.pausing and not entry.single_steps)
    app.run()


def test_replies_are_measured_anew_once_the_networks_have_moved(open_train, watched):
    app = open_train(task="parity", cell="gru", seq_len="8", seed="17")
    stepped(app, 1)
    app.run()
    first = shown(app)
    watched.clear()
    app.run()
    assert not watched and shown(app) == first
    stepped(app, 2)
    assert "measured" in watched and shown(app) != first


def test_a_click_on_a_moving_race_keeps_its_turn(open_train, watched):
    app = open_train(task="parity", cell="gru", steps="20000", seq_len="8", seed="18")
    app.button(key="train.start").click().run()
    app.run()
    watched.clear()
    app.segmented_control(key=SCALE).set_value("linear").run()
    assert not app.exception and watched == ["measured"]
    app.button(key="train.start").click().run()
