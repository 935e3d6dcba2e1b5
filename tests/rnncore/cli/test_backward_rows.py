"""Backpropagation as rows and a summary: the numbers of the engine, as plain data."""

import json

import pytest

from rnncore.analysis.backward import backward_of
from rnncore.analysis.backward_network import LECTURE_FIXED, backward_of_network
from rnncore.analysis.unrolled import held_out_example
from rnncore.analysis.worked import worked_example, worked_network
from rnncore.cli.app import main
from rnncore.cli.backward_rows import backward_rows, backward_summary
from rnncore.config import RunConfig
from rnncore.training.run import Run


def test_rows_and_summary_of_a_worked_example():
    found = backward_of_network(worked_network(worked_example("lstm")), LECTURE_FIXED)
    last, first = backward_rows(found)
    h, c = found.shown.states
    assert (last["step"], first["step"]) == (2, 1) and last["h_next_step"] == 0
    assert first["h_own_output"] + first["h_next_step"] == pytest.approx(first["h_total"])
    assert first["c_total"] == c.total[0, 0] and first["loss"] == pytest.approx((h.values[0, 0] - 0.3) ** 2)
    assert first["added_weight_ih"] == found.shown.weights[0].added[0]
    summary = backward_summary(found)
    assert summary["loss"] == found.loss and summary["updates"][0]["loss_after"] == found.updates[0].loss
    assert json.loads(json.dumps([first, summary])) == [first, summary]


def test_steps_that_pass_nothing_on_are_named():
    found = backward_of_network(worked_network(worked_example("rnn")), truncate=1)
    assert backward_summary(found)["cuts"] == [[2, 1]] and backward_rows(found)[1]["h_next_step"] == 0


def test_the_command_prints_the_engines_rows(capsys):
    settings = ["--set", "task=adding", "--set", "cell=gru", "--set", "hidden_size=4", "--set", "seq_len=10"]
    assert main(["inspect", *settings, "--example", "3", "--backward", "--json"]) == 0
    *rows, summary = map(json.loads, capsys.readouterr().out.splitlines())
    run = Run(RunConfig(task="adding", cell="gru", hidden_size=4, seq_len=10))
    found = backward_of(run, held_out_example(run, 2))
    assert rows == backward_rows(found) and summary == json.loads(json.dumps(backward_summary(found)))
    assert main(["inspect", *settings, "--backward"]) == 0
    assert "length of the whole gradient" in capsys.readouterr().out
    assert main(["inspect", *settings, "--backward", "--input", "1"]) == 2
    assert "no right answer" in capsys.readouterr().err
