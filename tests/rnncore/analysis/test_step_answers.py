"""What a network answers at each step, for every task: the same as the task itself says of its answers."""

import pytest
import torch

from rnncore.analysis.step_answers import step_answers
from rnncore.analysis.unrolled import held_out_example, unrolled
from rnncore.config import RunConfig
from rnncore.tasks import TASKS
from rnncore.training.run import Run


def answered(task, number=1, **settings):
    run = Run(RunConfig(task=task, cell="gru", hidden_size=5, **settings))
    example = held_out_example(run, number)
    found = unrolled(run, example)
    return run, found, example, step_answers(run.task, found, example)


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_an_answer_at_every_step(task):
    run, found, _, said = answered(task)
    steps = len(found.outputs)
    assert len(said.names) == steps and all(isinstance(name, str) for name in said.names)
    assert all(not each or len(each) == steps for each in (said.sure, said.numbers, said.right))
    assert all(0 < share <= 1 for share in said.sure)
    assert (said.true is not None) == bool(said.numbers) == (run.task.loss_kind == "mse")


@pytest.mark.parametrize("task", [name for name, kind in TASKS.items() if kind.sequence_type.name == "MANY_TO_ONE"])
def test_the_last_answer_of_a_sequence_is_the_one_that_the_example_shows(task):
    _, found, _, said = answered(task)
    assert said.names[-1].startswith(found.shown.answer)  # a unit may follow
    if said.right[-1] is not None:
        assert said.right[-1] == found.shown.right


@pytest.mark.parametrize("task", ["parity", "copy_memory", "text"])
def test_right_answers_are_those_that_the_task_counts(task):
    run, found, example, said = answered(task)
    outputs = torch.tensor(found.outputs)[:, None]
    padding = torch.zeros(len(example.inputs) - len(outputs), 1, outputs.shape[2])
    share = float(run.task.metric(torch.cat([outputs, padding]), example))
    counted = [right for right in said.right if right is not None]
    last = counted[-run.task.options.memorize :] if hasattr(run.task.options, "memorize") else counted
    if run.task.metric_unit == "share":
        assert share == pytest.approx(sum(last) / len(last))


def test_a_number_stands_with_the_right_one():
    _, found, example, said = answered("adding")
    assert said.true == pytest.approx(float(example.targets)) and said.numbers == pytest.approx(found.outputs[:, 0])


def test_nothing_is_said_after_the_end_of_what_was_written():
    _, found, _, said = answered("french")
    assert said.names[: len(found.wrote)] == found.wrote and not any(said.names[len(found.wrote) :])
