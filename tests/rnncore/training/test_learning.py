"""What networks really learn with the recommended settings: the claims that the pages make, measured."""

import pytest
import torch

from rnncore.config import RunConfig
from rnncore.training.run import Run

torch.set_num_threads(1)

pytestmark = pytest.mark.slow


def trained(**changes) -> Run:
    run = Run(RunConfig(**changes))
    run.advance()
    assert run.status == "finished"
    return run


def held_out(run, name="loss"):
    return float(run.history.held_out[name][-1])


def baseline(run, name):
    return next(line for line in run.task.baselines() if line.name == name)


@pytest.mark.parametrize("seed", [0, 1])
def test_an_lstm_solves_the_adding_problem_and_a_plain_network_does_not(seed):
    """Over 50 steps; guessing the mean costs 1/6, knowing one of the two numbers half of that."""
    lstm = trained(task="adding", cell="lstm", seed=seed)
    plain = trained(task="adding", cell="rnn", seed=seed)
    assert lstm.config.seq_len == plain.config.seq_len == 50
    assert lstm.config.hidden_size == plain.config.hidden_size
    assert held_out(lstm) < 0.01 and held_out(lstm, "metric") > 0.8
    assert plain.history.held_out["loss"].min() > 0.15


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_gates_solve_temporal_order(one_that, cell):
    """Two letters 20 steps apart, and 20 more of distraction: every held-out answer is right."""
    run = one_that(lambda run: run.status == "finished" and held_out(run, "metric") == 1.0,
                   task="temporal_order", cell=cell, target=1.0)  # fmt: skip
    assert run.config.seq_len == 50 and run.step < run.config.steps
    assert held_out(run) < baseline(run, "knowing one of the two").loss


@pytest.mark.parametrize("seed", [0, 1])
def test_the_weather_is_forecast_a_little_better_than_by_saying_the_same_again(seed):
    """Real data are noisy: far better than the season, but only a few per cent better than persistence."""
    run = trained(task="temperature", cell="lstm", seed=seed)
    error = held_out(run, "metric")
    assert error < 0.8 * baseline(run, "the mean for the season").metric
    assert error < baseline(run, "tomorrow = today").metric
    assert error > 0.9 * baseline(run, "tomorrow = today").metric
