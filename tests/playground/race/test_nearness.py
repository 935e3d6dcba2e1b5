"""When a forecast counts as right: at any scale, with its reason, and only if that tells anybody apart."""

import re

import pytest
import torch

from playground.race import answers, nearness, recorded
from rnncore.config import RunConfig
from rnncore.tasks import TASKS
from rnncore.tasks.series.forecast import Forecast, SeriesTask
from rnncore.training.race import Race
from rnncore.training.run import Run

FORECASTS = [name for name in TASKS if issubclass(TASKS[name], Forecast)]
SERIES = [name for name in FORECASTS if issubclass(TASKS[name], SeriesTask)]


def tiny(task):
    return Run(RunConfig(task=task, hidden_size=4, batch_size=4))


@pytest.mark.parametrize("task", FORECASTS)
def test_the_rule_has_a_reason_that_stands_above_the_answers(task):
    run = tiny(task)
    said = nearness.rule(run.task)
    assert said.startswith(f"; right within {run.task.within}, ") and run.task.why_tolerance in said
    assert run.task.why_tolerance in answers.table(Race([run]).view(answers=True), dark=False)


@pytest.mark.parametrize("task", SERIES)
def test_a_guess_without_a_memory_is_right_about_once_in_four(task):
    close = tiny(task).task.closeness
    share = float((close.errors <= close.tolerance).double().mean())
    assert 0.1 <= share <= 0.35
    assert f"{close.tolerance:.2g}" == f"{close.tolerance:.10g}" or close.tolerance >= 100


@pytest.mark.parametrize("task", ["co2", "hourly", "own_series"])
def test_what_can_be_learned_is_right_more_often(task):
    said = nearness.note(recorded.race(recorded.recommended(task)).view().runs)
    shares = [int(share) for share in re.findall(r"(\d+) %", said)]
    assert said.endswith(": all more often.</p>") and min(shares[1:]) > 3 * shares[0]


def test_what_nobody_can_forecast_tells_nobody_apart():
    said = nearness.note(recorded.race(recorded.recommended("stocks")).view().runs)
    assert said.endswith(": none of them can be told apart from that guess.</p>")


def test_one_knows_and_one_is_worse_than_the_guess():
    run, other = tiny("temperature"), Run(RunConfig(task="temperature", cell="gru", hidden_size=4, batch_size=4))
    n = run.held_out.size
    run.scores, other.scores = (torch.zeros(n), torch.ones(n)), (torch.full((n,), 99.0), torch.ones(n))
    assert nearness.note([run.view(), other.view()]).endswith(": LSTM more often; GRU less often.</p>")
    assert nearness.note([other.view()]).endswith("GRU 0 %: GRU less often.</p>")


def test_other_tasks_have_no_such_rule():
    run = tiny("adding")
    assert nearness.rule(run.task) == nearness.note([run.view()]) == ""
