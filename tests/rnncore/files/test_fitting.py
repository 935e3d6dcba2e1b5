"""What is expected in a file is found out without building anything, on every task."""

import pytest

from rnncore.config import RunConfig
from rnncore.files import fitting
from rnncore.tasks import TASKS
from rnncore.training.run import Run


@pytest.mark.parametrize("task", list(TASKS))
def test_shapes_are_those_of_the_network_and_leave_the_task_as_it_is(task):
    config = RunConfig.from_flat({"task": task, "hidden_size": 4, "init": "orthogonal"})
    found = fitting.shapes(config)
    run = Run(config)
    assert found == {name: tuple(weight.shape) for name, weight in run.model.named_parameters()}
    run.advance(steps=1)
    assert run.step == 1
