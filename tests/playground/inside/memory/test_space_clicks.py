"""What a browser says of a space that is turned is taken only where it can be right."""

import math

import pytest

from playground.inside.memory.space_clicks import camera_of, place_of

CAMERA = [1.5, -2, 0.25, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize("said", [None, "1,2", {}, [1], [1, 2, 3], [1, -1], [1.0, 2], [True, 2], ["1", "2"], [[1], 2]])
def test_only_two_whole_numbers_are_a_state(said):
    assert place_of(said) is None


def test_a_state_is_its_example_and_its_step():
    assert place_of([0, 17]) == (0, 17)


@pytest.mark.parametrize(
    "said",
    [None, {}, [], CAMERA[:-1], [*CAMERA, 1], [math.nan, *CAMERA[1:]], [math.inf, *CAMERA[1:]], [1e9, *CAMERA[1:]],
     [10**400, *CAMERA[1:]], ["1", *CAMERA[1:]], [True, *CAMERA[1:]], [[1], *CAMERA[1:]]],
)  # fmt: skip
def test_only_nine_usual_numbers_are_a_camera(said):
    assert camera_of(said) is None


def test_a_camera_is_as_plotly_says_it():
    assert camera_of(CAMERA) == {
        "eye": {"x": 1.5, "y": -2.0, "z": 0.25}, "center": {"x": 0.0, "y": 0.0, "z": 0.0},
        "up": {"x": 0.0, "y": 0.0, "z": 1.0},
    }  # fmt: skip
