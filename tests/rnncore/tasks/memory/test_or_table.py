"""The truth table against Python's own `or`, and which network can answer it."""

import math

import pytest
import torch

from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.training.run import Run


@pytest.mark.parametrize("seq_len", [4, 10])
def test_each_record_is_answered_by_its_own_bits(seq_len):
    batch = TASKS["or_table"](seq_len).batch(200, generator(0, "data"))
    for i in range(batch.size):
        for (a, b), target in zip(batch.inputs[:, i].tolist(), batch.targets[:, i].tolist(), strict=True):
            assert {a, b} <= {0.0, 1.0} and target == int(bool(a) or bool(b))


def test_always_saying_one_scores_what_its_line_says():
    task = TASKS["or_table"](10)
    batch = task.sample(4000, generator(0, "data"))
    always = torch.tensor([0.25, 0.75]).log().expand(*batch.targets.shape, 2)
    line = next(line for line in task.baselines() if line.name == "always saying 1")
    assert float(task.loss(always, batch)) == pytest.approx(line.loss, abs=0.005)
    assert float(task.metric(always, batch)) == pytest.approx(line.metric, abs=0.005)
    assert line.loss == pytest.approx(-0.75 * math.log(0.75) - 0.25 * math.log(0.25))


def test_typed_records_are_read_and_others_refused():
    task = TASKS["or_table"](10)
    inputs = task.parse_text("01 11 00")
    assert inputs.tolist() == [[[0, 1]], [[1, 1]], [[0, 0]]] and task.steps(inputs) == ("01", "11", "00")
    with pytest.raises(ConfigError, match="012"):
        task.parse_text("01 012")


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["feedforward", "gru"])
def test_a_network_that_sees_one_record_is_enough(cell):
    run = Run(RunConfig(task="or_table", cell=cell))
    run.advance()
    assert run.config.window == 1
    assert run.history.held_out["metric"][-1] == 1 and run.history.held_out["loss"][-1] < 0.01
