"""Interventions: on a planted memory each does to the answer what it must, and elsewhere nothing changes by itself."""

import numpy as np
import pytest
import torch

from rnncore.analysis.interventions import Answer, Change, Cut, cut, telling_step
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


def tried(before, scores, *, changed=False, probable=True):
    answers = [Answer("a", True, before), Answer("b" if changed else "a", not changed, scores[0])]
    return Cut("", "a", ("x",) * 6, *answers, (0, 1, 2, 3, 4, 5), np.array(scores), probable)


def test_the_telling_step_is_where_the_clue_was_read_in_a_planted_memory():
    assert telling_step([cut(KEEPS, 0, Change("zero", READ))], READ) == READ
    assert telling_step([cut(KEEPS, 0, Change("zero", 0))], 0) == READ


def test_the_telling_step_is_the_first_that_most_of_those_who_know_do_not_survive():
    late = tried(0.9, [0.9, 0.9, 0.9, 0.2, 0.1, 0.0])
    soon, ignorant = tried(0.9, [0.9, 0.1, 0.1, 0.1, 0.1, 0.1]), tried(0.2, [0.0] * 6)
    assert telling_step([late], 1) == telling_step([late, soon], 1) == telling_step([late, soon, ignorant], 1) == 3
    assert telling_step([late, soon, soon], 1) == 1 and telling_step([late], 4) == 4
    assert telling_step([tried(0.9, [0.0] * 6, changed=True), tried(0.9, [0.9] * 6, changed=True)], 2) == 2


def test_where_nothing_is_forgotten_it_is_the_first_that_costs_much():
    assert telling_step([tried(0.01, [0.01, 0.01, 0.3, 0.6, 0.5, 9.0], probable=False)], 1) == 5
    assert telling_step([tried(0.9, [0.9, 0.85, 0.7, 0.6, 0.8, 0.9])], 0) == 2
    assert telling_step([tried(0.9, [0.9] * 6)], 2) == 2
    assert telling_step([tried(np.nan, [np.nan] * 6)], 2) == 2


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
