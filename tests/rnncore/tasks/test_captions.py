"""Captions against a naive reading of the pictures."""

import pytest
import torch

from rnncore.config import RunConfig
from rnncore.randomness import generator
from rnncore.run import Run
from rnncore.tasks import TASKS
from rnncore.tasks.captions import ANSWER_STEPS, COLOURS, END, SHAPES, UNSEEN, WORDS

torch.set_num_threads(1)


def look(rows):
    """Say what a picture shows, pixel by pixel: shapes by the corners of what is painted."""
    side, found = len(rows), []
    for top in range(2):
        for left in range(2):
            inside = [
                (y, x)
                for y in range(side)
                for x in range(side)
                if (y >= side // 2, x >= side // 2) == (bool(top), bool(left)) and rows[y][x] != "#FFFFFF"
            ]
            if inside:
                y0, x0 = min(y for y, _ in inside), min(x for _, x in inside)
                drawn = tuple("".join(".#"[(y0 + y, x0 + x) in inside] for x in range(5)) for y in range(5))
                (colour,) = {rows[y][x] for y, x in inside}
                name = next(name for name, code in COLOURS.items() if code == colour)
                found.append((top, left, f"a {name} {next(s for s, shape in SHAPES.items() if shape == drawn)}"))
    if len(found) == 1:
        ((top, left, what),) = found
        return f"{what} at the {('top', 'bottom')[top]} {('left', 'right')[left]}"
    (top, left, one), (below, right, other) = found
    assert (top == below) != (left == right)
    return f"{one} {'left of' if top == below else 'above'} {other}"


@pytest.mark.parametrize("side", [10, 13, 24])
def test_every_sentence_says_what_the_picture_shows(side):
    task = TASKS["captions"](side)
    batch = task.sample(150, generator(0, "data"))
    for i in range(batch.size):
        example = batch.select(slice(i, i + 1), False)
        shown = task.show(example, example.targets[:, 0])
        (picture,) = shown.pictures
        assert len(picture.rows) == side and look(picture.rows) == shown.truth == shown.answer
        length = len(shown.truth.split())
        assert batch.mask[:, i].tolist() == [step <= length for step in range(ANSWER_STEPS)]
        assert (batch.targets[length:, i] == END).all()


def test_scenes_colours_and_shapes_come_alike_often():
    task = TASKS["captions"](12)
    batch = task.sample(20_000, generator(0, "data"))
    counts = torch.bincount(batch.targets.flatten(), minlength=len(WORDS)).double()
    colours, shapes = counts[1:8], counts[8:16]
    assert (colours / colours.sum()).tolist() == pytest.approx([1 / 7] * 7, abs=0.01)
    assert (shapes / shapes.sum()).tolist() == pytest.approx([1 / 8] * 8, abs=0.01)
    assert float(colours.sum()) / batch.size == pytest.approx(1.5, abs=0.02)


def test_training_never_says_the_pairs_that_every_held_out_sentence_has():
    task = TASKS["captions"](10)
    for side in (True, False):
        batch = (task.held_out if side else task.batch)(800, generator(1, "data"))
        for i in range(batch.size):
            assert any(pair in task.text(batch.targets[:, i]) for pair in UNSEEN) is side


def test_the_loss_of_the_nearest_picture_is_that_of_trusting_it_as_often_as_it_is_right():
    nothing, nearest, optimum = TASKS["captions"](12).baselines()
    assert optimum.loss < min(nearest.loss, nothing.loss) and nearest.metric == 0
    assert "as often as it is right" in nearest.reason


def test_a_sentence_without_an_end_is_shown_whole_and_faults_are_marked():
    task = TASKS["captions"](12)
    example = task.held_out(1, generator(0, "held-out"))
    output = example.targets[:, 0].clone()
    output[1] = 1 + output[1] % 7
    shown = task.show(example, output)
    assert shown.tracks[2].marked == (1,) and shown.right is False
    assert len(task.text(torch.ones(ANSWER_STEPS, dtype=torch.int64)).split()) == ANSWER_STEPS


@pytest.mark.slow
def test_an_lstm_says_what_it_never_saw_together():
    run = Run(RunConfig(task="captions", cell="lstm", steps=800))
    run.advance()
    assert run.history.held_out["metric"][-1] > 0.5
    blind = Run(RunConfig(task="captions", cell="feedforward", steps=100))
    blind.advance()
    assert blind.history.held_out["metric"][-1] == 0
