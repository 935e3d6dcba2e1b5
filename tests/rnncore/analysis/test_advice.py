"""Advice on divergence helps: each piece, followed alone, gives a run that trains."""

import math

import numpy as np
import pytest

from rnncore.analysis.advice import advice, remedies
from rnncore.config import RunConfig
from rnncore.training.run import Run

TINY = {"hidden_size": 8, "seq_len": 10, "batch_size": 8, "steps": 500}
BLOWS_UP = [
    {"optimizer": "sgd", "lr": 10, "clip_norm": 0, "cell": "rnn", "seq_len": 50},  # no single change is enough
    {**TINY, "optimizer": "sgd", "lr": 10, "clip_norm": 0},
    {**TINY, "optimizer": "sgd", "lr": 1, "clip_norm": 0, "cell": "rnn"},
    {**TINY, "cell": "rnn_relu", "init": "identity", "gain": 5, "seq_len": 400},
    {**TINY, "cell": "rnn_relu", "init": "orthogonal", "gain": 1.5, "seq_len": 50, "optimizer": "sgd", "clip_norm": 0},
    {**TINY, "cell": "rnn_relu", "init": "orthogonal", "gain": 2.5, "seq_len": 100, "clip_norm": 0},
]


@pytest.mark.parametrize("settings", BLOWS_UP)
def test_every_piece_of_advice_is_followed_and_helps(settings):
    run = Run(RunConfig.from_flat(settings))
    run.advance(steps=500)
    assert run.divergence is not None
    found = remedies(run.view())
    assert found and all(each.words in advice(run.view()) for each in found)
    for each in found:
        helped = Run(run.config.with_(**each.changes))
        helped.advance(steps=run.step + 5)
        assert helped.divergence is None and np.isfinite(helped.history.updates["loss"]).all(), each


def test_what_overflows_at_once_is_not_told_to_learn_more_slowly():
    run = Run(RunConfig.from_flat(BLOWS_UP[3]))
    assert not run.step and not math.isfinite(run.divergence.loss)
    said = advice(run.view())
    assert "gain of 1" in said and "tanh" in said and "learning rate" not in said and "clipping" not in said
