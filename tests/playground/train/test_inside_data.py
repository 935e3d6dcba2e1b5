"""The data and words of the picture Inside: for every task and cell, the numbers of the network in question."""

import base64
import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from playground.components.unrolled_picture import unrolled_data
from playground.train import inside_words
from playground.train.inside_csv import inside_csv
from playground.train.inside_data import MOST_COLUMNS, chosen_units, columns, picture, units
from rnncore.analysis.inside import inside
from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.tasks import TASKS
from rnncore.training.run import Run


def seen(number=1, step=None, cells=("gru",), **settings):
    runs = [Run(RunConfig(**{"hidden_size": 6, **settings}, cell=cell)) for cell in cells]
    found = [inside(run, number, step) for run in runs]
    return runs, found, picture(cells, found, runs[0].task, dark=False)


def values(strip, steps):
    levels = np.frombuffer(base64.b64decode(strip["data"]), np.uint8).reshape(strip["rows"], steps)
    return (levels.astype(float) - 128) / 127 * strip["scale"]


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_a_picture_of_its_own_numbers(task):
    cells = ("lstm", "gru")
    _, found, data = seen(task=task, cells=cells)
    steps = data["columns"]
    assert steps == min(MOST_COLUMNS, columns(found[0].found)) and data["reads"] == len(found[0].found.read)
    for network, each in zip(data["networks"], found, strict=True):
        assert [strip["name"] for strip in network["strips"]] == list(each.strips)
        for strip in network["strips"]:
            true = each.strips[strip["name"]][data["start"] :]
            shown = true[:, chosen_units(6, len(true))].T
            assert np.allclose(values(strip, steps), shown, atol=strip["scale"] / 254 + 1e-6)
            assert np.allclose(strip["size"], np.linalg.norm(true, axis=1), rtol=6e-3)
        assert len(network["left"]) in (0, steps)
        assert network["answers"].split("\t") == list(each.answers.names[-steps:])
    assert data["labels"].split("\t") == list(found[0].found.read[data["start"] :])
    assert len(data["below"]["values"]) in (0, len(data["labels"].split("\t")))
    said = inside_words.finding(cells, found, 0)
    assert f"step {data['chosen'] + 1}" in said and inside_words.note(found)
    text = unrolled_data(data | {"finding": said, "alt": inside_words.alt(said, found)})
    assert len(text) < 60_000


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_shows_its_states(cell):
    _, (found,), data = seen(task="adding", cells=(cell,))
    kind = CELLS[cell]
    shown = [strip["name"] for strip in data["networks"][0]["strips"]]
    assert shown == [name for name in kind.state_names if name in found.found.layers[0].values]
    assert shown[0] == "h"


def test_the_first_marked_step_is_followed_unless_another_is_asked_for():
    _, (found,), data = seen(task="adding", number=0)
    assert data["chosen"] == found.found.marked[0] == data["marked"][0]
    assert seen(task="adding", step=4)[2]["chosen"] == 4
    assert seen(task="adding", step=4000)[2]["chosen"] == 49
    _, (blank,), data = seen(task="french")
    assert data["chosen"] > 0 and blank.found.read[data["chosen"]] not in blank.found.read[: data["chosen"]]


def test_of_a_long_example_the_last_columns_are_shown_and_of_many_units_some_and_it_is_said():
    _, found, data = seen(task="adding", seq_len=400, hidden_size=128)
    assert data["columns"] == MOST_COLUMNS and data["start"] == 250 and data["steps"] == 400
    strip = data["networks"][0]["strips"][0]
    assert strip["rows"] == units(128, MOST_COLUMNS) and strip["of"] == 128
    note = inside_words.note(found)
    assert f"{strip['rows']} of 128 units are shown." in note and "The last 150 of 400 steps are shown." in note
    assert chosen_units(128, 20)[0] == 0 and chosen_units(128, 20)[-1] == 127


def test_an_input_of_ones_own_stands_below_as_numbers_with_its_marks():
    run = Run(RunConfig(task="adding", cell="gru", hidden_size=6))
    inputs = run.task.parse_text("0.25 + 0.5")
    found = inside(run, 0, typed=inputs)
    data = picture(("gru",), [found], run.task, dark=False)
    assert data["below"]["kind"] == "numbers" and len(data["below"]["values"]) == 50
    assert [data["below"]["values"][step] for step in data["marked"]] == [0.25, 0.5]
    assert data["true"] == "" and data["true_number"] is None
    json.dumps(data, allow_nan=False)
    run = Run(RunConfig(task="sentiment", cell="gru", hidden_size=6))
    typed = run.task.parse_text(run.task.first_question)
    assert picture(("gru",), [inside(run, 0, typed=typed)], run.task, dark=False)["below"]["kind"] == "words"


def test_with_more_networks_strips_are_lower_and_the_drawing_can_stay_as_high():
    one, four = (seen(task="adding", cells=cells)[2] for cells in (("gru",), ("rnn", "lstm", "gru", "lstm_peephole")))
    assert four["least"] <= 26 <= four["most"], "28 rem are below the fold of a laptop, 26 with two lines to spare"
    assert one["least"] < one["most"] < four["most"]


def test_the_top_layer_is_shown_and_the_forward_direction():
    _, (found,), _ = seen(task="adding", num_layers=2, bidirectional=True)
    top = next(layer for layer in found.found.layers if (layer.layer, layer.direction) == (1, 0))
    assert np.allclose(found.strips["h"], top.h, atol=2e-6)
    assert "Of 2 layers it is layer 2. It is the direction that reads forward." in inside_words.note([found])


def test_the_finding_has_the_numbers_of_the_picture():
    runs, found, _ = seen(task="adding", cells=("gru", "rnn_relu"), hidden_size=2)
    with torch.no_grad():
        for weights in runs[1].model.layers[0][0].parameters():
            weights.zero_()
        runs[1].model.layers[0][0].weight_ih.copy_(torch.eye(2))
        runs[1].model.layers[0][0].weight_hh.copy_(torch.eye(2))
    found = [found[0], inside(runs[1], 1, 13)]
    said = inside_words.finding(("gru", "rnn_relu"), [replace(found[0], left=None), found[1]], 1200)
    assert said.startswith("At update 1,200, what is left of step ") and "at the end: 100\u00a0% in the ReLU" in said
    said = inside_words.finding(("gru", "rnn"), [found[1], found[1]], 3)
    assert said.endswith("at the end: 100\u00a0% in the RNN's and GRU's state.")
    assert inside_words.share_text(0.613) == "61\u00a0%" and inside_words.share_text(0.00412) == "0.41\u00a0%"
    assert inside_words.share_text(3e-7) == "under 0.01\u00a0%" and inside_words.share_text(3.14) == "310\u00a0%"


def test_a_network_without_finite_numbers_says_so_and_the_others_are_shown():
    (run, _), found, _ = seen(task="adding", cells=("rnn", "gru"))
    with torch.no_grad():
        run.model.layers[0][0].weight_hh.fill_(float("nan"))
    found = [inside(run, 1), found[1]]
    data = picture(("rnn", "gru"), found, run.task, dark=True)
    json.dumps(data, allow_nan=False)
    assert [network["finite"] for network in data["networks"]] == [False, True]
    assert "RNN: no finite numbers any more." in inside_words.finding(("rnn", "gru"), found, 3)
    assert "no network gives finite numbers" in inside_words.finding(("rnn",), found[:1], 3)
    json.dumps(picture(("rnn",), found[:1], run.task, dark=True), allow_nan=False)


def test_enormous_numbers_are_shown_as_long_as_they_are_finite():
    (run,), _, _ = seen(task="adding", cells=("rnn_relu",), seq_len=4)
    with torch.no_grad():
        run.model.layers[0][0].weight_hh.copy_(1e12 * torch.eye(6))
        run.model.readout.weight.zero_()
    found = inside(run, 1)
    data = picture(("rnn_relu",), [found], run.task, dark=False)
    json.dumps(data, allow_nan=False)
    strip = data["networks"][0]["strips"][0]
    assert data["networks"][0]["finite"] and strip["scale"] > 1e30 and strip["size"][-1] > 1e30


def test_the_height_stays_the_same_when_a_network_blows_up():
    (run,), _, before = seen(task="adding", cells=("lstm",))
    with torch.no_grad():
        run.model.layers[0][0].weight_hh.fill_(float("nan"))
    after = picture(("lstm",), [inside(run, 1)], run.task, dark=False)
    for name in ("least", "most", "heights"):
        assert before[name] == after[name]


@pytest.mark.parametrize("task", ["adding", "french"])
def test_the_table_has_every_value_in_full(task):
    _, (found,), _ = seen(task=task, cells=("lstm",))
    rows = list(csv.DictReader(io.StringIO(inside_csv(("lstm",), [found]))))
    assert len(rows) == 2 * columns(found.found)
    for name in ("h", "c"):
        table = [[float(row[f"unit {unit}"]) for unit in range(1, 7)] for row in rows if row["state"] == name]
        assert np.allclose(table, found.strips[name], atol=1e-7)
    lefts = [float(row["left"]) for row in rows if row["left"] and row["state"] == "h"]
    assert np.allclose(lefts, found.left.left)
    assert [row["reads"] for row in rows if row["state"] == "h" and row["does"] == "reads"] == list(found.found.read)
