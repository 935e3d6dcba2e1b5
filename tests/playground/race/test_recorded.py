"""The recorded runs are what the page claims: these set-ups, really trained, with these results."""

import re

import numpy as np
import pytest
import torch

from playground.live.process import LIMITS
from playground.race import recorded
from playground.race.setup import read_setup
from playground.race.verdicts import finding
from rnncore.files import recordings
from rnncore.tasks import TASKS
from rnncore.training.race import Race

AGAIN = "made for another set-up than the one recommended now; record it: python -m playground.race.recorded {}"
LARGEST, ALTOGETHER = 1_250_000, 8_000_000  # bytes


def setup(**raw):
    return read_setup(raw, LIMITS)[0]


@pytest.fixture(scope="module")
def adding():
    return recorded.race(setup()).trainee


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_a_recording_of_todays_recommended_set_up(task):
    assert recorded.file(task).exists(), AGAIN.format(task)
    data = recorded.file(task).read_bytes()
    assert recordings.read_configs(data) == setup(task=task).configs, AGAIN.format(task)
    assert len(data) < LARGEST


def test_all_recordings_are_small_together_and_none_is_of_a_task_that_is_gone():
    files = list(recorded.FOLDER.iterdir())
    assert sum(file.stat().st_size for file in files) < ALTOGETHER
    assert {file.stem for file in files} == set(TASKS)


@pytest.mark.parametrize("task", TASKS)
def test_training_begins_as_recorded(task):
    made = recordings.load(recorded.file(task).read_bytes())
    again = Race.of([run.config for run in made])
    for _ in range(2):
        again.advance_one(even_if_paused=True)
    for old, new in zip(made, again.runs, strict=True):
        assert old.step == old.config.steps == len(old.history) and old.status == "finished"
        # last digits differ between processors, and the recorded training losses have 11 bits
        np.testing.assert_allclose(new.history.updates["loss"], old.history.updates["loss"][:2], rtol=2e-3)
        for column in ("step", "loss", "metric"):
            measured = old.history.held_out[column][:3]
            np.testing.assert_allclose(new.history.held_out[column], measured, rtol=2e-3, atol=5e-3, err_msg=column)


@pytest.mark.parametrize("task", TASKS)
def test_weights_from_during_training_have_the_losses_that_were_recorded_there(task):
    for run in recordings.load(recorded.file(task).read_bytes()):
        for step, weights in run.milestones.items():
            with torch.no_grad():
                for own, kept in zip(run.model.parameters(), weights, strict=True):
                    own.copy_(kept)
                loss = float(run.task.loss(run.model.answer(run.held_out)[0], run.held_out))
            measured = run.history.held_out
            assert loss == pytest.approx(float(measured["loss"][measured["step"] == step][0]), rel=0.011), step


@pytest.mark.parametrize("task", ["adding", "temporal_order", "parity", "text", "sines", "dna", "brackets"])
def test_recordings_of_small_networks_can_be_scrubbed(task):
    for run in recordings.load(recorded.file(task).read_bytes()):
        assert len(run.milestones) >= 2  # beside the start and the end


def test_training_on_goes_as_recorded(adding):
    again = Race.of([run.config for run in adding.runs])
    for _ in range(60):
        again.advance_one(even_if_paused=True)
    for old, new in zip(adding.runs, again.runs, strict=True):
        np.testing.assert_allclose(new.history.updates["loss"], old.history.updates["loss"][:60], rtol=2e-3)
        n = len(new.history.held_out)
        np.testing.assert_allclose(new.history.held_out["loss"], old.history.held_out["loss"][:n], rtol=1e-3)


def test_it_shows_gates_winning_and_the_plain_cell_losing(adding):
    by_cell = {run.config.cell: run for run in adding.runs}
    assert by_cell["lstm"].history.first_below(0.01) and by_cell["gru"].history.first_below(0.01)
    assert by_cell["rnn"].history.first_below(0.1) is None
    said = finding(adding.view().runs)
    assert max(said.index("GRU"), said.index("LSTM")) < said.index("Vanilla RNN") and said.count("under 0.01") == 2
    assert re.search(r"Vanilla RNN\W* (is worse than|cannot be told apart from) “always guessing the mean”", said)


@pytest.mark.parametrize(
    ("raw", "cells", "words"),
    [
        ({}, "rnn,lstm,gru", "made earlier with these settings. **Start** trains it live."),
        ({"speed": "slow", "scale": "linear", "x_axis": "seconds"}, "rnn,lstm,gru", "with these settings."),
        ({"cell": "gru"}, "gru", "with these settings."),
        ({"cell": "gru,lstm_peephole"}, "gru", "with these settings; Peephole LSTM was not recorded."),
        ({"cell": "lstm_peephole"}, "rnn,lstm,gru", "with Vanilla RNN, LSTM and GRU, not Peephole LSTM. **Start**"),
        ({"hidden_size": 64}, "rnn,lstm,gru", "with hidden size 32, not 64. **Start** trains yours."),
        ({"equal": "true"}, "rnn,lstm,gru", "with equal parameters off, not on."),
        ({"seed": 3, "lr": 0.1, "steps": 50, "gain": 2}, "rnn,lstm,gru", "2 more settings that differ"),
    ],
)
def test_the_sentence_says_how_the_recorded_run_differs_from_what_is_set(raw, cells, words):
    asked = setup(**raw)
    shown = recorded.race(asked).view()
    assert ",".join(shown.cells) == cells
    said = recorded.sentence(asked, shown)
    assert said.startswith("**Recorded** run of 1,500 updates") and words in said


def test_a_text_of_ones_own_has_no_recorded_run():
    assert recorded.race(setup(task="text")) is not None
    assert recorded.race(setup(task="text", text="to be or not to be " * 100)) is None
