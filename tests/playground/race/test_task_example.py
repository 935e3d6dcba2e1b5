"""The example of a task as HTML: its numbers as drawn, its symbols, and nothing that could be markup."""

import base64
import io
import re
import wave
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from PIL import Image

from playground.race import drawings, task_example
from rnncore.config import RunConfig
from rnncore.seeding import generator
from rnncore.tasks import TASKS, Shown, Track
from rnncore.tasks.shown import Clip, Drawing, Picture


def drawing(html):
    return ElementTree.fromstring(unquote(re.search(r'src="data:image/svg\+xml,([^"]*)"', html)[1]))  # noqa: S314  our own drawing


@pytest.mark.parametrize("task", list(TASKS))
def test_every_task_has_an_example_in_words_and_a_drawing_of_its_numbers(task):
    config = RunConfig(task=task)
    html, built = task_example.example(config), config.build_task()
    shown = built.show(built.batch(1, generator(config.seed, "example")))
    assert "An example" in html and html == task_example.example(config)
    numbers = any(not isinstance(track.values[0], str) for track in shown.tracks) and not drawings.seen(shown)
    assert ('class="example-picture"' in html) == numbers
    if numbers:
        assert drawing(html).findall("{*}path")


def test_bars_are_as_high_as_their_values_and_the_marked_ones_apart():
    html = drawings._picture(Shown("q", "a", None, None, (Track("x", "input", (0.0, 1.0, 0.5, 0.25), marked=(2,)),)))
    plain, marked = drawing(html).findall("{*}path")
    assert plain.get("d") == "M0.5 1V1M1.5 1V0M3.5 1V0.75" and marked.get("d") == "M2.5 1V0.5"
    assert plain.get("stroke") != marked.get("stroke")


def test_bars_below_zero_hang_from_it():
    html = drawings._picture(Shown("q", "a", None, None, (Track("x", "input", (-1.0, 1.0), marked=(0,)),)))
    plain, marked = drawing(html).findall("{*}path")
    assert marked.get("d") == "M0.5 0.5V1" and plain.get("d") == "M1.5 0.5V0"


def test_a_line_runs_through_its_values_and_a_single_truth_is_a_dot_after_it():
    tracks = (Track("x", "input", (10.0, 20.0)), Track("y", "truth", (15.0,), start=2))
    line, dot = drawing(drawings._picture(Shown("q", "a", None, None, tracks))).findall("{*}path")
    assert line.get("d") == "M0.5 1L1.5 0" and dot.get("d") == "M2.5 0.5h0"


def test_what_an_example_says_is_escaped():
    html = drawings._picture(Shown('"><script>', "<b>", None, None, (Track("x", "input", (1.0, 2.0)),)))
    assert "<script" not in html and "<b>" not in html and html.count('"') == 6


def test_pen_strokes_keep_their_shape_and_may_be_drawn_one_after_the_other():
    strokes = (((0.0, 0.0), (1.0, 2.0)), ((1.0, 0.0), (1.0, 1.0)))
    letter = Drawing("a letter", "answer", strokes)
    still, moving = (drawing(drawings.image(letter, moving=moving)) for moving in (False, True))
    paths = [path.get("d") for path in still.findall("{*}path")]
    assert paths == ["M0 0L1 -2", "M1 0L1 -1"]  # y grows downwards on a screen
    left, top, width, height = map(float, still.get("viewBox").split())
    assert left < 0 and top < -2 and left + width > 1 and top + height > 0
    assert still.find("{*}style") is None and "stroke-dashoffset" in moving.find("{*}style").text


def test_a_clip_moves_and_stands_still_for_those_who_want_no_motion():
    frames = tuple(((share, 0.0), (0.0, share)) for share in (0.0, 0.5, 1.0))
    html = drawings.image(Clip("clip", frames, 0.3))
    moving, still = (Image.open(io.BytesIO(base64.b64decode(source))) for source in re.findall('base64,([^"]*)', html))
    assert moving.n_frames == 3 and moving.info["loop"] == 0 and moving.size == (2, 2) and still.size == (9, 2)
    for i, share in enumerate((0, 128, 255)):
        moving.seek(i)
        assert moving.convert("RGBA").getpixel((0, 0))[3] == share == still.convert("RGBA").getpixel((3 * i, 0))[3]
    assert 'class="clip moving"' in html and 'class="wide clip still"' in html


def test_a_picture_has_one_point_per_value():
    html = drawings.image(Picture("p", (("#FF0000", "#00FF00"), ("#0000FF", "#FFFFFF"))))
    found = Image.open(io.BytesIO(base64.b64decode(re.search('base64,([^"]*)', html)[1]))).convert("RGB")
    assert [found.getpixel((x, y)) for y in (0, 1) for x in (0, 1)] == [
        (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255),
    ]  # fmt: skip


def test_a_sound_is_the_samples_it_was_made_of():
    with wave.open(io.BytesIO(drawings.wav((0.0, 0.5, -1.0, 1.0), 8000))) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getnframes()) == (8000, 1, 4)
        assert list(memoryview(sound.readframes(4)).cast("h")) == [0, 16384, -32767, 32767]
