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
    assert not shown["followed"]
    assert [network["cell"] for network in shown["networks"]] == list(race.view().cells)
    for network, each in zip(shown["networks"], found, strict=True):
        assert network["answers"].split("\t") == list(each.answers.names)
        assert network["left"][each.step :] == pytest.approx(each.left.left.tolist(), rel=6e-3)


def test_a_step_and_an_example_stand_in_the_address_and_bad_ones_are_brought_into_range(open_page):
    app = open_page(PAGE, beside="inside", inside_step="5", inside_example="3")
    assert data(app)["chosen"] == 4 and data(app)["followed"]
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


def test_the_layer_of_a_deep_network_is_chosen_and_stands_in_the_address(open_page):
    app = open_page(PAGE, beside="inside", steps="2", cell="gru", seq_len="12", seed="92", num_layers="3",
                    inside_layer="9")  # fmt: skip
    assert app.query_params["inside_layer"] == "4" and not app.exception
    app.button(key="train.start").click().run()
    race = ended()
    app.run()
    assert app.segmented_control(key="train.inside_layer").value == 3
    for layer in (1, 2, 3):
        app.segmented_control(key="train.inside_layer").set_value(layer).run()
        (expected,) = race.each(lambda run, layer=layer: inside(run, 0, layer=layer - 1))
        shown = data(app)["networks"][0]
        assert app.query_params["inside_layer"] == str(layer)
        assert shown["left"][expected.step :] == pytest.approx(expected.left.left.tolist(), rel=6e-3)
        assert f"Of 3 layers it is layer {layer}." in " ".join(box.value for box in pictures(app))


def test_a_flat_network_has_no_choice_of_layers(open_page):
    app = open_page(PAGE, beside="inside")
    assert "train.inside_layer" not in [each.key for each in app.segmented_control]


def test_an_input_of_ones_own_is_unrolled_and_stands_in_the_address(open_page):
    app = open_page(PAGE, task="temporal_order", beside="inside", cell="gru")
    known = data(app)
    app.text_input(key="train.inside_question").set_value("Y X").run()
    assert not app.exception and app.query_params["inside_question"] == "Y X"
    shown = data(app)
    read = shown["labels"].split("\t")
    assert [read[step] for step in shown["marked"]] == ["Y", "X"] and shown["true"] == ""
    race = recorded.race(read_setup({"task": "temporal_order", "cell": "gru"})[0])
    typed = race.view().task.parse_text("YX")
    (found,) = race.trainee.each(lambda run: inside(run, 0, typed=typed))
    assert shown["networks"][0]["answers"].split("\t") == list(found.answers.names)
    app.button(key="train.inside.next").click().run()
    assert app.query_params["inside_question"] == "" and data(app)["labels"] == known["labels"]


def test_an_input_that_cannot_be_read_is_refused_in_one_sentence(open_page):
    app = open_page(PAGE, task="temporal_order", beside="inside", cell="gru", inside_question="9 <b>")
    assert not app.exception and data(app)["true"]
    assert [said for said in (box.value for box in app.main.caption) if "A held-out example is shown instead." in said]


@pytest.mark.parametrize("task", ["digits", "french", "sentiment", "text"])
def test_tasks_of_other_kinds_take_what_they_can_read(open_page, task):
    app = open_page(PAGE, task=task, beside="inside", cell="gru")
    typed = [each for each in app.text_input if each.key == "train.inside_question"]
    assert bool(typed) == (task != "digits")
    if typed:
        first = recorded.race(read_setup({"task": task, "cell": "gru"})[0]).view().task.first_question
        typed[0].set_value(first).run()
        assert not app.exception and data(app)["networks"][0]["finite"]
