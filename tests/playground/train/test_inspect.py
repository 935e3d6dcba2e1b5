"""The closer looks, drawn for every task that has them, and what a visitor may put in."""

import re

import numpy as np
import pytest
import torch

from playground.components import grids
from playground.train import inspect, inspect_views
from rnncore.analysis.outcomes import confusion, forecasts, report, step_predictions, stretched
from rnncore.config import RunConfig
from rnncore.tasks import TASKS
from rnncore.tasks.series.forecast import Forecast
from rnncore.training.race import Race

torch.set_num_threads(1)


def race_of(task, steps=2, **settings):
    sizes = {"hidden_size": 6, "batch_size": 8, **settings}
    race = Race.of([RunConfig.from_flat({"task": task, "cell": cell, **sizes}) for cell in ("rnn", "gru")])
    for _ in range(steps):
        race.advance_one(even_if_paused=True)
    return race


@pytest.mark.parametrize("task", [name for name in TASKS if TASKS[name].stretches])
def test_other_lengths_are_measured_from_half_to_four_times(task):
    race = race_of(task)
    found = [stretched(run) for run in race.runs]
    (trained,) = [each for each in found[0] if each.factor == 1]
    assert trained.seq_len == race.runs[0].task.seq_len and len(found[0]) >= 2
    assert all(np.isfinite([each.loss, each.metric]).all() for each in found[0])
    assert "(trained)" in inspect_views.lengths(race.view(), found)


@pytest.mark.parametrize(
    "task", [name for name in TASKS if inspect._classifies(TASKS[name](TASKS[name].seq_len_range[0]))]
)
def test_the_confusion_matrix_counts_every_answer_once(task):
    race = race_of(task)
    counts = confusion(race.runs[0])
    batch = race.runs[0].task.held_out(1000, torch.Generator())
    answers = 1000 if race.runs[0].task.many_to_one else None
    assert counts.shape == (len(TASKS[task].answers),) * 2 and (answers is None or counts.sum() == answers)
    assert batch.size == 1000 and "taken for" in inspect_views.mixups(race.view().runs[0], counts)


def test_the_confusion_matrix_has_the_truth_in_rows():
    run = race_of("clue", steps=60, hidden_size=32, batch_size=32).runs[1]
    batch = run.task.held_out(1000, torch.Generator().manual_seed(0))
    with torch.no_grad():
        answered = run.model(batch.inputs).argmax(-1)
    counts = confusion(run)
    shares = torch.bincount(batch.targets, minlength=16) / 1000
    assert counts.sum(axis=1) / 1000 == pytest.approx(shares.numpy(), abs=0.05)
    assert np.trace(counts) / 1000 == pytest.approx((answered == batch.targets).float().mean().item(), abs=0.06)


@pytest.mark.parametrize("task", [name for name in TASKS if issubclass(TASKS[name], Forecast)])
def test_forecasts_are_in_the_unit_of_the_series(task):
    run = race_of(task).runs[0]
    true, predicted = forecasts(run)
    assert true.shape == predicted.shape and len(true) > 50
    task = run.task
    if task.metric_unit != "share" and hasattr(task, "deviation"):
        every = task.in_units(task.held_out_windows[:, -1]).numpy()
        assert set(np.round(true, 6)) <= set(np.round(every, 6))


STEPWISE = inspect.LOOKS["Step by step"][0]


@pytest.mark.parametrize("task", [name for name in TASKS if STEPWISE(TASKS[name](TASKS[name].seq_len_range[0]))])
def test_ones_own_input_is_answered_step_by_step(task):
    race = race_of(task)
    task = race.runs[0].task
    inputs = task.draw((0.5,) * 64) if task.name == "digits" else task.parse_text(task.first_question)
    for run in race.runs:
        found = step_predictions(run, inputs)
        assert found.shares.shape == (len(found.steps), len(found.names)) and found.names
        assert (found.shares >= 0).all() and (found.shares <= 1).all()
        if run.task.loss_kind != "binary":
            assert found.shares.sum(axis=1) == pytest.approx(1, abs=1e-5)
        assert "<table" in inspect_views.answer(run.view(), found)


@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_step_says_what_the_answer_would_be_had_the_input_ended_there(bidirectional):
    run = race_of("clue", bidirectional=bidirectional).runs[1]
    inputs = run.task.parse_text("as a child i lived in japan")
    found = step_predictions(run, inputs)
    for end in range(1, len(inputs) + 1):
        with torch.no_grad():
            alone = run.model(inputs[:end]).softmax(-1)[0]
        assert found.shares[end - 1] == pytest.approx(alone.numpy(), abs=1e-5)


def test_attention_is_shown_where_there_is_some():
    for attention in (False, True):
        run = race_of("dates", attention=attention).runs[1]
        found = step_predictions(run, run.task.parse_text("22.4.2019"))
        assert (found.attention is not None) == attention
        html = inspect_views.answer(run.view(), found)
        assert ("looked at" in html) == attention
        assert set(report(run)) == {"characters", "characters_free", "exact_free"}


def test_what_a_grid_says_is_escaped():
    html = grids.grid(["<b>"], ['"><script>'], np.ones((1, 1)), caption="<i>", text=lambda i, j: "<u>")
    assert not re.search("<(b|i|u|script)>", html)


@pytest.mark.parametrize("task", TASKS)
def test_further_figures_have_names_in_words(task):
    race = race_of(task)
    if inspect.LOOKS["Further figures"][0](race.runs[0].task):
        html = inspect_views.further(race.view(), [report(run) for run in race.runs])
        assert html.count("<tr>") == 3 and "nan" not in html
