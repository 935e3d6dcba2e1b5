"""What remains of a step's input, in networks whose weights were set by hand, and in all others."""

import numpy as np
import pytest
import torch

from rnncore.analysis.remains import first_that_differs, layer_states, remains
from rnncore.analysis.unrolled import held_out_example, unrolled
from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.tasks import TASKS, Batch
from rnncore.training.run import Run


def keeping(factor, **settings):
    """A network whose units add up their inputs and keep so much of their state at each step."""
    run = Run(RunConfig(task="adding", cell="rnn_relu", hidden_size=2, **settings))
    cell = run.model.layers[0][0]
    with torch.no_grad():
        for weights in cell.parameters():
            weights.zero_()
        cell.weight_ih.copy_(torch.eye(2))
        cell.weight_hh.copy_(factor * torch.eye(2))
    return run


@pytest.mark.parametrize("factor", [1.0, 0.5, 0.9])
def test_a_memory_set_by_hand_keeps_as_much_as_was_planted(factor):
    run = keeping(factor)
    found = remains(run, held_out_example(run, 3), 7)
    assert found.step == 7 and np.allclose(found.left, factor ** np.arange(43), rtol=1e-3, atol=1e-6)


def test_a_window_holds_a_step_for_its_length_and_nothing_after():
    run = Run(RunConfig(task="adding", cell="feedforward", window=10, hidden_size=8))
    left = remains(run, held_out_example(run, 0), 5).left
    assert (left[:10] > 0).all() and not left[10:].any()


def test_what_stands_there_instead_is_the_first_other_example():
    run = Run(RunConfig(task="temporal_order", cell="gru", hidden_size=4))
    for step in range(6):
        found = remains(run, held_out_example(run, 2), step)
        there = run.held_out.inputs[step]
        first = next(int(each) for each in there if each != there[2])
        assert found.instead == run.task.steps(torch.tensor([[first]]))[0]


def forward_h(run, inputs):
    layers = unrolled(run, Batch(inputs, torch.zeros(1, 1))).layers
    return next(layer.h for layer in layers if (layer.layer, layer.direction) == (1, 0))


def test_states_are_those_of_the_unrolled_network_and_so_is_the_difference():
    run = Run(RunConfig(task="adding", cell="lstm", hidden_size=6, num_layers=2, bidirectional=True))
    example = held_out_example(run, 1)
    found = unrolled(run, example)
    forward = next(layer for layer in found.layers if (layer.layer, layer.direction) == (1, 0))
    assert np.allclose(layer_states(run, example.inputs), forward.h, atol=1e-6)
    changed = example.inputs.clone()
    changed[9] = run.held_out.inputs[9, :1]
    apart = np.linalg.norm(forward_h(run, changed) - forward.h, axis=-1)[9:]
    left = remains(run, held_out_example(run, 1), 9).left
    assert left[0] == 1 and np.allclose(left, apart / apart[0], atol=1e-3)


def test_the_first_step_that_differs_is_found():
    run = Run(RunConfig(task="anbn", cell="gru", hidden_size=4))
    read = run.held_out.inputs
    for number in range(3):
        step = first_that_differs(run, held_out_example(run, number))
        assert remains(run, held_out_example(run, number), step) is not None and step > 0
        assert (read[:step] == read[:step, number : number + 1]).all()
    run = Run(RunConfig(task="copy_memory", cell="gru"))
    assert first_that_differs(run, held_out_example(run), 15) == 15


def test_nothing_is_said_where_a_state_does_not_change_or_is_not_finite():
    run = keeping(1.0)
    with torch.no_grad():
        run.model.layers[0][0].weight_ih.zero_()
    assert remains(run, held_out_example(run, 0), 3) is None
    with torch.no_grad():
        run.model.layers[0][0].weight_ih.fill_(float("inf"))
    assert remains(run, held_out_example(run, 0), 3) is None


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_something_that_remains(task):
    run = Run(RunConfig(task=task, cell="gru", hidden_size=4))
    found = unrolled(run, held_out_example(run, 1))
    left = remains(run, held_out_example(run, 1), len(found.read) - 1)
    if left is not None:
        written = len(found.outputs) if run.task.writes else 0
        assert left.left.shape == (1 + written,) and left.left[0] == 1


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_has_something_that_remains(cell):
    run = Run(RunConfig(task="adding", cell=cell, hidden_size=4))
    assert remains(run, held_out_example(run, 0), 13).left.shape == (37,)
