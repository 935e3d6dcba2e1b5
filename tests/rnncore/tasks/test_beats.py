"""Whom each task's recommended set-up beats, as it says: measured."""

import pytest

from rnncore.config import RunConfig
from rnncore.tasks import TASKS
from rnncore.tasks.series.windows import WindowTask

CLEARLY = 1 / 20  # of the rival's loss

every_task = pytest.mark.parametrize("name", TASKS)


def rivals(task):
    return [line for line in task.reference_lines if line.kind != "optimum"]


def beaten(run):
    """Return the names of the rivals that lose to the network on held-out examples now."""
    loss, metric = (run.history.held_out[name][-1] for name in ("loss", "metric"))
    sign = 1 if run.task.metric_higher_is_better else -1
    return {
        line.name
        for line in rivals(run.task)
        if (line.loss is None or line.loss - loss > CLEARLY * abs(line.loss))
        and (line.metric is None or sign * metric > sign * line.metric)
    }


@every_task
def test_those_said_to_be_beaten_are_reference_lines_in_their_order(name):
    names = [line.name for line in rivals(RunConfig(task=name).build_task())]
    assert list(TASKS[name].beats) == [rival for rival in names if rival in TASKS[name].beats]


@pytest.mark.slow
@every_task
def test_the_recommended_set_up_beats_whom_its_task_says_and_nobody_else(one_that, name):
    def beats(run):
        assert run.divergence is None
        assert beaten(run) <= set(TASKS[name].beats)
        return beaten(run) == set(TASKS[name].beats)

    one_that(beats, train=as_long_as_it_gains, task=name)


def as_long_as_it_gains(run):
    """Train to the end, or until everybody is beaten."""
    everybody = {line.name for line in rivals(run.task)}
    few_data = isinstance(run.task, WindowTask)  # there more updates can undo what fewer achieved
    while run.active and (few_data or beaten(run) != everybody):
        run.advance(steps=25)
