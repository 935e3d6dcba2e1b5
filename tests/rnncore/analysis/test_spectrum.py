"""Eigenvalues as numpy finds them, and Jacobians as finite differences do."""

import numpy as np
import pytest
import torch

from rnncore.analysis.gradients import gradient_flow
from rnncore.analysis.spectrum import jacobian_spectrum, measured, recurrent_spectrum, state_jacobian
from rnncore.analysis.states import Network
from rnncore.cells import CELLS
from rnncore.cli.memory_rows import spectrum_rows
from rnncore.config import RunConfig
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.training.held_out import held_out
from tests.support.planted import planted


def test_a_memory_that_keeps_has_all_eigenvalues_at_one_and_one_that_forgets_at_zero():
    for kept in (1.0, 0.5, 0.0):
        found = recurrent_spectrum(planted(kept))
        assert np.allclose(found.real, kept) and np.allclose(found.imaginary, 0) and np.allclose(found.singular, kept)


@pytest.mark.parametrize("cell", CELLS)
def test_the_spectrum_of_the_recurrent_matrix_is_numpys(cell):
    network = Network(RunConfig(task="adding", cell=cell, hidden_size=7, num_layers=2))
    found = recurrent_spectrum(network)
    inner = network.build().layers[1][0]
    if not inner.recurrent:
        assert found is None and jacobian_spectrum(network, -1, 0, 3) is None
        return
    matrix = inner.weight_hh.detach().double().numpy().reshape(inner.blocks, 7, 7)
    expected = np.linalg.eigvals(matrix[inner.block_names.index(inner.candidate)])
    assert np.allclose(np.sort_complex(found.real + 1j * found.imaginary), np.sort_complex(expected), atol=1e-10)
    assert found.radius == pytest.approx(np.abs(expected).max())
    assert found.singular[0] == pytest.approx(gradient_flow(network.config).top.largest_singular_value, rel=1e-5)


@pytest.mark.parametrize("cell", [name for name in CELLS if CELLS[name].recurrent])
def test_the_jacobian_of_a_state_is_that_of_finite_differences(cell):
    seeded = generator(0, "jacobian")
    inner = CELLS[cell](3, 4, generator=seeded).double()
    parts = len(inner.state_names)
    state = torch.randn(parts, 1, 4, dtype=torch.float64, generator=seeded)
    projected = inner.project(torch.randn(1, 3, dtype=torch.float64, generator=seeded)).detach()
    found, tiny = state_jacobian(inner, projected, tuple(state)), 1e-6
    with torch.no_grad():
        for unit in range(4 * parts):
            ends = []
            for sign in (1, -1):
                moved = state.clone().flatten()
                moved[unit] += sign * tiny
                ends.append(torch.cat(inner.step(projected, tuple(moved.view(parts, 1, 4))), dim=1)[0])
            assert torch.allclose(found[:, unit], (ends[0] - ends[1]) / (2 * tiny), atol=1e-7)


def test_the_jacobian_of_a_vanilla_cell_is_its_matrix_with_the_slopes():
    network = Network(RunConfig(task="temporal_order", cell="rnn", hidden_size=5))
    found = jacobian_spectrum(network, -1, 2, 0)
    inner = network.build(torch.float64).layers[0][0]
    inputs = network.build().encode(held_out(network.config, network.task).inputs).double()
    h = inner(inputs[0, 2:3], inner.initial_state(1))[0]
    expected = np.linalg.svd(((1 - h[0] ** 2)[:, None] * inner.weight_hh).detach().numpy())[1]
    assert np.allclose(found.singular, expected, atol=1e-8)


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_a_jacobian(task):
    network = Network(RunConfig(task=task, cell="lstm", hidden_size=4))
    found = jacobian_spectrum(network, -1, 1, 5)
    rows = spectrum_rows("lstm", 0, found)
    assert found.finite and len(found.real) == len(rows) == 8 and rows[0]["singular_value"] == found.singular[0]


def test_the_measured_decay_is_that_of_the_gradient():
    network = Network(RunConfig(task="adding", cell="gru", hidden_size=6))
    norm = gradient_flow(network.config, batch_size=16).top.norm_h.mean
    found = measured(network)
    assert found.back == 20 and found.ratio == pytest.approx(norm[20] / norm[0])
    assert found.per_step**20 == pytest.approx(found.ratio)


def test_a_matrix_that_is_no_longer_finite_is_told():
    network = planted(1.0)
    assert not recurrent_spectrum(Network(network.config, [w * float("nan") for w in network.weights])).finite
