"""A finding says what the numbers say, with the uncertainty that they leave, in the unit of the chart."""

import re

import pytest
import torch

from playground.components.numbers import loss_factor, loss_label, loss_value
from playground.components.tables import curve_table
from playground.race.verdicts import finding
from playground.train.figures import figures
from rnncore.analysis.comparison import compare
from rnncore.config import RunConfig
from rnncore.tasks import TASKS
from rnncore.training.run import Run

TINY = {"hidden_size": 8, "seq_len": 10, "batch_size": 8, "steps": 50}


def run_with(loss=None, metric=0.1, step=25, **values):
    """A tiny run that really did some updates; its last measurement can be set."""
    run = Run(RunConfig.from_flat({**TINY, **values}))
    run.advance(steps=3)
    if loss is not None:
        n = run.held_out.size  # errors around this loss, half of them a tenth above and half a tenth below
        run.scores = loss * (1 + 0.1 * (-1.0) ** torch.arange(n)), torch.ones(n)
        measured(run, step=step, loss=loss, metric=metric)
    return run


def measured(run, step, loss, metric):
    while len(run.history) < step:
        run.history.append(loss=0.1, metric=0.1, grad_norm=1, lr=0.01, clip_norm=1, seconds=1)
    run.history.append_held_out(step=step, loss=loss, metric=metric, update_ratio=0.001, saturated=0.0)


def test_an_untrained_network_is_not_judged():
    assert "Nothing has been trained yet" in finding([Run(RunConfig.from_flat(TINY)).view()])


@pytest.mark.parametrize(
    ("loss", "verdict"),
    [(0.2, "is worse than"), (0.165, "cannot be told apart from"), (0.1, "is better than")],
)
def test_a_network_is_compared_with_the_guess_without_memory(loss, verdict):
    said = finding([run_with(loss, cell="gru").view()])
    assert re.search(rf"GRU\W* {verdict} ", said) and "guessing the mean" in said and "0.1667" in said
    assert f"{loss:.4g} against 0.1667" in said and " ± 0.0" in said and said.endswith(".")


def test_a_solved_task_says_when_and_how_well_now():
    run = run_with(0.004, metric=0.5, step=25)
    measured(run, step=50, loss=0.002, metric=0.75)
    said = finding([run.view()])
    assert "LSTM" in said and "under 0.01, 6 % of “always guessing the mean” (0.1667), after 25 updates" in said
    assert "(now 0.002 ± " in said and "75.0 % right" in said


def test_the_solved_come_first_in_order_of_time_then_the_others_together():
    late, early = run_with(0.004, step=40, cell="lstm"), run_with(0.004, step=30, cell="gru")
    lost, also = run_with(0.17, cell="rnn"), run_with(0.171, cell="rnn_relu")
    said = finding([run.view() for run in (lost, late, also, early)])
    places = [said.index(name) for name in ("GRU", "LSTM", "Vanilla RNN")]
    assert places == sorted(places) and "are worse than" in said and "0.17 and 0.171" in said


def test_a_real_run_that_learns_is_found_to_have_solved_its_task():
    run = Run(RunConfig.from_flat({"seq_len": 4, "hidden_size": 16, "batch_size": 64, "lr": 0.02, "steps": 400}))
    run.advance(steps=400)
    goal = re.search(r"under 0\.01, .* after ([\d,]+) updates", finding([run.view()]))
    assert goal and int(goal[1]) == run.view().solved_at


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_a_finding(task):
    run = Run(RunConfig(task=task, hidden_size=4, batch_size=4, steps=2))
    run.advance(steps=1)
    said = finding([run.view()])
    assert said.endswith(".") and "nan" not in said and "None" not in said
    assert "±" in said or "cannot" in said


def test_what_a_day_of_weather_leaves_open_is_said_in_degrees():
    """Nearly "tomorrow = today": within noise, so neither better nor worse, and by how much is said."""
    run = Run(RunConfig(task="temperature", hidden_size=4, batch_size=4, steps=30))
    run.advance(steps=1)
    line = next(line for line in run.task.reference_lines if line.name == "tomorrow = today")
    run.scores = line.errors[run.held_out.place].float() + 0.3 * (-1.0) ** run.held_out.place, run.scores[1]
    run.history.append_held_out(step=1, loss=1.0, metric=line.metric - 0.001, update_ratio=0, saturated=0)
    said = finding([run.view()])
    assert "cannot be told apart from “tomorrow = today”" in said and "windows leave ± 0." in said
    assert f"{line.metric - 0.001:.4g} against {line.metric:.4g} °C" in said
    run.history.append_held_out(step=1, loss=1.0, metric=line.metric * 0.9, update_ratio=0, saturated=0)
    assert "is better than “tomorrow = today” by 10 %" in finding([run.view()])


def test_one_of_several_networks_that_blows_up_at_once_is_told_and_the_others_compared():
    lost = Run(RunConfig(cell="rnn_relu", init="identity", gain=5, seq_len=1000, hidden_size=4))
    said = finding([lost.view(), run_with(0.1).view()])
    assert "blew up before anything could be measured" in said and "LSTM** is better than" in said


def test_a_solved_network_that_gets_worse_again_says_so():
    run = run_with(0.004, step=25)
    measured(run, step=50, loss=0.05, metric=0.5)
    assert "since then above it again, now 0.05" in finding([run.view()])


def test_text_is_read_in_bits_everywhere():
    run = Run(RunConfig(task="text", hidden_size=4, batch_size=4, steps=2))
    run.advance(steps=1)
    task, held = run.task, run.view(10).held_loss
    bits = loss_value(held, task)
    assert loss_label(task) == "bits per character" and bits == f"{run.view(10).held_metric:.4g}"
    assert f"{bits} against" in finding([run.view()]) and f"<td>{bits}</td>" in figures([run.view()])
    assert "nats" not in figures([run.view()]) + finding([run.view()])
    rows = curve_table(
        [run.view(10)], task.reference_lines, x_axis="updates", batch_size=4, scale="log", factor=loss_factor(task)
    ).to_pandas()
    assert rows[rows.kind == "held"].y.iloc[-1] == pytest.approx(run.view(10).held_metric, rel=1e-5)
    lines = {f"{line.name}: {line.metric:.4g}" for line in task.reference_lines}
    assert {label.replace("\n", " ") for label in rows[rows.label.notna()].label} <= lines


@pytest.mark.parametrize("loss", [0.17574, 0.095, 1 / 3, 1e-5])
def test_a_value_is_rounded_alike_in_sentence_and_table(loss):
    run = run_with(loss, step=3)
    value = loss_value(loss, run.task)
    assert value in finding([run.view()]) and f"<td>{value}</td>" in figures([run.view()])
    assert compare(run.view(), run.task.reference_lines[0]).value == pytest.approx(loss)
