"""How hard and how long: words for each task that follow from what was measured."""

import itertools
import json

import pytest

from playground.race import pace
from playground.race.setup import DEFAULT_CELLS
from rnncore.analysis.rivals import beaten, solves
from rnncore.config import RunConfig
from rnncore.tasks import TASKS
from rnncore.training.run import Run


def test_every_task_was_measured_and_stands_in_the_menu_with_its_type():
    told = json.loads(pace.FILE.read_text())
    assert told["measured"] and told["on"] and told["tasks"].keys() == set(TASKS)
    for task, found in told["tasks"].items():
        assert found["seconds"] > 0 and set(found["solved_by"]) <= set(DEFAULT_CELLS), task
        assert bool(TASKS[task].beats) == bool(found["solved_by"]), task  # the recommended cell is one of them
    menu = pace.by_type()
    assert sorted(menu) == sorted(TASKS)
    types = [TASKS[task].sequence_type for task in menu]
    assert sum(a is not b for a, b in itertools.pairwise(types)) == len(set(types)) - 1
    assert max(len(pace.label(task)) for task in menu) <= 44 and len(set(map(pace.label, menu))) == len(menu)


@pytest.mark.parametrize(
    ("found", "said"),
    [({"seconds": 0.3, "solved_by": []}, "hard, 5 s"), ({"seconds": 12.4, "solved_by": ["gru"]}, "hard, 10 s"),
     ({"seconds": 58.0, "solved_by": ["gru", "lstm"]}, "medium, 1 min"),
     ({"seconds": 215.0, "solved_by": ["rnn", "gru", "lstm"]}, "easy, 4 min")],
)  # fmt: skip
def test_words_follow_from_what_was_measured(monkeypatch, found, said):
    monkeypatch.setattr(pace, "_measured", lambda: {"adding": found})
    assert pace.label("adding") == f"Adding problem · n→1 · {said}"


def test_a_task_is_measured_to_the_end_of_its_recommended_run():
    found = pace.measure("or_table")
    assert found["seconds"] > 0 and found["solved_by"] == list(DEFAULT_CELLS)
    assert found["solved_by"] == json.loads(pace.FILE.read_text())["tasks"]["or_table"]["solved_by"]


def test_nobody_has_beaten_anybody_before_training_or_after_blowing_up():
    run = Run(RunConfig(task="or_table"))
    assert not beaten(run.view()) and not solves(run.view())
    run.advance(steps=run.config.steps)
    assert solves(run.view()) and beaten(run.view()) == set(TASKS["or_table"].beats)
    run = Run(RunConfig(cell="rnn_relu", init="identity", gain=5, lr=1, clip_norm=0, optimizer="sgd"))
    run.advance(steps=20)
    assert run.divergence is not None and not beaten(run.view())
