"""Interventions: on a planted memory each does to the answer what it must, and elsewhere nothing changes by itself."""

import numpy as np
import pytest
import torch

from rnncore.analysis.interventions import Change, cut
from rnncore.analysis.states import Network, words_of
from rnncore.cells import CELLS
from rnncore.cli.memory_rows import cut_rows
from rnncore.config import RunConfig
from rnncore.networks.build import answers
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.language.clue import CLUES
from rnncore.training.held_out import held_out
from tests.support.planted import planted

KEEPS = planted(1.0)
BATCH = held_out(KEEPS.config, KEEPS.task)
READ = words_of(KEEPS, 0).step
CLUE = int(BATCH.targets[0])
OTHER = next(i for i in range(BATCH.size) if int(BATCH.targets[i]) != CLUE)


def test_a_planted_memory_answers_rightly_until_it_is_cut_after_the_clue():
    found = cut(KEEPS, 0, Change("zero", READ))
    assert found.before.right and found.before.score > 0.99 and found.probable
    assert found.after.score == pytest.approx(1 / len(CLUES), rel=1e-5)
    for place, score in zip(found.places, found.scores, strict=True):
        assert (score > 0.99) == (place < READ)


def test_only_the_unit_that_holds_the_clue_matters():
    for unit in range(len(CLUES)):
        after = cut(KEEPS, 0, Change("remove", READ + 2, unit)).after
        assert after.right == (unit != CLUE) or after.score > 0.99
        assert (after.score > 0.99) == (unit != CLUE)


def test_a_unit_is_held_at_its_value():
    before_it = cut(KEEPS, 0, Change("freeze", READ - 1, CLUE)).after  # at 0, so that the clue is never stored
    after_it = cut(KEEPS, 0, Change("freeze", READ, CLUE)).after
    assert before_it.score < 0.1 and after_it.score > 0.99


def test_with_the_state_of_another_example_it_answers_as_for_that():
    steps = max(READ, words_of(KEEPS, OTHER).step)
    found = cut(KEEPS, 0, Change("swap", steps, other=OTHER))
    assert found.after.text == KEEPS.task.answers[int(BATCH.targets[OTHER])] != found.before.text
    assert cut(KEEPS, 0, Change("swap", steps, other=0)).after == found.before


@pytest.mark.parametrize("cell", CELLS)
def test_a_cut_after_the_last_step_leaves_the_bias_of_the_readout(cell):
    network = Network(RunConfig(task="adding", cell=cell, hidden_size=6, num_layers=2, seq_len=12))
    found = cut(network, 4, Change("zero", 11))
    bias = float(network.build().readout.bias.detach())
    target = float(held_out(network.config, network.task).targets[4])
    assert found.after.score == pytest.approx((bias - target) ** 2, rel=1e-4) and not found.probable


@pytest.mark.parametrize("kind", ["zero", "remove", "freeze", "swap"])
@pytest.mark.parametrize("task", TASKS)
def test_every_task_is_cut_and_answers_as_in_training_before_it(task, kind):
    network = Network(RunConfig(task=task, cell="gru", hidden_size=5))
    found = cut(network, 3, Change(kind, 4, 1, other=5))
    batch = held_out(network.config, network.task).select(slice(3, 4), network.task.many_to_one)
    said, _ = answers(network.build(), network.task, batch, generator(network.config.seed, "writing"))
    shown = network.task.show(batch, (said[0] if network.task.many_to_one else said[:, 0]).detach())
    assert found.before.text == shown.answer
    assert np.isfinite(found.scores).all() and len(cut_rows("gru", found)) == len(found.places)


def test_the_network_itself_is_left_alone():
    before = [weights.clone() for weights in KEEPS.weights]
    cut(KEEPS, 0, Change("remove", 3, 2))
    assert all(torch.equal(a, b) for a, b in zip(before, KEEPS.weights, strict=True))
