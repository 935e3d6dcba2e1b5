"""The recorded run that greets a visitor is what the page claims: this set-up, really trained, with this result."""

import re

import numpy as np
import pytest

from playground import recorded
from playground.setup import read_setup
from playground.words import finding
from rnncore import checkpoints
from rnncore.race import Race


@pytest.fixture(scope="module")
def race():
    return Race(checkpoints.load(recorded.FILE.read_bytes()))


def test_it_is_the_first_screens_set_up(race):
    setup, _ = read_setup({})
    assert [run.config for run in race.runs] == setup.configs
    assert recorded.matches(setup)
    assert not recorded.matches(read_setup({"seed": 1})[0]) and not recorded.matches(read_setup({"cell": "lstm"})[0])
    assert recorded.matches(read_setup({"speed": "slow", "scale": "linear"})[0]), "the view changes no loss"


def test_it_is_a_whole_run(race):
    assert race.status == "finished"
    assert all(run.step == run.config.steps == len(run.history) for run in race.runs)


def test_training_again_gives_its_losses(race):
    again = Race.of([run.config for run in race.runs])
    for _ in range(60):
        again.advance_one(even_if_paused=True)
    for old, new in zip(race.runs, again.runs, strict=True):
        # last digits differ between processors, and differences grow with the updates
        np.testing.assert_allclose(new.history.updates["loss"], old.history.updates["loss"][:60], rtol=1e-3)
        n = len(new.history.held_out)
        np.testing.assert_allclose(new.history.held_out["loss"], old.history.held_out["loss"][:n], rtol=1e-3)


def test_it_shows_gates_winning_and_the_plain_cell_losing(race):
    by_cell = {run.config.cell: run for run in race.runs}
    assert by_cell["lstm"].first_below(0.01) and by_cell["gru"].first_below(0.01)
    assert by_cell["rnn"].first_below(0.1) is None
    said = finding(race.runs)
    assert max(said.index("GRU"), said.index("LSTM")) < said.index("Vanilla RNN") and said.count("under 0.01") == 2
    assert re.search(r"Vanilla RNN\W* is (no better|worse) than “always guessing the mean”", said)


def test_it_is_small_enough_to_ship():
    assert recorded.FILE.stat().st_size < 2**20
