"""A network unrolled over one example: the same numbers as in training, for every task and every cell."""

import numpy as np
import pytest
import torch

from rnncore.analysis.unrolled import held_out_example, typed_example, unrolled
from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.networks.build import answers
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.training.run import Run


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("task", TASKS)
def test_every_task_is_unrolled_and_answers_as_in_training(task, bidirectional):
    run = Run(RunConfig(task=task, cell="gru", hidden_size=5, num_layers=2, bidirectional=bidirectional))
    example = held_out_example(run, 3)
    found = unrolled(run, example)
    expected = answers(run.model, run.task, example, generator(run.config.seed, "writing"))[0]
    steps = len(found.read)
    assert found.finite and found.inputs.shape == (steps, run.task.input_size)
    assert found.shown.question == run.task.show(example).question and found.shown.answer is not None
    assert all(0 <= step < steps for step in found.marked)
    for layer in found.layers:
        assert layer.states == ("h",) and set(layer.values) == {"r", "z", "n", "h"}
        assert layer.h.shape == (len(found.outputs) if layer.writing else steps, 5)
    assert bool(found.wrote) == run.task.writes == any(layer.writing for layer in found.layers)
    if run.task.many_to_one:
        assert torch.allclose(torch.tensor(found.outputs[-1]), expected[0], atol=1e-6)
    elif not run.task.writes:
        assert torch.allclose(torch.tensor(found.outputs), expected[:steps, 0], atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_shows_its_states_and_gates_step_by_step(cell):
    run = Run(RunConfig(task="adding", cell=cell, hidden_size=6))
    example = held_out_example(run)
    (layer,) = unrolled(run, example).layers
    inner = run.model.layers[0][0]
    state = inner.initial_state(1)
    for step, x in enumerate(example.inputs):
        values = inner.gates(x, state)
        state = inner(x, state)
        for name, shown in layer.values.items():
            assert np.allclose(shown[step], values[name][0].detach(), atol=1e-6), name
    assert layer.states[0] == "h" and set(layer.states) <= set(layer.values)


def test_the_other_direction_stands_in_the_order_of_the_example():
    run = Run(RunConfig(task="parity", cell="rnn", hidden_size=4, bidirectional=True))
    found = unrolled(run, held_out_example(run))
    backward = found.layers[1].h
    last = run.model.layers[0][1](torch.tensor(found.inputs[-1:]), (torch.zeros(1, 4),))[0]
    assert np.allclose(backward[-1], last.detach(), atol=1e-6)


def test_had_the_sequence_ended_there_is_what_the_network_says_of_the_shorter_sequence():
    for bidirectional in (False, True):
        run = Run(RunConfig(task="adding", cell="lstm", hidden_size=4, bidirectional=bidirectional))
        example = held_out_example(run)
        found = unrolled(run, example)
        for step in (1, 20, 50):
            assert np.allclose(found.outputs[step - 1], run.model(example.inputs[:step])[0].detach(), atol=1e-6)


def test_a_question_of_ones_own_is_unrolled_without_a_right_answer():
    run = Run(RunConfig(task="adding", cell="gru", hidden_size=4))
    inputs = run.task.parse_text(run.task.first_question)
    found = unrolled(run, typed_example(run, inputs))
    assert found.read == run.task.steps(inputs) and found.shown.answer is None


def test_numbers_that_are_not_finite_are_said_to_be_none():
    run = Run(RunConfig(task="parity", cell="rnn_relu", hidden_size=4))
    with torch.no_grad():
        run.model.layers[0][0].weight_hh.fill_(1e30)
    assert not unrolled(run, held_out_example(run)).finite
