"""Captions against a naive reading of the pictures."""

import colorsys
import math

import pytest
import torch

from rnncore.config import RunConfig
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.writing import caption_shapes
from rnncore.tasks.writing.captions import ANSWER_STEPS, CHANNELS, COLOURS, END, SHAPES, UNSEEN, WORDS
from rnncore.training.run import Run

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
    return said(found)


def pixels(task, example):
    """Return what the network sees as colours, row by row."""
    paint = example.inputs[0, 0].view(task.seq_len, task.seq_len, CHANNELS)[..., :3]
    points = (255 * (1 - paint)).round().int().tolist()
    return tuple(tuple("#{:02X}{:02X}{:02X}".format(*point) for point in row) for row in points)


def said(found):
    if len(found) == 1:
        ((top, left, what),) = found
        return f"{what} at the {('top', 'bottom')[top]} {('left', 'right')[left]}"
    (top, left, one), (below, right, other) = found
    assert (top == below) != (left == right)
    return f"{one} {'left of' if top == below else 'above'} {other}"


def named(code):
    """Say what a colour looks like, by its hue."""
    hue, saturation, value = colorsys.rgb_to_hsv(*(byte / 255 for byte in bytes.fromhex(code[1:])))
    if value < 0.2:
        return "black"
    if saturation < 0.1:
        return "grey"
    bounds = {15: "red", 40: "orange", 66: "yellow", 90: "lime", 150: "green", 195: "cyan", 250: "blue",
              300: "purple", 342: "pink", 360: "red"}  # fmt: skip
    return next(name for bound, name in bounds.items() if 360 * hue <= bound)


def described(painting):
    """Say what a painting shows: colours by their hue, shapes by their outlines, places by where they begin."""
    found, half = [], painting.size // 2
    for colour, outlines in painting.areas:
        left, top = (min(point[axis] for line in outlines for point in line) for axis in (0, 1))
        left, top = round(left), math.floor(top + 1e-9)
        shape = next(name for name in SHAPES if caption_shapes.outlines(name, left, top) == outlines)
        found.append((int(top >= half), int(left >= half), f"a {named(colour)} {shape}"))
    return said(found)


def test_colours_look_like_their_names_and_none_like_another():
    assert {name: named(code) for name, code in caption_shapes.PAINT.items()} == {name: name for name in COLOURS}
    codes = [bytes.fromhex(code[1:]) for code in caption_shapes.PAINT.values()]
    apart = [math.dist(a, b) for i, a in enumerate(codes) for b in codes[:i]]
    assert min(apart) > 80 and min(math.dist(code, (255, 255, 255)) for code in codes) > 80  # seen on white paper


def test_a_circle_is_round_and_nothing_else_is():
    def roundness(outlines):
        area = edge = 0.0
        for line in outlines:
            for (x, y), (x2, y2) in zip(line, (*line[1:], line[0]), strict=True):
                area += (x * y2 - x2 * y) / 2
                edge += math.hypot(x2 - x, y2 - y)
        return 4 * math.pi * abs(area) / edge**2

    found = {shape: roundness(outlines) for shape, outlines in caption_shapes.SHAPES.items()}
    assert found.pop("circle") > 0.99 and max(found.values()) < 0.7


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_as_it_is_meant_covers_what_the_network_sees_of_it(shape):
    outlines = caption_shapes.SHAPES[shape]

    def inside(x, y):  # by the turns of each outline around the point
        turns = 0.0
        for line in outlines:
            for (x1, y1), (x2, y2) in zip(line, (*line[1:], line[0]), strict=True):
                turn = math.atan2(y2 - y, x2 - x) - math.atan2(y1 - y, x1 - x)
                turns += (turn + math.pi) % (2 * math.pi) - math.pi
        return abs(turns) > math.pi

    shares = [
        sum(inside(x + (i + 0.5) / 4, y + (j + 0.5) / 4) for i in range(4) for j in range(4)) / 16
        for y in range(5) for x in range(5)
    ]  # fmt: skip
    seen = [symbol == "#" for row in SHAPES[shape] for symbol in row]
    agree = sum(share if ink else 1 - share for share, ink in zip(shares, seen, strict=True))
    assert agree > (0.65 if shape == "cross" else 0.75) * 25  # thin slanting lines pass between points


@pytest.mark.parametrize("side", [10, 13, 24])
def test_every_sentence_says_what_the_picture_shows(side):
    task = TASKS["captions"](side)
    batch = task.sample(150, generator(0, "data"))
    for i in range(batch.size):
        example = batch.select(slice(i, i + 1), False)
        shown = task.show(example, example.targets[:, 0])
        assert look(pixels(task, example)) == shown.truth == shown.answer
        (painting,) = shown.paintings
        assert painting.size == side and described(painting) == shown.truth
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
