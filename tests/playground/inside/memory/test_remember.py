"""The sentence of a probe tells what its curve shows."""

import numpy as np
import pytest

from playground.inside.memory.remember import finding
from rnncore.analysis.probes import Probe


def said(*score, classes=(), chance=0.0):
    curve = np.array(score)
    lags = (0, 1, 2, 5, 10, 20)[: len(score)]
    return finding(("lstm",), [Probe("it", classes, lags, curve, curve - 0.04, curve + 0.04, chance, 800, 400)])


def test_a_curve_that_falls_and_rises_again_is_told_with_its_lowest_point_and_its_interval():
    told = said(1.0, 0.97, 0.5, 0.9, 0.85)
    assert "10 steps later R² 0.85; right after reading R² 1" in told
    assert told.endswith(
        "lowest in between: after 2 steps R² 0.5 (95 % interval 0.46 to 0.54), and after 5 steps R² 0.9 again."
    )
    shares = said(1.0, 0.7, 0.95, classes=("a", "b"), chance=0.5)
    assert "after 1 step 70.0 % right (95 % interval 66.0 % to 74.0 %), and after 2 steps 95.0 % right again." in shares


@pytest.mark.parametrize("score", [(1.0, 0.9, 0.8, 0.6), (0.6, 0.7, 0.9), (1.0, 0.93, 0.96, 0.9), (0.9,)])
def test_a_curve_that_only_falls_or_only_rises_is_told_by_its_ends(score):
    assert "lowest in between" not in said(*score)


def test_what_is_gone_is_told_from_when_on():
    assert (
        said(1.0, 0.5, 0.2, 0.01, 0.0)
        == "**LSTM**: 2 steps after reading R² 0.2; from 5 steps on no better than chance."
    )
