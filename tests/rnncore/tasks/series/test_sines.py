"""The sine waves and their reference lines, recomputed with NumPy."""

import numpy as np
import pytest
import torch

from rnncore.seeding import generator
from rnncore.tasks import TASKS


def series(n, steps, seed):
    draw = np.random.default_rng(seed)
    f1, f2, o1, o2 = draw.random((4, n, 1))
    t = np.linspace(0, 1, steps + 1)
    x = 0.5 * np.sin((t - o1) * (f1 * 10 + 10)) + 0.2 * np.sin((t - o2) * (f2 * 20 + 20))
    return x + 0.1 * (draw.random((n, steps + 1)) - 0.5)


@pytest.mark.parametrize("steps", [20, 50])
def test_the_lines_agree_with_numpy_on_series_of_its_own(steps):
    train, test = series(7000, steps, 1), series(4000, steps, 2)
    truth = test[:, -1]

    def fitted(columns):
        with_one = [np.c_[x[:, :-1][:, columns], np.ones(len(x))] for x in (train, test)]
        return with_one[1] @ np.linalg.lstsq(with_one[0], train[:, -1], rcond=None)[0]

    expected = [0 * truth, fitted([-1]), test[:, -2], fitted(slice(None))]
    lines = TASKS["sines"](steps).baselines()
    for line, guess in zip(lines, expected, strict=False):
        assert line.loss == pytest.approx(np.mean((guess - truth) ** 2), rel=0.08), line.name
        assert line.metric == pytest.approx(line.loss**0.5)


def test_the_figures_at_50_steps():
    lines = {line.name: line.loss for line in TASKS["sines"](50).baselines()}
    assert lines["repeating the last value"] == pytest.approx(0.0202, rel=0.05)
    assert lines["least squares on all values"] == pytest.approx(0.0029, rel=0.08)
    assert lines["knowing the waves"] == pytest.approx(0.1**2 / 12)


def test_the_metric_is_the_root_of_the_loss():
    task = TASKS["sines"](8)
    batch = task.batch(100, generator(0, "data"))
    outputs = torch.zeros_like(batch.targets)
    assert float(task.metric(outputs, batch)) == pytest.approx(float(task.loss(outputs, batch)) ** 0.5)
