"""A recording shows the network whose weights it holds, and little of what only training needs."""

import json

import numpy as np
import pytest
import torch
from safetensors.torch import load as load_tensors

from rnncore.config import RunConfig
from rnncore.files import checkpoints, recordings
from rnncore.files.sealed import seal
from rnncore.training.run import Run


@pytest.fixture(scope="module", params=["adding", "handwriting"])
def runs(request):
    made = [
        Run(RunConfig(task=request.param, cell=cell, hidden_size=72, seq_len=20, steps=130)) for cell in ("rnn", "gru")
    ]
    for run in made:
        run.advance()
    return made


def test_all_that_a_page_shows_comes_back(runs):
    for old, new in zip(runs, recordings.load(recordings.save(runs)), strict=True):
        assert new.config == old.config and new.step == old.step and new.status == old.status == "finished"
        before, after = old.view(40), new.view(40)
        np.testing.assert_array_equal(after.curve.step, before.curve.step)
        np.testing.assert_allclose(after.curve.loss, before.curve.loss, rtol=1e-3)
        np.testing.assert_array_equal(after.curve.held_loss[:-1], before.curve.held_loss[:-1])
        np.testing.assert_allclose(after.curve.held_seconds, before.curve.held_seconds, rtol=1e-5)
        assert np.all(np.diff(after.curve.seconds) >= 0)
        assert after.health == before.health


def test_the_last_measurement_is_of_the_weights_in_the_file(runs):
    for old, new in zip(runs, recordings.load(recordings.save(runs)), strict=True):
        with torch.no_grad():
            loss = new.task.loss(new.model.answer(new.held_out)[0], new.held_out).item()
        assert new.history.held_out["loss"][-1] == pytest.approx(loss, rel=1e-5)
        assert loss == pytest.approx(float(old.history.held_out["loss"][-1]), rel=0.1)
        assert new.answered_at == new.step
        for kept, exact in zip(new.model.parameters(), old.model.parameters(), strict=True):
            largest = exact.abs().max().item()
            assert (kept - exact).abs().max().item() <= largest / 250


def test_it_is_a_fraction_of_a_saved_model_and_none_itself(runs):
    data = recordings.save(runs)
    assert len(data) < len(checkpoints.save(runs)) / 5
    with pytest.raises(checkpoints.CheckpointError, match="not a file of this playground"):
        checkpoints.load(data)


def test_its_settings_can_be_read_alone(runs):
    assert recordings.read_configs(recordings.save(runs)) == [run.config for run in runs]


def test_weights_from_during_training_come_back_rounded_where_there_is_room_for_them(runs):
    assert recordings.load(recordings.save(runs))[0].milestones == {}
    each = len(recordings.save(runs))
    found = recordings.load(recordings.save(runs, 10 * each))
    for old, new in zip(runs, found, strict=True):
        assert list(new.milestones) == [1, 3, 10, 30, 100]
        for step, kept in new.milestones.items():
            for weights, exact in zip(kept, old.milestones[step], strict=True):
                assert weights.shape == exact.shape
                assert (weights - exact).abs().max().item() <= exact.abs().max().item() / 250
    few = recordings.save(runs, 3 * each)
    assert list(recordings.load(few)[0].milestones)[-1] == 100 and len(few) < 4 * each
    assert recordings.save(runs, each // 2) == recordings.save(runs)


@pytest.mark.parametrize("steps", [[0, 3], [3, 3], [10, 3], [3, 130], [3, 500]])
def test_weights_of_updates_that_cannot_be_are_refused(runs, steps):
    tensors = load_tensors(recordings.save(runs, 10**6))
    for name in [name for name in tensors if ".milestone" in name]:
        tensors[name] = tensors[name][:2].contiguous()
    for i in range(len(runs)):
        tensors[f"{i}.milestones"] = torch.tensor(steps, dtype=torch.int32)
    configs = json.dumps([run.config.flat() for run in runs])
    with pytest.raises(checkpoints.CheckpointError, match="updates that cannot be"):
        recordings.load(seal(tensors, {"format": recordings.FORMAT, "configs": configs}))
