"""The Cell page's way of the gradient back through time, opened cold."""

import json

import pytest

from rnncore.analysis.backward_network import LECTURE_FIXED, backward_of_network
from rnncore.analysis.worked import EXAMPLES, worked_network
from rnncore.cells import CELLS

PAGE = "pages/cell.py"


def drawn(app):
    assert not app.exception and not app.error
    return next(json.loads(each.proto.json) for each in app.get("bidi_component")
                if each.proto.component_name == "backward")  # fmt: skip


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.cell)
def test_a_worked_example_shows_the_engines_gradients(open_page, example):
    data = drawn(open_page(PAGE, look="backward", cell=example.cell))
    found = backward_of_network(worked_network(example), LECTURE_FIXED)
    for shown, state in zip(data["states"], found.shown.states, strict=True):
        for name in ("here", "later", "total"):
            assert shown[name] == [f"{value:.4f}" for value in getattr(state, name)[:, 0]]
    assert data["read"] == ["0.1, 0.4", "0.7, 0.9"] and data["targets"] == ["0.3", "0.5"]


@pytest.mark.parametrize("cell", [name for name, kind in CELLS.items() if kind.recurrent])
def test_a_small_network_of_every_cell(open_page, cell):
    data = drawn(open_page(PAGE, look="backward", source="own", cell=cell, units="2"))
    assert data["numbers"] and len(data["read"]) == 6 and len(data["end"]["updates"]) == 1


@pytest.mark.parametrize("task", ["adding", "copy_memory", "temporal_order", "text", "french", "digits"])
def test_trained_networks_of_tasks_of_every_kind(open_page, task):
    app = open_page(PAGE, look="backward", source="mine", task=task, cell="gru", example="2")
    data = drawn(app)
    assert len(data["read"]) == len(data["losses"]) == len(data["states"][0]["total"])
    assert (
        data["alt"].startswith(("The gradient", "Of the last loss"))
        and f"step {data['steps']}, the last" in data["alt"]
    )


def test_truncation_is_in_the_address_and_cuts(open_page):
    app = open_page(PAGE, look="backward", source="own", cell="lstm", truncate="2")
    assert drawn(app)["cuts"] == [2, 4] and app.query_params["truncate"] == "2"


def test_edited_numbers_are_those_that_are_differentiated(open_page):
    plain, edited = (drawn(open_page(PAGE, look="backward", cell="rnn", edited=each)) for each in ("", "W_hh.1.1=0"))
    assert plain["states"][0]["later"][0] != "0.0000" and edited["states"][0]["later"][0] == "0.0000"


def test_an_input_of_ones_own_has_no_loss_and_that_is_said(open_page):
    app = open_page(PAGE, look="backward", source="mine", task="temporal_order", cell="rnn", question="abXabYab")
    assert any("no right answer" in caption.value for caption in app.caption) and drawn(app)
