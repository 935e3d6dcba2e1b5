"""Held-out examples: the same ones for all who ask the same, and answered piece by piece where a network is large."""

import pytest
import torch

from rnncore.config import RunConfig
from rnncore.tasks import TASKS
from rnncore.training import held_out as module
from rnncore.training.run import Run


def config(task, **changes):
    return RunConfig.from_flat({"task": task, "hidden_size": 8, "steps": 3, **changes})


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
@pytest.mark.parametrize("task", ["adding", "parity", "sentiment", "dates", "captions", "copy_memory", "temperature"])
def test_pieces_give_the_same_answers_as_the_whole(task, cell, monkeypatch):
    run, calls = Run(config(task, cell=cell)), []
    with torch.no_grad():
        outputs, saturated = module.answered(run.model, run.held_out, run.config)
        monkeypatch.setattr(module, "PIECE_BYTES", 10_000)
        again, saturated_again = module.answered(run.model, run.held_out, run.config, lambda: calls.append(1))
    assert calls
    torch.testing.assert_close(again, outputs, rtol=1e-5, atol=1e-5)
    assert saturated_again == pytest.approx(saturated, abs=1e-6)


def test_networks_and_runs_of_the_same_examples_share_them():
    one, other = Run(config("entities", cell="rnn")), Run(config("entities", cell="gru", hidden_size=4, lr=0.5))
    assert one.held_out is other.held_out
    for changes in ({"seed": 1}, {"seq_len": TASKS["entities"].seq_len_range[0]}, {"shuffle": "same"}):
        assert Run(config("entities", **changes)).held_out is not one.held_out


def test_examples_that_nobody_holds_are_forgotten():
    run = Run(config("adding", seed=77))
    before = len(module._drawn)
    del run
    assert len(module._drawn) == before - 1
