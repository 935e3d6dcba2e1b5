"""Clips of moving shapes against a drawing of them in plain Python."""

import math

import pytest
import torch
from torch.nn import functional as F

from rnncore.config import RunConfig
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.perception.clips import MOVEMENTS, PARTS, RADII, SIDE, ClipOptions, _library, best_shift
from rnncore.training.run import Run

CLEAR = ClipOptions(dark=0, noise=0)


def ink(shape, radius, row, column, y, x):
    """One pixel at `(row, column)` of a shape around `(y, x)` on a screen without edges."""
    high, wide = (min(abs(a - b), SIDE - abs(a - b)) for a, b in ((row, y), (column, x)))
    if shape == 2:
        value = 1 - abs(math.hypot(high, wide) - radius)
    else:
        value = radius + 0.5 - max(high, wide)
        value = min(value, 1 - min(high, wide)) if shape == 1 else value
    return min(max(value, 0), 1)


@pytest.mark.parametrize("shape", [0, 1, 2])
@pytest.mark.parametrize(("y", "x"), [(0, 0), (13, 30), (31, 5)])
def test_shapes_are_drawn_where_they_are(shape, y, x):
    for size, radius in enumerate(RADII):
        expected = [
            ink(shape, radius, row, column, y / PARTS, x / PARTS) for row in range(SIDE) for column in range(SIDE)
        ]
        assert _library()[shape, size, y, x].tolist() == pytest.approx(expected, abs=1e-6)


def paths(clips):
    """Return where the shape is in each frame of clear clips, in turns of the screen: down and right, and its turns."""
    wave = torch.exp(2j * math.pi * torch.arange(SIDE) / SIDE)
    frames = clips.unflatten(-1, (SIDE, SIDE)).to(wave.dtype)
    return (frames.sum(-1) @ wave).angle() / math.tau, (frames.sum(-2) @ wave).angle() / math.tau


def moved(place):
    step = place.diff(dim=0)
    return SIDE * (step - step.round())


def test_each_movement_goes_where_it_says():
    task = TASKS["video"](12, CLEAR)
    batch = task.sample(1200, generator(0, "data"))
    down, right = (moved(place) for place in paths(batch.inputs))
    distance = torch.hypot(down.sum(0), right.sum(0))
    for number, movement in enumerate(MOVEMENTS):
        mine = batch.targets == number
        assert 150 < int(mine.sum()) < 250
        y, x = down[:, mine], right[:, mine]
        along = {"left": -x, "right": x, "up": -y, "down": y}.get(movement)
        if along is not None:
            across = y if movement in ("left", "right") else x
            assert across.abs().max() < 0.2 and along.min() > 0.2 and along.max() < 1.6  # drawn in quarters of a pixel
            assert along.sum(0).min() > 0.6 * 11 - 0.4 and along.sum(0).max() < 1.2 * 11 + 0.4
        elif movement == "still":
            assert max(y.abs().max(), x.abs().max()) < 1e-4
        else:
            turns = (y[1:] * x[:-1] - x[1:] * y[:-1]).sum(0)
            assert (distance[mine] < 4).all() and (turns.abs() > 0.5).all()
            assert 0.4 < float((turns > 0).float().mean()) < 0.6


def test_one_frame_says_nothing_about_the_movement():
    task = TASKS["video"](12, CLEAR)
    batch = task.sample(20_000, generator(0, "data"))
    place = [((p % 1) * 4).long().clamp(max=3) for p in (q[-1] for q in paths(batch.inputs))]
    counts = torch.zeros(4, 4, 6).index_put_((*place, batch.targets), torch.ones(()), accumulate=True).flatten(0, 1)
    expected = counts.sum(1, keepdim=True) * counts.sum(0) / counts.sum()
    assert float(((counts - expected) ** 2 / expected).sum()) < 110  # chi square, 75 degrees of freedom
    # and what a straight-line fit or the most similar frame answers is a guess
    task = TASKS["video"](12)
    batch = task.sample(6000, generator(1, "data"))
    frames, targets = batch.inputs[-1], batch.targets
    wanted = F.one_hot(targets[:5000], 6).float()
    fitted = frames[5000:] @ torch.linalg.lstsq(frames[:5000], wanted).solution
    similar = targets[torch.cdist(frames[5000:], frames[:5000]).argmin(1)]
    for answers in (fitted.argmax(1), similar):
        assert float((answers == targets[5000:]).float().mean()) == pytest.approx(1 / 6, abs=0.045)


def test_light_and_noise_are_as_often_and_as_strong_as_said():
    dark = TASKS["video"](10, ClipOptions(dark=0.4, noise=0)).sample(2000, generator(0, "data")).inputs
    assert float((dark.amax(-1) == 0).float().mean()) == pytest.approx(0.4, abs=0.015)
    noisy = TASKS["video"](10, ClipOptions(dark=0, noise=0.1)).sample(500, generator(0, "data")).inputs
    clear = TASKS["video"](10, CLEAR).sample(500, generator(0, "data")).inputs
    inside = (clear > 0.4) & (clear < 0.6)
    assert float((noisy - clear)[inside].std()) == pytest.approx(0.1, abs=0.005)
    assert noisy.min() == 0 and noisy.max() == 1


def test_the_best_shift_is_the_one_that_was_made():
    frame = TASKS["video"](2, CLEAR).sample(50, generator(0, "data")).inputs[0].unflatten(-1, (SIDE, SIDE))
    for down, right in ((0, 0), (1, 0), (0, 7), (3, 5)):
        after = frame.roll((down, right), (-2, -1))
        assert (best_shift(frame.flatten(-2), after.flatten(-2)) == SIDE * down + right).all()


def test_the_hand_made_rival_beats_guessing_and_is_no_better_in_the_dark():
    chance, memoryless, clear = TASKS["video"](12, CLEAR).baselines()
    *_, rival = TASKS["video"](12).baselines()
    assert chance.loss == memoryless.loss == math.log(6) and chance.metric == 1 / 6
    assert chance.metric < rival.metric < clear.metric and clear.loss < rival.loss < chance.loss


def test_all_frames_are_shown_as_a_clip():
    task = TASKS["video"](12)
    example = task.held_out(1, generator(0, "held-out"))
    (clip,) = task.show(example).clips
    assert len(clip.frames) == 12
    for i, frame in enumerate(clip.frames):
        assert [value for row in frame for value in row] == example.inputs[i, 0].tolist()


@pytest.mark.slow
def test_a_gru_sees_the_movement_and_three_frames_are_not_enough():
    run = Run(RunConfig(task="video", cell="gru", steps=500))
    run.advance(steps=500)
    rival = run.task.baselines()[-1]
    assert run.history.held_out["metric"][-1] > 0.9 > rival.metric
    window = Run(RunConfig(task="video", cell="feedforward", steps=500))
    window.advance(steps=500)
    assert window.history.held_out["metric"][-1] < rival.metric
