"""One layer as plain data: worked examples to every printed digit, edits, and networks that were trained."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from rnncore.analysis.cell_network import Part, cell_of, own_network
from rnncore.analysis.equations import names_of, results
from rnncore.analysis.run_cell import network_of_run
from rnncore.analysis.sums import sum_of
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
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru_cho", "feedforward"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_every_cell_of_a_run_is_what_the_run_computes(task, cell, bidirectional):
    run = Run(RunConfig.from_flat({"task": task, "cell": cell, "num_layers": 2, "bidirectional": bidirectional}))
    example = held_out_example(run, 3)
    judge = unrolled(run, example)
    for layer in judge.layers:
        part = Part(layer.layer, layer.direction, layer.writing)
        made = network_of_run(run, example, part)
        h = layer.h[::-1] if layer.direction else layer.h
        np.testing.assert_allclose([values["h'"] for values in made.unrolled()], h, atol=1e-5)
        assert made.part == part and made.depth == 2 and bool(made.reads) == bool(part.layer or part.writing)
        if not layer.writing:
            assert made.read == (judge.read[::-1] if layer.direction else judge.read) and made.update == 0
            assert {made.read[at] for at in made.marked} == {judge.read[at] for at in judge.marked}


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn"])
def test_the_second_layer_reads_the_first_as_in_the_layers_of_pytorch(kind):
    run = Run(RunConfig(task="adding", cell=kind, num_layers=2, hidden_size=4, seq_len=12))
    example = held_out_example(run, 1)
    lower, upper = (network_of_run(run, example, Part(layer)) for layer in (0, 1))
    np.testing.assert_allclose(upper.inputs, [values["h'"] for values in lower.unrolled()], atol=1e-12, rtol=0)
    judge = getattr(torch.nn, kind.upper())(lower.inputs.shape[1], 4, num_layers=2).double()
    for layer, made in enumerate((lower, upper)):
        for name, value in made.weights.items():
            getattr(judge, f"{name}_l{layer}").data.copy_(torch.from_numpy(value))
    h = judge(torch.from_numpy(lower.inputs)[:, None])[0][:, 0].detach().numpy()
    np.testing.assert_allclose([values["h'"] for values in upper.unrolled()], h, atol=1e-12, rtol=0)
    assert upper.reads == "h of layer 1" and lower.outputs() is None
    answer = run.model(example.inputs)[0].detach().numpy()
    np.testing.assert_allclose(upper.outputs()[-1], answer, atol=1e-5)
    assert network_of_run(run, example, Part(9, 1, writing=True)).part == Part(1), "the nearest that there is"


def test_the_sum_of_a_second_layer_is_exact():
    run = Run(RunConfig(task="temporal_order", cell="lstm", num_layers=2, hidden_size=4, seq_len=12))
    made = network_of_run(run, held_out_example(run), Part(1))
    for values in made.unrolled():
        found = sum_of("lstm", {**names_of("lstm", made.weights), **values}, "f", 2)
        by_hand = made.weights["weight_ih"][6] @ values["x"] + made.weights["weight_hh"][6] @ values["h"]
        by_hand += made.weights["bias_ih"][6] + made.weights["bias_hh"][6]
        assert found.total == pytest.approx(by_hand, rel=1e-12) and found.value == pytest.approx(
            values["f"][2], rel=1e-12
        )


@pytest.mark.parametrize(
    "settings, part, there",
    [
        ({"task": "adding"}, Part(), True), ({"task": "adding", "num_layers": 2}, Part(), False),
        ({"task": "adding", "bidirectional": True}, Part(), False), ({"task": "french"}, Part(), False),
        ({"task": "french"}, Part(writing=True), True),
        ({"task": "french", "attention": True}, Part(writing=True), False),
    ],
)  # fmt: skip
def test_the_read_out_stands_only_over_the_cell_that_it_reads_alone(settings, part, there):
    run = Run(RunConfig.from_flat({**settings, "cell": "gru"}))
    made = network_of_run(run, held_out_example(run), part)
    assert (made.outputs() is not None) == there


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
