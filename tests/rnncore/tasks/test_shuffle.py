"""Shuffled steps: what moves, what stays, and that order then is really gone."""

import pytest
import torch

from rnncore.config import RunConfig
from rnncore.files import checkpoints
from rnncore.seeding import generator
from rnncore.tasks import TASKS, Batch
from rnncore.tasks.shuffle import shuffled
from rnncore.training.run import Run

torch.set_num_threads(1)


def numbered(lengths=None):
    inputs = torch.arange(7)[:, None].expand(-1, 5) + 100 * torch.arange(5)
    return Batch(inputs, torch.zeros(5, dtype=torch.int64), None, lengths)


@pytest.mark.parametrize("how", ["same", "new"])
def test_every_step_is_still_there_and_padding_stays_at_the_end(how):
    lengths = torch.tensor([7, 3, 5, 1, 6])
    before, after = numbered(lengths), shuffled(numbered(lengths), how, 4, generator(0, "order"))
    for i, length in enumerate(lengths.tolist()):
        assert sorted(after.inputs[:length, i].tolist()) == before.inputs[:length, i].tolist()
        assert torch.equal(after.inputs[length:, i], before.inputs[length:, i])
    assert not torch.equal(after.inputs, before.inputs)


def test_one_order_for_all_or_a_new_one_for_each():
    same = shuffled(numbered(), "same", 4, None).inputs % 100
    assert (same == same[:, :1]).all() and torch.equal(same, shuffled(numbered(), "same", 4, None).inputs % 100)
    assert not torch.equal(same, shuffled(numbered(), "same", 5, None).inputs % 100)
    new = shuffled(numbered(), "new", 4, generator(0, "order")).inputs % 100
    assert len({tuple(column) for column in new.T.tolist()}) == 5
    assert shuffled(numbered(), "none", 4, None).inputs.equal(numbered().inputs)


@pytest.mark.parametrize("name", TASKS)
def test_every_task_can_be_trained_with_shuffled_steps(name):
    losses = []
    for _ in range(2):
        run = Run(RunConfig(task=name, shuffle="new", hidden_size=4, batch_size=4, steps=10))
        run.advance(steps=2)
        assert run.status == "paused" and len(list(run.shown())) == 6
        losses.append(run.history.updates["loss"].tolist())
    assert losses[0] == losses[1]


def test_a_saved_run_goes_on_with_the_same_orders():
    config = RunConfig(task="parity", shuffle="new", hidden_size=4, batch_size=4, steps=40)
    whole, half = Run(config), Run(config)
    whole.advance(steps=30)
    half.advance(steps=15)
    (loaded,) = checkpoints.load(checkpoints.save([half]))
    loaded.advance(steps=15)
    assert loaded.history.updates["loss"].tolist() == whole.history.updates["loss"].tolist()


@pytest.mark.slow
def test_what_lives_on_order_is_lost_with_it():
    """Two letters tell four classes apart; without order, "first X, then Y" and the reverse look alike: 3/4 at best."""
    ordered = {"task": "temporal_order", "cell": "gru", "seq_len": 20, "steps": 800}
    runs = [Run(RunConfig(**ordered, shuffle=how)) for how in ("none", "new")]
    for run in runs:
        run.advance()
    kept, lost = (run.history.held_out["metric"][-1] for run in runs)
    assert kept > 0.95 and 0.6 < lost < 0.85
