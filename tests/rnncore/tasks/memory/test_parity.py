"""Running parity against counting, and its closed form against the best guess from one bit."""

import pytest
import torch

from rnncore.errors import ConfigError
from rnncore.seeding import generator
from rnncore.tasks import TASKS


@pytest.mark.parametrize("seq_len", [8, 9, 20])
def test_targets_are_counted_and_padding_follows(seq_len):
    batch = TASKS["parity"](seq_len).batch(300, generator(0, "data"))
    assert set(batch.lengths.tolist()) == set(range(seq_len // 2, seq_len + 1))
    for i in range(batch.size):
        length, bits = int(batch.lengths[i]), batch.inputs[:, i].tolist()
        assert set(bits[:length]) <= {0, 1} and set(bits[length:]) <= {2}
        for step in range(length):
            assert int(batch.targets[step, i]) == bits[: step + 1].count(1) % 2
        assert batch.mask[:, i].sum() == length


@pytest.mark.parametrize("seq_len", [8, 20, 31])
def test_the_memoryless_closed_form_is_what_the_best_guess_from_one_bit_costs(seq_len):
    task = TASKS["parity"](seq_len)
    chance, memoryless, _ = task.baselines()
    batch = task.sample(40_000, generator(0, "data"))
    inputs, targets = batch.inputs[batch.mask], batch.targets[batch.mask]
    counts = torch.zeros(2, 2).index_put_((inputs, targets), torch.ones(()), accumulate=True)
    outputs = (counts / counts.sum(1, keepdim=True)).log()[batch.inputs.clamp(max=1)]
    assert float(task.loss(outputs, batch)) == pytest.approx(memoryless.loss, abs=0.0005)
    assert float(task.metric(outputs, batch)) == pytest.approx(memoryless.metric, abs=0.005)
    assert float(task.loss(torch.zeros_like(outputs), batch)) == pytest.approx(chance.loss)


def test_typed_bits_are_read():
    task = TASKS["parity"](8)
    assert task.steps(task.parse_text("10 1 1001")) == tuple("1011001")
    with pytest.raises(ConfigError, match="“2”"):
        task.parse_text("102")
