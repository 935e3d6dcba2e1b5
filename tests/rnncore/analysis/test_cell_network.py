"""One layer as plain data: worked examples to every printed digit, edits, and networks that were trained."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from rnncore.analysis.cell_network import cell_of, network_of_run, own_network
from rnncore.analysis.equations import results
from rnncore.analysis.unrolled import held_out_example, unrolled
from rnncore.analysis.worked import EXAMPLES, worked_network
from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.networks.sequence_model import unroll
from rnncore.training.run import Run

PRINTED = json.loads((Path(__file__).parents[2] / "data" / "worked_examples.json").read_text())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.cell)
def test_worked_examples_are_those_of_the_notes_and_come_out_as_printed(example):
    source = PRINTED[{"rnn": "basic_rnn", "lstm": "lstm", "gru_cho": "gru"}[example.cell]]
    for name, row, bias in zip(CELLS[example.cell].block_names, example.rows, example.biases, strict=True):
        theirs = "" if name == "h" else example.called.get(name, name)
        assert source[f"W{theirs}"] == [*row] and source[f"b{theirs}"] == bias
    found = [results(example.cell, values) for values in worked_network(example).unrolled()]
    for name, printed in example.printed.items():
        assert source[example.called.get(name, name)] == [*printed]
        assert [values[name][0] for values in found] == pytest.approx(printed, abs=1e-9, rel=0)
    assert worked_network(example).inputs.tolist() == PRINTED["inputs"]
    assert worked_network(example).targets[:, 0].tolist() == PRINTED["targets"]


@pytest.mark.parametrize("cell", CELLS)
def test_an_edited_number_gives_what_the_cell_gives_with_it(cell):
    made = own_network(cell, 2, 1)
    edits = {("x", 1, 0): 0.35, ("h", 0, None): -0.5, (f"W_i{CELLS[cell].block_names[0]}", 1, 0): 1.25}
    edited = made.edited({**edits, ("nothing", 0, None): 1.0, ("x", 90, 0): 1.0, ("x", -1, 0): 2.0})
    assert {*edited.edits} == {*edits} and made.inputs[1, 0] != 0.35, "what does not exist is left out"
    judge = cell_of(edited)
    assert judge.weight_ih[1, 0] == 1.25
    start = tuple(torch.from_numpy(edited.start[name])[None] for name in judge.state_names)
    h, _ = unroll(judge, torch.from_numpy(edited.inputs)[:, None], start)
    np.testing.assert_allclose([values["h'"] for values in edited.unrolled()], h[:, 0].detach().numpy(), atol=1e-12)


def test_a_small_network_depends_on_its_seed_alone_and_has_numbers_of_few_digits():
    one, same, other = own_network("gru", 3, 1), own_network("gru", 3, 1), own_network("gru", 3, 2)
    assert np.array_equal(one.weights["weight_hh"], same.weights["weight_hh"])
    assert not np.array_equal(one.weights["weight_hh"], other.weights["weight_hh"])
    assert all(np.array_equal(values, values.round(1)) for values in (*one.weights.values(), one.inputs))
    assert one.hidden_size == 3 and one.finite


@pytest.mark.parametrize("task", ["adding", "copy_memory", "temporal_order", "text", "french", "dates"])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "feedforward"])
def test_the_first_layer_of_a_run_is_what_the_run_computes(task, cell):
    run = Run(RunConfig.from_flat({"task": task, "cell": cell, "num_layers": 2}))
    example = held_out_example(run, 3)
    made, judge = network_of_run(run, example), unrolled(run, example)
    layer = judge.layers[0]
    assert made.read == judge.read and made.marked == judge.marked and made.update == 0
    np.testing.assert_allclose([values["h'"] for values in made.unrolled()], layer.h, atol=1e-5)


def test_networks_are_told_apart_by_any_number_and_cut_after_some_steps():
    made = own_network("lstm", 2, 0)
    assert made.fingerprint == own_network("lstm", 2, 0).fingerprint
    for place in (("x", 5, 1), ("W_hf", 1, 1), ("b_hg", 0, None), ("c", 1, None)):
        assert made.edited({place: 9.0}).fingerprint != made.fingerprint
    short = made.first(2)
    assert short.read == ("1", "2") and np.array_equal(short.unrolled()[1]["h'"], made.unrolled()[1]["h'"])


def test_numbers_that_are_not_finite_are_seen_and_numbers_without_end_make_no_noise():
    made = own_network("rnn_relu", 2, 0)
    made.weights["weight_hh"][:] = 1e200
    assert made.finite and not all(np.isfinite(values["h'"]).all() for values in made.unrolled())
    made.weights["weight_hh"][0, 0] = np.nan
    assert not made.finite
