"""The truth table one record late: only a memory can answer it."""

import pytest
import torch

from rnncore.config import RunConfig
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.training.run import Run


def test_each_answer_is_about_the_record_before_and_the_first_does_not_count():
    task = TASKS["or_twin"](6)
    batch = task.batch(200, generator(0, "data"))
    assert not batch.mask[0].any() and batch.mask[1:].all()
    for i in range(batch.size):
        records = batch.inputs[:, i].tolist()
        assert batch.targets[1:, i].tolist() == [int(bool(a) or bool(b)) for a, b in records[:-1]]


def test_the_record_in_sight_says_nothing():
    task = TASKS["or_twin"](10)
    batch = task.sample(4000, generator(0, "data"))
    kind = (2 * batch.inputs[..., 0] + batch.inputs[..., 1]).long()
    for record in range(4):
        share = batch.targets[batch.mask & (kind == record)].float().mean()
        assert float(share) == pytest.approx(0.75, abs=0.015)
    memoryless = next(line for line in task.baselines() if line.kind == "memoryless")
    outputs = torch.tensor([0.25, 0.75]).log().expand(*batch.targets.shape, 2)
    assert float(task.loss(outputs, batch)) == pytest.approx(memoryless.loss, abs=0.005)
    assert float(task.metric(outputs, batch)) == pytest.approx(memoryless.metric, abs=0.005)


@pytest.mark.slow
def test_recurrent_networks_learn_it_and_one_that_sees_one_record_does_not():
    for cell in ("rnn", "lstm", "gru"):
        run = Run(RunConfig(task="or_twin", cell=cell))
        run.advance()
        assert run.history.held_out["metric"][-1] == 1 and run.history.held_out["loss"][-1] < 0.01
    run = Run(RunConfig(task="or_twin", cell="feedforward"))
    run.advance()
    assert run.history.held_out["metric"][-1] < 0.8 and run.history.held_out["loss"][-1] > 0.5
