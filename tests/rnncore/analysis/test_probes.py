"""Linear probes: what a planted memory keeps is read back, what it has lost is not, and noise gives chance."""

import numpy as np
import pytest
import torch

from rnncore.analysis.probes import probe, read_back, wilson
from rnncore.analysis.states import Network, Place, examples, lengths_of, one_of, states
from rnncore.cells import CELLS
from rnncore.cli.memory_rows import probe_rows
from rnncore.config import RunConfig
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.training.run import Run
from tests.support.planted import planted


def test_a_memory_that_keeps_is_read_back_at_every_distance():
    found = probe(planted(1.0), Place())
    assert len(found.classes) == 16 and found.lags[0] == 0 and found.lags[-1] >= 16
    assert (found.score == 1).all() and (found.high == 1).all() and (found.low > 0.98).all()


def test_a_memory_that_forgets_at_once_is_at_chance_one_step_later():
    found = probe(planted(0.0), Place())
    assert found.score[0] == 1
    assert all(low <= 1 / 16 + 0.03 and score < 0.15 for low, score in zip(found.low[1:], found.score[1:], strict=True))


def test_noise_is_read_back_at_chance_within_its_interval():
    seeded = generator(0, "noise")
    states, others = torch.randn(800, 20, generator=seeded), torch.randn(400, 20, generator=seeded)
    values, true = (torch.randint(0, 2, (n,), generator=seeded) for n in (800, 400))
    right = int((read_back(states, values, others, 2).argmax(dim=1) == true).sum())
    low, high = wilson(right, 400)
    assert low < 0.5 < high
    numbers = torch.randn(400, generator=seeded)
    said = read_back(states, torch.randn(800, generator=seeded), others, 0)
    assert abs(1 - float((numbers - said).square().mean() / numbers.var())) < 0.06


def test_what_is_linear_in_the_state_is_read_back_as_numpy_does():
    seeded = generator(1, "linear")
    states, others = torch.randn(200, 5, generator=seeded), torch.randn(50, 5, generator=seeded)
    noisy = states @ torch.arange(5.0) + 3 + 0.1 * torch.randn(200, generator=seeded)
    weights = np.linalg.lstsq(np.c_[states.double(), np.ones(200)], noisy.double().numpy(), rcond=None)[0]
    expected = np.c_[others.double(), np.ones(50)] @ weights
    assert np.allclose(read_back(states, noisy, others, 0), expected, atol=5e-3)


def test_units_that_never_move_say_the_mean():
    assert torch.allclose(read_back(torch.ones(30, 4), torch.arange(30), torch.ones(3, 4), 0),
                          torch.tensor(14.5, dtype=torch.float64))  # fmt: skip


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (50, 100, 0.4038, 0.5962)],
)
def test_the_interval_of_a_share_is_wilsons(right, n, low, high):
    assert wilson(right, n) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize("task", TASKS)
def test_every_task_can_be_probed(task):
    config = RunConfig(task=task, cell="lstm", hidden_size=6, num_layers=2)
    found = probe(Network(config), Place(0, "c"))
    assert found.says_something and found.finite and found.lags[0] == 0
    assert (found.low <= found.score + 1e-9).all() and (found.score <= found.high + 1e-9).all()
    rows = probe_rows("lstm", found)
    assert len(rows) == len(found.lags) and rows[0]["steps_later"] == 0 and rows[0]["score"] == found.score[0]


@pytest.mark.parametrize("cell", CELLS)
def test_the_states_are_those_of_the_network(cell):
    run = Run(RunConfig(task="adding", cell=cell, hidden_size=5, num_layers=2))
    batch = examples(run.config, 3, "x")
    network = Network(run.config, run.weights())
    with torch.no_grad():
        expected = run.model.hidden(batch.inputs)[0]
    assert torch.allclose(states(network.build(), run.task, batch, Place(), 0), expected, atol=1e-6)


def test_one_example_has_no_padding():
    config = RunConfig(task="sentiment")
    batch = examples(config, 20, "x")
    for number in range(20):
        one = one_of(batch, number, config.built_task)
        assert one.inputs.shape[1] == 1 and len(one.inputs) == int(lengths_of(config.built_task, batch)[number])


def test_a_network_that_blew_up_is_told():
    network = planted(1.0)
    assert not probe(Network(network.config, [weights * float("inf") for weights in network.weights]), Place()).finite
