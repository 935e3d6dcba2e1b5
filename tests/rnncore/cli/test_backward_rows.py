"""Backpropagation as rows and a summary: the numbers of the engine, as plain data."""

import json

import pytest

from rnncore.analysis.backward_network import LECTURE_FIXED, backward_of_network
from rnncore.analysis.worked import worked_example, worked_network
from rnncore.cli.backward_rows import backward_rows, backward_summary


def test_rows_and_summary_of_a_worked_example():
    found = backward_of_network(worked_network(worked_example("lstm")), LECTURE_FIXED)
    last, first = backward_rows(found)
    h, c = found.top.states
    assert (last["step"], first["step"]) == (2, 1) and last["h_next_step"] == 0
    assert first["h_own_output"] + first["h_next_step"] == pytest.approx(first["h_total"])
    assert first["c_total"] == c.total[0, 0] and first["loss"] == pytest.approx((h.values[0, 0] - 0.3) ** 2)
    assert first["added_weight_ih"] == found.top.weights[0].added[0]
    summary = backward_summary(found)
    assert summary["loss"] == found.loss and summary["updates"][0]["loss_after"] == found.updates[0].loss
    assert json.loads(json.dumps([first, summary])) == [first, summary]


def test_steps_that_pass_nothing_on_are_named():
    found = backward_of_network(worked_network(worked_example("rnn")), truncate=1)
    assert backward_summary(found)["cuts"] == [[2, 1]] and backward_rows(found)[1]["h_next_step"] == 0
