"""States as points: components as numpy finds them, axes that stay, and neighbours of a planted memory."""

import numpy as np
import pytest
import torch

from rnncore.analysis.space import nearest, paths, principal
from rnncore.analysis.states import Network, Place, words_of
from rnncore.config import RunConfig
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.training.held_out import held_out
from tests.support.planted import planted


def test_components_are_the_eigenvectors_of_the_covariance():
    spread = torch.diag(torch.tensor([3.0, 2.0, 1.0, 0.5])).double()
    points = torch.randn(500, 4, dtype=torch.float64, generator=generator(0, "x")) @ spread
    axes = principal(points)
    values, vectors = np.linalg.eigh(np.cov(points.T))
    assert np.allclose(axes.shares, values[::-1][:3] / values.sum(), atol=1e-10)
    assert np.allclose(np.abs(axes.directions.numpy().T @ vectors[:, ::-1][:, :3]), np.eye(3), atol=1e-8)
    assert torch.allclose(principal(points.flip(0)).directions, axes.directions, atol=1e-8)


def test_the_neighbours_of_a_planted_memory_remember_the_same():
    network = planted(1.0)
    words, batch = words_of(network, 0), held_out(network.config, network.task)
    found = nearest(network, Place(), 0, words.step + 3)
    clue = network.task.remembered(batch).classes[int(network.task.remembered(batch).values[0])]
    same = [each for each in found if each.remembered == clue]
    assert same == found[: len(same)] and len(same) >= 3
    assert all(each.distance == 0 for each in same) and 0 not in {each.example for each in found}
    assert all(each.distance > 0.9 for each in found[len(same) :])


def test_axes_stay_those_of_the_last_update():
    config = RunConfig(task="temporal_order", cell="lstm", hidden_size=6)
    start, later = Network(config), Network(config, [2 * weights for weights in Network(config).build().parameters()])
    before, after = paths(start, Place(), later), paths(later, Place(), later)
    assert before.shares == after.shares and before.step == after.step
    assert not np.allclose(before.points, after.points)


@pytest.mark.parametrize("task", TASKS)
def test_the_states_of_every_task_are_points(task):
    network = Network(RunConfig(task=task, cell="gru", hidden_size=5))
    found = paths(network, Place(), network)
    n = len(found.points)
    assert found.points.shape == (n, 3) and n <= 2500 and np.isfinite(found.points).all()
    assert len(found.example) == len(found.step) == len(found.text) == len(found.remembered) == len(found.answer) == n
    assert nearest(network, Place(), 2, 1)


def test_states_that_are_no_numbers_have_no_place():
    network = planted(1.0)
    blown = Network(network.config, [weights * float("nan") for weights in network.weights])
    assert paths(blown, Place(), blown) is None
