"""A network seen inside: its states alone, its layers, and inputs of a visitor's own, against the pass with gates."""

import numpy as np
import pytest
import torch

from rnncore.analysis.inside import inside
from rnncore.analysis.state_pass import read_states
from rnncore.analysis.unrolled import held_out_example, layers_of, typed_example, unrolled
from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.tasks import TASKS
from rnncore.training.run import Run

TYPED = [name for name, kind in TASKS.items() if kind.ask and kind.ask_kind != "drawing"]


def run_of(task="adding", cell="gru", **settings):
    return Run(RunConfig(task=task, cell=cell, **{"hidden_size": 5, **settings}))


@pytest.mark.parametrize("both_ways", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_states_alone_are_those_of_the_pass_with_gates(cell, both_ways):
    run = run_of(cell=cell, num_layers=2, bidirectional=both_ways, window=4)
    example = held_out_example(run, 2)
    whole, alone = unrolled(run, example), unrolled(run, example, gates=False)
    assert [(each.layer, each.direction) for each in alone.layers] == [(each.layer, each.direction)
                                                                      for each in whole.layers]  # fmt: skip
    for here, there in zip(alone.layers, whole.layers, strict=True):
        assert here.states == there.states and set(here.values) == set(there.states)
        for name in here.states:
            assert np.allclose(here.values[name], there.values[name], atol=2e-6)
    assert np.allclose(alone.outputs, whole.outputs, atol=5e-6)
    assert alone.marked == whole.marked and alone.read == whole.read


@pytest.mark.parametrize("task", ["french", "captions", "melody"])
def test_what_is_written_is_the_same_without_the_gates(task):
    run = run_of(task, cell="lstm", num_layers=2)
    whole, alone = (unrolled(run, held_out_example(run, 1), gates=gates) for gates in (True, False))
    assert alone.wrote == whole.wrote
    for here, there in zip(alone.layers, whole.layers, strict=True):
        assert (here.layer, here.writing) == (there.layer, there.writing)
        assert np.allclose(here.values["c"], there.values["c"], atol=2e-6)


def test_states_are_those_of_pytorchs_own_module():
    run = run_of(cell="lstm", hidden_size=7)
    cell, inputs = run.model.layers[0][0], held_out_example(run, 0).inputs
    module = torch.nn.LSTM(2, 7)
    with torch.no_grad():
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            getattr(module, f"{name}_l0").copy_(getattr(cell, name))
        expected, (_, c) = module(inputs)
    (((found),),) = read_states(run.model, inputs)
    assert np.allclose(found["h"], expected[:, 0], atol=1e-6) and np.allclose(found["c"][-1], c[0, 0], atol=1e-6)


def test_each_layer_is_shown_and_one_that_there_is_not_is_the_last():
    run = run_of(num_layers=3)
    found = unrolled(run, held_out_example(run, 1))
    assert layers_of(found) == 3
    for asked, shown in ((0, 0), (1, 1), (2, 2), (9, 2), (None, 2)):
        seen = inside(run, 1, layer=asked)
        assert (seen.layer, seen.layers) == (shown, 3)
        assert np.allclose(seen.strips["h"], found.layers[shown].h, atol=2e-6)
    lefts = [inside(run, 1, layer=layer).left.left for layer in range(3)]
    changed = held_out_example(run, 1).inputs.clone()
    step = inside(run, 1).step
    changed[step] = run.held_out.inputs[step, :1]
    for layer, left in enumerate(lefts):
        apart = unrolled(run, typed_example(run, changed)).layers[layer].h - found.layers[layer].h
        apart = np.linalg.norm(apart.astype(float), axis=1)[step:]
        assert np.allclose(left, apart / apart[0], rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("task", TYPED)
def test_an_input_of_ones_own_is_seen_without_a_right_answer(task):
    run = run_of(task)
    typed = run.task.parse_text(run.task.first_question)
    seen = inside(run, 0, typed=typed)
    steps = len(typed)
    assert len(seen.found.read) == steps and len(seen.answers.names) == len(seen.found.outputs)
    assert not [right for right in seen.answers.right if right is not None] and seen.answers.true is None
    assert 0 <= seen.step < steps
    if run.task.marks(typed) is not None:
        assert seen.found.marked == tuple(torch.nonzero(run.task.marks(typed)[:, 0])[:, 0].tolist())


def test_an_input_of_ones_own_has_the_states_of_the_same_held_out_example():
    run = run_of("temporal_order", cell="lstm")
    example = held_out_example(run, 3)
    for step in (None, 4):
        known, typed = inside(run, 3, step), inside(run, 0, step, typed=example.inputs)
        assert np.array_equal(known.strips["c"], typed.strips["c"]) and known.answers.names == typed.answers.names
        if step is not None:
            assert np.allclose(known.left.left, typed.left.left)


def test_a_step_beyond_all_held_out_examples_cannot_be_followed():
    run = run_of("temporal_order", seq_len=12)
    longer = torch.cat([held_out_example(run, 0).inputs] * 2)
    assert inside(run, 0, 20, typed=longer).left is None and inside(run, 0, 3, typed=longer).left is not None
