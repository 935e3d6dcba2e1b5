"""Clips whose movement changes: how long each lasts, what follows it, and that the frames show it."""

import math
from itertools import groupby, pairwise

import pytest
import torch

from rnncore.config import RunConfig
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.perception.clips import MOVEMENTS, SIDE, ClipOptions
from rnncore.training.run import Run

CLEAR = ClipOptions(dark=0, noise=0)


def test_each_movement_lasts_as_said_and_another_follows():
    task = TASKS["video_frames"](60, CLEAR)
    batch = task.sample(500, generator(0, "data"))
    assert not batch.mask[0].any() and batch.mask[1:].all()
    lasting, following = [], torch.zeros(6, 6)
    for i in range(batch.size):
        parts = [(movement, len(list(run))) for movement, run in groupby(batch.targets[1:, i].tolist())]
        lasting += [length for _, length in parts[:-1]]
        assert parts[-1][1] <= 10  # cut short by the end of the clip
        for (before, _), (after, _) in pairwise(parts):
            following[before, after] += 1
    assert set(lasting) == set(range(4, 11))
    shares = following / following.sum(1, keepdim=True)
    assert shares.diagonal().max() == 0
    assert shares[~torch.eye(6, dtype=torch.bool)].numpy() == pytest.approx(0.2, abs=0.05)
    every = torch.stack([torch.bincount(row, minlength=6) for row in batch.targets[1:]]) / batch.size
    assert every.numpy() == pytest.approx(1 / 6, abs=0.08)  # at each frame all are equally likely


def test_the_frames_show_the_movement_asked_for():
    task = TASKS["video_frames"](40, CLEAR)
    batch = task.sample(300, generator(0, "data"))
    wave = torch.exp(2j * math.pi * torch.arange(SIDE) / SIDE)
    screens = batch.inputs.unflatten(-1, (SIDE, SIDE)).to(wave.dtype)
    right, down = ((screens.sum(axis) @ wave).angle().diff(dim=0) / math.tau for axis in (-2, -1))
    right, down = (SIDE * (step - step.round()) for step in (right, down))
    seen = batch.targets[1:]
    for number, movement in enumerate(MOVEMENTS):
        y, x = down[seen == number], right[seen == number]
        expected = {"left": (0, -0.9), "right": (0, 0.9), "up": (-0.9, 0), "down": (0.9, 0), "still": (0, 0)}
        if movement == "circling":
            assert float(torch.hypot(y, x).mean()) == pytest.approx(0.9, abs=0.1)
            assert abs(float(y.mean())) < 0.1 and abs(float(x.mean())) < 0.1
        else:
            assert (float(y.mean()), float(x.mean())) == pytest.approx(expected[movement], abs=0.05)
            assert max(float(y.std()), float(x.std())) < 0.3


def test_the_lines_are_guesses_and_a_rival_that_sees_two_frames():
    chance, memoryless, rival = TASKS["video_frames"](24).baselines()
    assert chance.loss == memoryless.loss == math.log(6)
    assert 0.4 < rival.metric < 0.7 and rival.loss < chance.loss


def test_an_answer_is_right_only_if_every_frame_is():
    task = TASKS["video_frames"](24)
    example = task.held_out(1, generator(0, "held-out"))
    output = 60.0 * torch.nn.functional.one_hot(example.targets[:, 0], 6)
    output[0] = 0  # the first frame does not count
    shown = task.show(example, output)
    assert shown.right and shown.answer.endswith("23 of 23") and len(shown.clips[0].frames) == 24
    output[5] = output[5].roll(1)
    shown = task.show(example, output)
    assert shown.right is False and shown.answer.endswith("22 of 23")
    assert shown.tracks[-1].marked == (4,) and shown.tracks[-1].start == 1


@pytest.mark.slow
def test_a_gru_beats_two_frames_and_a_window_of_three_by_far():
    run = Run(RunConfig(task="video_frames", cell="gru", steps=400))
    run.advance(steps=400)
    window = Run(RunConfig(task="video_frames", cell="feedforward", steps=400))
    window.advance(steps=400)
    rival = run.task.baselines()[-1]
    gru, three = (r.history.held_out["metric"][-1] for r in (run, window))
    assert gru > max(three, rival.metric) + 0.1
