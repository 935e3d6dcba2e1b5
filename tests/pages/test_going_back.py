"""Another task or other cells begin a clean page; the race that was going can be gone back to until the next starts."""

import re
import time

import pytest

from playground.live import process
from rnncore.config import RunConfig
from rnncore.files import checkpoints
from rnncore.tasks import TASKS
from rnncore.training.run import Run
from tests.support.waiting import until

PAGE = "pages/train.py"
SMALL = {"task": "adding", "cell": "rnn,lstm,gru", "hidden_size": "4", "seq_len": "8", "batch_size": "4"}
LONG = "100000"


def press(app, key):
    return app.button(key=f"train.{key}").click().run()


def pick(app, key, value):
    widget = {"task": app.selectbox, "cell": app.button_group, "speed": app.segmented_control}[key]
    return widget(key=f"train.{key}").set_value(value).run()


def way_back(app):
    return next((button.label for button in app.button if button.key == "train.back"), "")


def races():
    return [entry.trainee for entry in process.pool()._entries.values()]


def stepped(app, step=1):
    """Do updates one by one and return the race that did them."""
    for _ in range(step):
        press(app, "step")
    race = races()[-1]
    until(lambda: race.step >= step)
    return race


def going(race):
    """Wait until a race has moved on, and return whether it has."""
    before, deadline = race.step, time.monotonic() + 30
    while race.step == before and time.monotonic() < deadline:
        time.sleep(0.02)
    return race.step > before


@pytest.fixture
def running(open_page):
    app = press(open_page(PAGE, **SMALL, steps=LONG), "start")
    (race,) = races()
    assert going(race)
    return app, race


def test_another_task_begins_a_clean_page_and_the_old_run_comes_back_and_goes_on(running):
    app, race = running
    app = pick(app, "task", "parity")
    assert not app.exception and not app.info and app.title[0].value == TASKS["parity"].question
    assert race.status == "paused" and app.button(key="train.start").label == "Start"
    ended = lambda: way_back(app) == f"Go back to Adding problem (update {race.step:,})"  # noqa: E731  the update in hand
    until(ended, meanwhile=app.run)
    page = re.sub('data-longest=".*?"', "", " ".join(box.value for box in app.main.get("html")))
    assert "Recorded" in page and "Training live" not in page
    app = press(app, "back")
    assert not app.exception and app.title[0].value == TASKS["adding"].question
    assert races() == [race] and race.status == "running" and going(race) and not way_back(app)
    assert app.query_params["task"] == "adding" and app.query_params["hidden_size"] == "4"


def test_other_cells_begin_a_clean_page_and_choosing_the_old_ones_again_brings_the_run_back(running):
    app, race = running
    app = pick(app, "cell", ["rnn", "gru"])
    assert not app.exception and race.status == "paused" and way_back(app).startswith("Go back to RNN, LSTM and GRU")
    assert app.query_params["cell"] == "rnn,gru"
    app = pick(app, "cell", ["rnn", "gru", "lstm"])
    assert races() == [race] and race.status == "running" and going(race) and not way_back(app)


def test_a_run_is_kept_until_the_next_one_starts_and_not_only_until_it_lies_there(open_page):
    app = open_page(PAGE, **SMALL)
    first = stepped(app, 2)
    app = press(pick(app, "task", "parity"), "reset")
    app = press(app, "new_seed")
    assert way_back(app) == "Go back to Adding problem (update 2)" and len(races()) == 2
    app = press(app, "step")
    assert not way_back(app) and first not in races() and len(races()) == 1


def test_of_two_runs_either_can_be_gone_back_to_as_it_was(open_page):
    app = open_page(PAGE, **SMALL)
    first = stepped(app, 2)
    (field,) = [each for each in app.get("file_uploader") if each.key == "train.upload"]
    other = Run(RunConfig.from_flat({"task": "parity", "cell": "gru", "hidden_size": 4}))
    other.advance(steps=5)
    field.upload("run.safetensors", checkpoints.save([other]), "application/octet-stream")
    app = app.run()
    assert app.query_params["task"] == "parity" and way_back(app) == "Go back to Adding problem (update 2)"
    app = press(app, "back")
    assert first.status == "paused", "what had been paused stays so"
    assert app.query_params["task"] == "adding" and way_back(app) == "Go back to Running parity (update 5)"
    app = press(app, "back")
    assert app.query_params["task"] == "parity" and app.query_params["cell"] == "gru"
    assert sorted(race.step for race in races()) == [2, 5]


def test_a_run_that_has_done_nothing_is_not_kept(open_page):
    app = press(open_page(PAGE, **SMALL), "reset")
    app = pick(app, "task", "parity")
    assert not way_back(app) and not races()


def test_a_finished_run_is_kept_too_and_another_look_leaves_everything_where_it_is(open_page):
    app = press(open_page(PAGE, **SMALL, steps="2"), "start")
    (race,) = races()
    until(lambda: race.status != "running")
    app = pick(pick(app.run(), "task", "clue"), "speed", "slow")
    assert way_back(app) == "Go back to Adding problem (update 2)"
    app = press(app, "back")
    assert race.status == "finished" and app.button(key="train.start").label == "Start again"
    assert app.query_params["speed"] == "slow", "how one looks at a run is not part of it"


def test_a_setting_that_waits_for_reset_still_waits_after_coming_back(open_page):
    app = open_page(PAGE, **SMALL)
    stepped(app)
    app.select_slider(key="train.hidden_size").set_value(32).run()
    app = press(pick(app, "task", "parity"), "back")
    assert app.query_params["hidden_size"] == "32" and "Changed: hidden size" in app.info[0].value


def test_another_address_begins_a_clean_page_unless_it_only_looks_differently(open_page, monkeypatch):
    monkeypatch.setattr("playground.session.visit.ECHO_SECONDS", 0.0)
    app = open_page(PAGE, **SMALL)
    race = stepped(app)
    app.query_params["x_axis"] = "seconds"
    app = app.run()
    assert races() == [race] and not way_back(app) and app.segmented_control(key="train.x_axis").value == "seconds"
    app.query_params["seed"] = "5"
    app = app.run()
    assert way_back(app) == "Go back to the run before (update 1)"
    app = press(app, "back")
    assert app.query_params["seed"] == "0" and races() == [race]


def test_an_address_that_is_the_kept_runs_brings_it_back(open_page, monkeypatch):
    monkeypatch.setattr("playground.session.visit.ECHO_SECONDS", 0.0)
    app = open_page(PAGE, **SMALL)
    race, address = stepped(app), dict(app.query_params)
    app = pick(app, "task", "parity")
    for name, value in address.items():
        app.query_params[name] = value
    app = app.run()
    assert not way_back(app) and races() == [race] and app.query_params["task"] == "adding"


def test_a_run_that_was_freed_to_make_room_is_told(open_page):
    app = open_page(PAGE, **SMALL)
    race = stepped(app)
    app = pick(app, "task", "parity")
    process.pool().remove(race.number)
    app = press(app, "back")
    assert not app.exception and "freed to make room" in app.info[0].value
    assert app.query_params["task"] == "parity"


def test_train_this_keeps_the_run_of_the_train_page(open_page):
    app = open_page("playground/app.py", **SMALL)
    stepped(app)
    app.switch_page("../pages/tasks.py").run()
    app.button(key="tasks.clue.train").click().run()
    assert not app.exception and way_back(app) == "Go back to Adding problem (update 1)"
