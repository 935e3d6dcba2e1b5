"""The adding problem against naive recomputation and guessers."""

import pytest
import torch

from rnncore.seeding import generator
from rnncore.tasks import TASKS


@pytest.fixture(scope="module")
def drawn():
    task = TASKS["adding"](20)
    return task, task.sample(100_000, generator(0, "data"))


@pytest.mark.parametrize("seq_len", [4, 5, 20])
def test_targets_are_the_sum_of_the_marked_numbers(seq_len):
    batch = TASKS["adding"](seq_len).batch(300, generator(0, "data"))
    for i in range(batch.size):
        marked = [step for step in range(seq_len) if batch.inputs[step, i, 1] == 1]
        assert len(marked) == 2
        assert marked[0] < seq_len // 2 <= marked[1] < seq_len - 1
        assert float(batch.targets[i]) == pytest.approx(sum(float(batch.inputs[step, i, 0]) for step in marked))


def test_guessing_the_mean_costs_what_the_baseline_says(drawn):
    task, batch = drawn
    memoryless = task.baselines()[0]
    guess = torch.ones_like(batch.targets)
    assert float(task.loss(guess, batch)) == pytest.approx(memoryless.loss, rel=0.02)
    assert float(task.metric(guess, batch)) == pytest.approx(memoryless.metric, abs=0.005)


def test_knowing_one_number_costs_what_the_baseline_says(drawn):
    task, batch = drawn
    one = next(line for line in task.baselines() if line.kind == "other")
    guess = (batch.inputs[10:, :, 0] * batch.inputs[10:, :, 1]).sum(0)[:, None] + 0.5
    assert float(task.loss(guess, batch)) == pytest.approx(one.loss, rel=0.02)
    assert float(task.metric(guess, batch)) == pytest.approx(one.metric, abs=0.005)
