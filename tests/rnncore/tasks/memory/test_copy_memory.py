"""Copy memory: the layout written out by hand, and its closed forms against guessers."""

import math

import pytest
import torch

from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.memory.copy_memory import CopyOptions
from rnncore.tasks.sides import is_held_out


def build(seq_len, memorize):
    return TASKS["copy_memory"](seq_len, CopyOptions(memorize=memorize))


@pytest.mark.parametrize(("delay", "memorize"), [(2, 2), (7, 3), (20, 10)])
def test_the_layout_is_the_classic_one(delay, memorize):
    task = build(delay, memorize)
    batch = task.batch(30, generator(0, "data"))
    for i in range(30):
        inputs, targets = batch.inputs[:, i].tolist(), batch.targets[:, i].tolist()
        word = inputs[:memorize]
        assert all(symbol < 8 for symbol in word)
        assert inputs == word + [8] * (delay - 1) + [9] + [8] * memorize
        assert targets == [8] * (delay + memorize) + word
        assert len(inputs) == delay + 2 * memorize == task.total_steps


@pytest.mark.parametrize(("delay", "memorize"), [(7, 3), (20, 10), (100, 10)])
def test_baselines_equal_the_guessers_they_describe(delay, memorize):
    task = build(delay, memorize)
    chance, memoryless, _ = task.baselines()
    batch = task.sample(5000, generator(0, "data"))
    uniform = torch.zeros(task.total_steps, batch.size, 9)
    assert float(task.loss(uniform, batch)) == pytest.approx(chance.loss, rel=1e-5)
    assert chance.loss == pytest.approx(math.log(9))

    counting = torch.zeros(task.total_steps, batch.size, 9)
    counting[..., 8] = -100.0
    counting[:-memorize, :, 8] = 100.0
    assert float(task.loss(counting, batch)) == pytest.approx(memoryless.loss, rel=1e-5)
    assert memoryless.loss == pytest.approx(memorize * math.log(8) / (delay + 2 * memorize))

    for outputs, line in ((uniform, chance), (counting, memoryless)):
        ties_broken = outputs + 1e-3 * torch.rand(outputs.shape, generator=generator(1, "guess"))
        assert float(task.metric(ties_broken, batch)) == pytest.approx(line.metric, abs=0.01)


def test_the_metric_looks_at_the_recall_alone():
    task = build(7, 4)
    batch = task.batch(1, generator(0, "data"))
    outputs = torch.nn.functional.one_hot(batch.targets, 9).float()
    outputs[:-4] = 0  # every blank wrong
    outputs[-1] = 0
    outputs[-1, 0, 8] = 1  # one symbol forgotten
    assert float(task.metric(outputs, batch)) == 0.75


def test_the_smallest_setting_has_both_sides_at_every_delay():
    pairs = torch.cartesian_prod(torch.arange(8), torch.arange(8)).T
    for delay in range(2, 1001):
        inputs = torch.full((delay + 4, 64), 8)
        inputs[:2], inputs[delay + 1] = pairs, 9
        assert 0 < int(is_held_out(inputs).sum()) < 64, delay


def test_memorize_is_bounded():
    assert RunConfig.from_flat({"task": "copy_memory", "memorize": "20"}).build_task().total_steps == 10 + 40
    with pytest.raises(ConfigError, match="memorize"):
        RunConfig.from_flat({"task": "copy_memory", "memorize": 21})
