"""The Cell page, opened cold in every way of looking at every kind of network."""

import json

import numpy as np
import pytest

from playground.inside.cell.settings import LOOKS, SOURCES
from rnncore.analysis.worked import EXAMPLES

PAGE = "pages/cell.py"


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("source", SOURCES)
def test_every_look_at_every_source_opens_cold(open_page, look, source):
    app = open_page(PAGE, look=look, source=source)
    assert not app.exception and not app.error
    assert app.segmented_control(key="cell.look").value == look
    assert app.query_params["source"] == source


def component(app, name):
    """What a component of ours is given to draw."""
    return next(json.loads(each.proto.json) for each in app.get("bidi_component") if each.proto.component_name == name)


def rows(app):
    return {each["label"]: [text for text, _ in each["cells"]] for each in component(app, "cell_rows")["rows"]}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.cell)
def test_a_worked_example_is_on_screen_to_the_printed_digit(open_page, example):
    for step in (1, 2):
        app = open_page(PAGE, cell=example.cell, step=str(step))
        written = rows(app)
        for name, printed in example.printed.items():
            key = f"{name}'" if f"{name}'" in written else name
            assert written[key] == [f"{printed[step - 1]:.4f}"]


def test_an_edited_number_gives_the_cells_own_answer(open_page):
    app = open_page(PAGE, cell="rnn", step="2", edited="W_ih.1.2=0.5 x.1.1=0.9 h.1=-1")
    first = np.tanh(0.7 * 0.9 + 0.5 * 0.4 + 0.4 * -1 + 0.4)
    assert rows(app)["h'"] == [f"{np.tanh(0.7 * 0.7 + 0.5 * 0.9 + 0.4 * first + 0.4):.4f}"]
    changed = [number["place"] for table in component(app, "cell_numbers")["tables"] for row in table["rows"]
               for number in row["numbers"] if number["changed"]]  # fmt: skip
    assert sorted(changed) == ["W_ih.1.2", "h.1", "x.1.1"]
    app.button(key="cell.undo").click().run()
    assert rows(app)["h'"] == ["0.8791"] and app.query_params["edited"] == ""


def test_changed_numbers_that_cannot_be_read_are_left_out_with_a_sentence(open_page):
    app = open_page(PAGE, cell="rnn", step="2", edited="W_ih.1.2=1e9 x.1.1=... <b>=1 nothing.1=2")
    assert not app.exception and rows(app)["h'"] == ["0.8791"]
    assert "Changed numbers that could not be read were left out." in app.info[0].value


@pytest.mark.parametrize("task", ["adding", "copy_memory", "temporal_order", "text", "french", "digits", "dates"])
def test_trained_networks_of_tasks_of_every_kind_are_looked_into(open_page, task):
    app = open_page(PAGE, source="mine", task=task, step="3", unit="2", value="c")
    assert not app.exception and not app.error
    assert {"x", "i", "f", "g", "o", "c'", "h'"} <= {*rows(app)}
    assert component(app, "cell_rows")["step"] == 3


def test_an_input_of_ones_own_is_read_and_a_bad_one_is_answered_with_a_sentence(open_page):
    app = open_page(PAGE, source="mine", task="parity", question="1011")
    assert component(app, "cell_rows")["symbols"] == ["1", "0", "1", "1"]
    app.text_input(key="cell.question").set_value("1+2").run()
    assert not app.exception and "A held-out example is shown instead." in app.caption[0].value


def test_the_network_just_trained_is_looked_into(open_page):
    app = open_page(task="parity", cell="gru,rnn", hidden_size="5")
    app.button(key="train.step").click().run()
    app.query_params.clear()  # as a browser does on the way to another page
    app.switch_page("../pages/cell.py").run()
    app.segmented_control(key="cell.source").set_value("mine").run()
    assert not app.exception and not app.error
    assert app.selectbox(key="cell.task").value == ""
    assert app.caption[0].value.startswith("Running parity, GRU at update 1: held-out example 1.")
    assert len(rows(app)["z"]) == 5
    app.segmented_control(key="cell.cell").set_value("rnn").run()
    assert len(rows(app)["a"]) == 5


def deep(open_page, **settings):
    """The Cell page after one update of a network of two layers."""
    app = open_page(task="parity", cell="lstm", hidden_size="5", num_layers="2", **settings)
    app.button(key="train.step").click().run()
    app.query_params.clear()
    app.switch_page("../pages/cell.py").run()
    app.segmented_control(key="cell.source").set_value("mine").run()
    assert not app.exception and not app.error
    return app


def test_the_layer_of_a_deep_network_is_chosen(open_page):
    app = deep(open_page)
    assert app.segmented_control(key="cell.layer").value == 1 and len(rows(app)["x"]) != 5
    first = next(each for each in component(app, "cell_rows")["rows"] if each["label"] == "h'")["cells"]
    assert not [each for each in app.segmented_control if each.key == "cell.part"]
    app.segmented_control(key="cell.layer").set_value(2).run()
    assert app.query_params["layer"] == "2" and "layer 2 of 2, x is h of layer 1" in app.caption[0].value
    read = component(app, "cell_rows")["rows"][0]
    assert read["about"] == "h of layer 1" and [text for text, _ in read["cells"]] == [text for text, _ in first]
    app.segmented_control(key="cell.look").set_value("backward").run()
    assert component(app, "backward")["own"] == "its own output"
    names = {"V", "b_y"}
    assert names <= {each["name"] for each in component(app, "backward")["weights"]}
    app.segmented_control(key="cell.layer").set_value(1).run()
    assert component(app, "backward")["own"] == "layer 2"
    assert not names & {each["name"] for each in component(app, "backward")["weights"]}
    app.segmented_control(key="cell.look").set_value("fold").run()
    assert not component(app, "cell_fold")["answers"] and "(the read-out" not in component(app, "cell_fold")["label"]


@pytest.mark.parametrize("look, shown", [("cell", 1), ("fold", 1), ("weights", 1), ("backward", 2)])
def test_a_link_without_a_layer_opens_the_one_that_it_opened_before(open_page, look, shown):
    app = deep(open_page)
    app.segmented_control(key="cell.look").set_value(look).run()
    assert app.segmented_control(key="cell.layer").value == shown


@pytest.mark.parametrize("layer", ["2", "4"])
@pytest.mark.parametrize("look", LOOKS)
def test_a_link_with_a_layer_opens_cold_where_there_is_no_such_layer_too(open_page, layer, look):
    app = open_page(PAGE, source="mine", task="adding", layer=layer, part="writing", look=look)
    assert not app.exception and not app.error and not app.info
    assert "layer" not in app.caption[0].value
    assert not [each for each in app.segmented_control if each.key in ("cell.layer", "cell.part")]


def test_a_layer_that_no_network_has_is_answered_with_a_sentence(open_page):
    app = open_page(PAGE, source="mine", task="adding", layer="-3")
    assert not app.exception and len(app.info) == 1


def test_the_cell_that_writes_and_the_one_that_reads_from_the_end_are_chosen(open_page):
    app = open_page(PAGE, source="mine", task="french", part="writing")
    assert not app.exception and not app.error
    assert app.segmented_control(key="cell.part").value == "writing"
    assert component(app, "cell_rows")["rows"][0]["about"].startswith("what was written before")
    app = deep(open_page, bidirectional="true")
    app.segmented_control(key="cell.part").set_value("backward").run()
    assert "reads from the end" in app.caption[0].value


@pytest.mark.parametrize("step, start", [("1", ["h.1", "h.2"]), ("3", [])])
def test_numbers_that_stand_in_the_sum_are_marked(open_page, step, start):
    app = open_page(PAGE, source="own", cell="rnn", units="2", unit="2", step=step)
    used = [number["place"] for table in component(app, "cell_numbers")["tables"] for row in table["rows"]
            for number in row["numbers"] if number["used"]]  # fmt: skip
    weights = ["W_hh.2.1", "W_hh.2.2", "W_ih.2.1", "W_ih.2.2", "b_hh.2", "b_ih.2"]
    assert sorted(used) == sorted([*weights, f"x.{step}.1", f"x.{step}.2", *start])


@pytest.mark.parametrize("task, of", [("adding", "each unit"), ("french", "the first 64 of 128 units")])
def test_the_squares_of_the_unrolled_picture_are_explained(open_page, task, of):
    app = open_page(PAGE, look="fold", source="mine", task=task, cell="lstm")
    drawn = component(app, "cell_fold")
    assert drawn["key"] == f"Squares: h of {of}, orange above 0, blue below."
    assert len(drawn["steps"][0]["h"]) <= 64
