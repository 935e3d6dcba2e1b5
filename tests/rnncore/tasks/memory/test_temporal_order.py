"""Temporal order against a naive reading of its letters."""

import math

import pytest
import torch

from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.memory.temporal_order import CLASSES, NAMES


@pytest.mark.parametrize("seq_len", [10, 37, 50])
def test_the_answer_is_the_order_of_the_two_letters(seq_len):
    task = TASKS["temporal_order"](seq_len)
    batch = task.batch(500, generator(0, "data"))
    for i in range(batch.size):
        letters = "".join(NAMES[s] for s in batch.inputs[:, i])
        places = [at for at, letter in enumerate(letters) if letter in "XY"]
        assert len(places) == 2
        assert math.floor(seq_len / 10) <= places[0] < math.floor(seq_len / 5)
        assert math.floor(seq_len / 2) <= places[1] < math.floor(seq_len * 3 / 5)
        assert CLASSES[batch.targets[i]] == letters[places[0]] + letters[places[1]]


def test_the_last_letter_says_nothing():
    task = TASKS["temporal_order"](50)
    batch = task.sample(40_000, generator(0, "data"))
    chance, memoryless, one, _ = task.baselines()
    counts = torch.zeros(6, 4).index_put_((batch.inputs[-1], batch.targets), torch.ones(()), accumulate=True)
    assert (counts[4:] == 0).all()  # the last letter is always a distractor
    outputs = (counts / counts.sum(1, keepdim=True).clamp(min=1)).log().clamp(min=-50)[batch.inputs[-1]]
    assert float(task.loss(outputs, batch)) == pytest.approx(memoryless.loss, abs=0.001)
    assert float(task.metric(outputs, batch)) == pytest.approx(memoryless.metric, abs=0.01)
    assert memoryless.loss == chance.loss == pytest.approx(math.log(4))

    first_known = torch.full((batch.size, 4), -50.0)
    each = torch.arange(batch.size)
    first_known[each, batch.targets // 2 * 2] = 0
    first_known[each, batch.targets // 2 * 2 + 1] = 0
    assert float(task.loss(first_known, batch)) == pytest.approx(one.loss, rel=1e-4)
