"""Handwritten digits: the file, the split by form, the reading, and the reference lines in plain NumPy."""

import gzip
import hashlib
import math

import numpy as np
import pytest
import torch

from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.perception.digits import FILE, FIRST_HELD_OUT, DigitOptions, _not_held_out, pictures
from rnncore.training.run import Run

PUBLISHED = "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"  # of the file in scikit-learn 1.9.1

PIXELS = DigitOptions(reading="pixels")


@pytest.fixture(scope="module")
def rows():
    return [[int(float(value)) for value in line.split(",")] for line in gzip.open(FILE, "rt")]


def test_the_file_is_the_published_one_and_read_as_it_is(rows):
    assert hashlib.sha256(FILE.read_bytes()).hexdigest() == PUBLISHED
    whole, digits = pictures()
    assert len(rows) == 1797 and digits.tolist() == [row[-1] for row in rows]
    assert (whole.flatten(1) * 16).tolist() == [row[:-1] for row in rows]


def test_the_border_is_the_beginning_of_the_twelfth_form(rows):
    written = "".join(str(row[-1]) for row in rows)
    after_thirty = [i for i in range(len(written)) if written.startswith("0955650989", i)]  # once in every form
    assert len(after_thirty) == 14 and after_thirty[11] == FIRST_HELD_OUT + 30
    assert written.startswith("0123456789" * 3, FIRST_HELD_OUT)


@pytest.mark.parametrize("shown", [2, 5, 8])
def test_the_sides_are_forms_and_share_no_picture(shown, rows):
    task = TASKS["digits"](shown)
    first = [tuple(row[: 8 * shown]) for row in rows]
    held_out = set(first[FIRST_HELD_OUT:])
    kept = [row for row in first[:FIRST_HELD_OUT] if row not in held_out]
    training = [tuple(p) for p in (task.training_pictures[:, :shown].flatten(1) * 16).int().tolist()]
    assert training == kept
    batch = task.held_out(task.held_out_size, generator(0, "held-out"))
    drawn = (batch.inputs.transpose(0, 1).flatten(1) * 16).int().tolist()
    pairs = sorted(zip(map(tuple, drawn), batch.targets.tolist(), strict=True))
    assert pairs == sorted(zip(first[FIRST_HELD_OUT:], (row[-1] for row in rows[FIRST_HELD_OUT:]), strict=True))


def test_a_picture_that_is_on_both_sides_leaves_training(monkeypatch):
    whole, digits = pictures()
    copied = whole.clone()
    copied[[3, 70]] = whole[[1500, 1796]]
    monkeypatch.setattr("rnncore.tasks.perception.digits.pictures", lambda: (copied, digits))
    monkeypatch.setattr(
        "rnncore.tasks.perception.digits._not_held_out", _not_held_out.__wrapped__
    )  # what is kept is of others
    task = TASKS["digits"](8)
    assert len(task.training_pictures) == FIRST_HELD_OUT - 2 == len(task.training_digits)


def test_pixels_are_the_rows_one_after_the_other():
    by_row, by_pixel = TASKS["digits"](6), TASKS["digits"](6, PIXELS)
    for side in ("batch", "held_out", "sample"):
        one, other = (getattr(task, side)(9, generator(0, "data")) for task in (by_row, by_pixel))
        assert one.inputs.shape == (6, 9, 8) and other.inputs.shape == (48, 9, 1)
        assert torch.equal(one.inputs.transpose(0, 1).flatten(1), other.inputs[:, :, 0].T)
        assert torch.equal(one.targets, other.targets)
    assert by_pixel.steps(other.inputs[:, :1])[:9] == (*(f"1, {i}" for i in range(1, 9)), "2, 1")


def test_training_pictures_are_altered_a_little_and_stay_pictures():
    task = TASKS["digits"](8)
    batch = task.batch(3000, generator(0, "data"))
    drawn = batch.inputs.transpose(0, 1).flatten(1)
    assert drawn.min() >= 0 and drawn.max() <= 1
    assert len(drawn.unique(dim=0)) == 3000
    distance = torch.cdist(drawn, task.training_pictures.flatten(1))
    own = torch.stack([distance[i, task.training_digits == batch.targets[i]].min() for i in range(3000)])
    assert 0.3 < float(own.mean()) < 2.5  # of an average of 3 from one digit to another of its kind
    assert float((task.training_digits[distance.argmin(dim=1)] == batch.targets).double().mean()) > 0.75


def test_the_lines_agree_with_numpy(rows):
    table = np.array(rows, dtype=float)
    train, test = table[:FIRST_HELD_OUT], table[FIRST_HELD_OUT:]
    chance, last, mean, discriminants, nearest = TASKS["digits"](8).baselines()
    assert (chance.loss, chance.metric) == (math.log(10), 0.1)

    def distance(a, b):
        return ((a[:, None] - b[None]) ** 2).sum(-1)

    neighbour = train[distance(test[:, :64], train[:, :64]).argmin(1), -1]
    assert nearest.metric == pytest.approx((neighbour == test[:, -1]).mean())
    means = np.stack([train[train[:, -1] == digit, :64].mean(0) for digit in range(10)])
    assert mean.metric == pytest.approx((distance(test[:, :64], means).argmin(1) == test[:, -1]).mean())
    for line, columns in ((last, slice(56, 64)), (discriminants, slice(0, 64))):
        x, new = train[:, columns] / 16, test[:, columns] / 16
        centres = np.stack([x[train[:, -1] == digit].mean(0) for digit in range(10)])
        rest = x - centres[train[:, -1].astype(int)]
        shape = np.linalg.inv(rest.T @ rest / len(x) + 0.01 * np.eye(x.shape[1]))
        far = np.stack([((new - c) @ shape * (new - c)).sum(1) for c in centres], axis=1)  # Mahalanobis
        scores = np.log([(train[:, -1] == digit).mean() for digit in range(10)]) - far / 2
        shares = np.exp(scores - scores.max(1, keepdims=True))
        shares /= shares.sum(1, keepdims=True)
        truth = test[:, -1].astype(int)
        assert line.metric == pytest.approx((scores.argmax(1) == truth).mean())
        assert line.loss == pytest.approx(-np.log(shares[np.arange(len(truth)), truth]).mean(), rel=1e-5)


@pytest.mark.parametrize("options", [None, PIXELS])
def test_a_drawing_becomes_the_inputs_of_one_example(options):
    task = TASKS["digits"](8, options)
    example = task.held_out(1, generator(0, "held-out"))
    drawn = tuple(example.inputs.flatten().tolist())
    inputs = task.draw(drawn)
    assert torch.equal(inputs, example.inputs) and len(task.steps(inputs)) == task.total_steps
    shown = task.show(example)
    assert tuple(value for row in shown.pictures[0].rows for value in row) == drawn


@pytest.mark.parametrize(
    "pixels",
    [(), (0.5,) * 63, (0.5,) * 65, (0.0,) * 64, (1.1,) * 64, (-0.1,) + (1.0,) * 63, (math.nan,) * 64, (math.inf,) * 64],
)
def test_a_drawing_that_is_none_is_one_sentence(pixels):
    with pytest.raises(ConfigError) as caught:
        TASKS["digits"](8).draw(pixels)
    assert str(caught.value).endswith(".") and len(str(caught.value)) > 20


def test_ink_outside_the_rows_shown_is_nothing_drawn():
    with pytest.raises(ConfigError, match="2 rows"):
        TASKS["digits"](2).draw((0.0,) * 40 + (1.0,) * 24)


@pytest.mark.slow
def test_a_gru_reads_strange_handwriting_and_four_rows_are_not_enough():
    run = Run(RunConfig(task="digits", cell="gru", steps=1200))
    run.advance(steps=1200)
    *_, discriminants, nearest = run.task.baselines()
    assert run.history.held_out["metric"][-1] > nearest.metric > discriminants.metric
    window = Run(RunConfig(task="digits", cell="feedforward", steps=600))
    window.advance(steps=600)
    assert window.history.held_out["metric"][-1] < discriminants.metric
