"""Inside on the Train page: there where it is asked for, of the networks that are on screen, and nowhere else."""

import html
import json
import re

import pytest

from playground.race import recorded
from playground.race.setup import read_setup
from rnncore.analysis.inside import inside
from tests.pages.one_race import ended

PAGE = "pages/train.py"


def data(app):
    """What the picture is drawn from."""
    (found,) = [box.value for box in app.main.get("html") if "unrolled-data" in box.value]
    return json.loads(html.unescape(re.search(r"hidden>(.*?)</div>", found, re.DOTALL)[1]))


def pictures(app):
    return [box for box in app.main.get("html") if "unrolled-data" in box.value]


def test_answers_stand_beside_the_curve_unless_inside_is_chosen(open_page):
    app = open_page(PAGE)
    assert not pictures(app) and "true" in " ".join(box.value for box in app.main.get("html"))
    app.segmented_control(key="train.beside").set_value("inside").run()
    assert not app.exception and len(pictures(app)) == 1
    assert app.query_params["beside"] == "inside"
    assert not [box for box in app.main.get("html") if 'class="side"' in box.value]
    app.segmented_control(key="train.beside").set_value("answers").run()
    assert not pictures(app)


@pytest.mark.parametrize("task", ["adding", "copy_memory", "french", "captions"])
def test_the_recorded_networks_are_unrolled_as_the_engine_does(open_page, task):
    app = open_page(PAGE, task=task, beside="inside", inside_example="2", cell="gru,lstm")
    shown = data(app)
    setup = read_setup({"task": task, "cell": "gru,lstm"})[0]
    race = recorded.race(setup)
    found = race.trainee.each(lambda run: inside(run, 1))
    assert [network["cell"] for network in shown["networks"]] == list(race.view().cells)
    for network, each in zip(shown["networks"], found, strict=True):
        assert network["answers"].split("\t") == list(each.answers.names)
        assert network["left"][each.step :] == pytest.approx(each.left.left.tolist(), rel=6e-3)


def test_a_step_and_an_example_stand_in_the_address_and_bad_ones_are_brought_into_range(open_page):
    app = open_page(PAGE, beside="inside", inside_step="5", inside_example="3")
    assert data(app)["chosen"] == 4
    app.button(key="train.inside.next").click().run()
    assert app.query_params["inside_example"] == "4" and app.query_params["inside_step"] == "0"
    shown = data(app)
    assert shown["chosen"] == shown["marked"][0]
    app = open_page(PAGE, beside="inside", inside_step="-3", inside_example="99999")
    assert not app.exception and app.query_params["inside_example"] == "999"
    assert data(open_page(PAGE, beside="inside", inside_step="900"))["chosen"] == 49


def test_a_race_of_ones_own_is_looked_into_when_it_has_ended(open_page):
    app = open_page(PAGE, beside="inside", steps="3", cell="rnn", seq_len="12", seed="91")
    app.button(key="train.start").click().run()
    race = ended()
    app.run()
    shown = data(app)
    assert shown["finding"].startswith("At update 3,") and shown["steps"] == 12
    (expected,) = race.each(lambda run: inside(run, 0))
    assert shown["networks"][0]["answers"].split("\t") == list(expected.answers.names)


def test_where_nothing_was_trained_the_networks_are_seen_as_they_start(open_page):
    app = open_page(PAGE, beside="inside", cell="rnn_relu", seq_len="40")
    assert not app.exception
    assert data(app)["finding"].startswith(("At update 0", "At update 1,500"))
