"""Recorded runs are what the page claims: the recommended set-up of each task, really trained, with these results."""

import re

import numpy as np
import pytest

from playground import recorded
from playground.setup import read_setup
from playground.verdicts import finding
from rnncore import recordings
from rnncore.race import Race
from rnncore.tasks import TASKS

QUICK = ("adding", "or_table", "temperature", "own_series", "parity")  # trained again for a few updates


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_a_recording_of_its_recommended_set_up(task):
    setup, _ = read_setup({"task": task})
    data = recorded.file(task).read_bytes()
    remedy = f"python -m playground.recorded {task}"
    assert recordings.read_configs(data) == setup.configs, f"the recommendation has changed: {remedy}"
    assert len(data) < 1.5 * 2**20


def test_only_a_set_up_with_the_same_losses_gets_it():
    for same in ({}, {"speed": "slow", "scale": "linear"}, {"task": "parity"}):
        setup, _ = read_setup(same)
        assert [run.config for run in recorded.race(setup).runs] == setup.configs
    for other in ({"seed": 1}, {"cell": "lstm"}, {"task": "parity", "hidden_size": 8}):
        assert recorded.race(read_setup(other)[0]) is None


@pytest.fixture(scope="module")
def races():
    return {task: Race(recordings.load(recorded.file(task).read_bytes())) for task in QUICK}


@pytest.mark.parametrize("task", QUICK)
def test_it_is_a_whole_run_and_training_again_gives_its_losses(races, task):
    race = races[task]
    assert race.status == "finished" and all(run.step == run.config.steps for run in race.runs)
    again = Race.of([run.config for run in race.runs])
    for _ in range(30):
        again.advance_one(even_if_paused=True)
    for old, new in zip(race.runs, again.runs, strict=True):
        # kept in 16 bits; last digits differ between processors, and differences grow with the updates
        np.testing.assert_allclose(new.history.updates["loss"], old.history.updates["loss"][:30], rtol=5e-3)
        n = len(new.history.held_out)
        np.testing.assert_allclose(new.history.held_out["loss"], old.history.held_out["loss"][:n], rtol=5e-3)


def test_the_first_screen_shows_gates_winning_and_the_plain_cell_losing(races):
    race = races["adding"]
    by_cell = {run.config.cell: run for run in race.runs}
    assert by_cell["lstm"].first_below(0.01) and by_cell["gru"].first_below(0.01)
    assert by_cell["rnn"].first_below(0.1) is None
    said = finding(race.runs)
    assert max(said.index("GRU"), said.index("LSTM")) < said.index("Vanilla RNN") and said.count("under 0.01") == 2
    assert re.search(r"Vanilla RNN\W* (is|cannot)", said)


def test_all_of_them_are_small_enough_to_ship():
    assert sum(recorded.file(task).stat().st_size for task in TASKS) < 6 * 2**20
