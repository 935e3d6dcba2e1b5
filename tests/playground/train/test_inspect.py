"""The closer looks, drawn for every task that has them, and what a visitor may put in."""

import csv
import io

import numpy as np
import pytest
import torch

from playground.train import inspect, inspect_views, matrices
from rnncore.analysis.outcomes import StepPredictions, confusion, forecasts, report, step_predictions, stretched
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
    assert batch.size == 1000 and "taken for" in matrices.mixups_in_words(race.view().runs[0], counts)


def test_a_confusion_matrix_is_painted_by_rows_written_in_counts_and_saved_with_every_pair():
    race = race_of("intent", steps=20)
    found = [confusion(run) for run in race.runs]
    counts, names = found[0], race.runs[0].task.answers
    cells, letters, frames = matrices.mixups_map(race.view().runs[0], counts, dark=False).figure["data"]
    assert np.array(cells["z"]) == pytest.approx(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))
    assert list(map(int, letters["text"])) == counts[counts > 0].tolist()
    assert frames["x"].count(None) == len(names)
    rows = list(csv.DictReader(io.StringIO(matrices.mixups_csv(race.view().runs, found))))
    saved = {(row["cell"], row["true"], row["answered"]): int(row["count"]) for row in rows}
    assert saved == {
        (run.config.cell, true, answered): each[i, j] for run, each in zip(race.runs, found, strict=True)
        for i, true in enumerate(names) for j, answered in enumerate(names)
    }  # fmt: skip
    wrong = counts - np.diag(np.diag(counts))
    true, answered = np.argwhere(wrong == wrong.max())[0]
    said = f"{names[true]} taken for {names[answered]}, {wrong.max()} of {counts[true].sum()}."
    assert matrices.mixups_in_words(race.view().runs[0], counts).endswith(said)
    assert matrices.mixups_in_words(race.view().runs[0], np.diag(np.diag(counts))).endswith("Nothing is mixed up.")


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
        cells, frames = matrices.answer_map(found, dark=False).figure["data"]
        shares = found.shares[-matrices.MOST_STEPS :]
        assert np.max(cells["z"], axis=0) == pytest.approx(shares.max(axis=1)) and len(cells["z"]) <= 16
        assert frames["x"].count(None) == len(shares), "one likeliest answer at each step"
        rows = list(csv.DictReader(io.StringIO(matrices.answers_csv([run.view()], [found]))))
        assert [float(row["probability"]) for row in rows] == found.shares.flatten().tolist()
        best = [found.names[at] or "end" for at in found.shares.argmax(axis=1)]
        said = matrices.likeliest(found)
        assert said.startswith(f"Likeliest: “{best[0]}” from step 1") and said.count(" from step ") <= len(best)
        least = int(found.shares.max(axis=1).argmin())
        assert said.endswith(f"Least sure at step {least + 1}: {100 * found.shares[least].max():.1f} %.")


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
        saved = list(csv.DictReader(io.StringIO(matrices.attention_csv([run.view()], [found]))))
        assert bool(saved) == attention
        if attention:
            (cells,) = matrices.attention_map(found, found.attention, dark=False).figure["data"]
            assert np.array(cells["z"]) == pytest.approx(found.attention)
            assert cells["zmax"] == pytest.approx(found.attention.max())
            assert [float(row["attention"]) for row in saved] == found.attention.flatten().tolist()
            at = int(found.attention[0].argmax())
            first = f"Looked at most: “{found.steps[0] or 'end'}” at “{found.read[at]}” (step {at + 1})"
            assert matrices.looked_at(found, found.attention).startswith(first)
        assert set(report(run)) == {"characters", "characters_free", "exact_free"}


@pytest.mark.parametrize(("task", "said"), [("french", "“un chat dort”"), ("addition", "“105”")])
def test_written_words_stand_apart_and_written_letters_do_not(task, said):
    (run, _) = race_of(task, steps=0).runs
    names, steps = run.task.symbols, {"french": ("un", "chat", "dort", ""), "addition": ("1", "0", "5", "")}[task]
    found = StepPredictions(steps, names, np.full((4, len(names)), 1 / len(names)), ("a",))
    assert said in matrices.answer_in_words(run.view(), found)


def test_the_symbols_written_longer_ago_than_are_drawn_are_left_out_of_both_maps():
    steps = 80
    shares = np.full((steps, 2), 0.5)
    found = StepPredictions(("a",) * steps, ("a", "b"), shares, ("x", "y"), shares)
    for drawn in (matrices.answer_map(found, dark=False), matrices.attention_map(found, shares, dark=False)):
        assert 60 in np.shape(drawn.figure["data"][0]["z"])


@pytest.mark.parametrize("task", TASKS)
def test_further_figures_have_names_in_words(task):
    race = race_of(task)
    if inspect.LOOKS["Further figures"][0](race.runs[0].task):
        html = inspect_views.further(race.view(), [report(run) for run in race.runs])
        assert html.count("<tr>") == 3 and "nan" not in html
