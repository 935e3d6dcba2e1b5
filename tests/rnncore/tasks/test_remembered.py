"""The thing to remember of each example: at a step that exists, at the first that the task marks."""

import pytest
import torch

from rnncore.config import RunConfig
from rnncore.seeding import generator
from rnncore.tasks import TASKS


@pytest.mark.parametrize("name", TASKS)
def test_what_is_to_be_remembered_stands_at_the_first_marked_step(name):
    task = RunConfig(task=name).built_task
    batch = task.held_out(12, generator(0, "remembered"))
    found, marks = task.remembered(batch), task.marks(batch.inputs)
    assert found.name and found.steps.shape == found.values.shape == (12,)
    for i in range(12):
        one = batch.select(slice(i, i + 1), task.many_to_one)
        length = len(batch.inputs) if batch.lengths is None else int(batch.lengths[i])
        assert 0 <= found.steps[i] < length
        shown = {step for track in task.show(one).tracks if track.role == "input" for step in track.marked}
        assert shown == (set() if marks is None else set(marks[:, i].nonzero()[:, 0].tolist()))
        if shown:
            assert int(found.steps[i]) == min(shown)
        if found.classes:
            assert 0 <= found.values[i] < len(found.classes)
    assert found.values.is_floating_point() != bool(found.classes)


def test_symbols_are_called_as_they_are_written():
    task = RunConfig(task="temporal_order").built_task
    found = task.remembered(task.sample(50, generator(0, "x")))
    assert found.classes == ("X", "Y") and set(found.values.tolist()) == {0, 1}


def test_the_first_marked_number_is_part_of_the_sum():
    task = RunConfig(task="adding").built_task
    batch = task.sample(50, generator(0, "x"))
    found = task.remembered(batch)
    second = batch.targets[:, 0] - found.values
    each = torch.arange(50)
    assert (batch.inputs[found.steps, each, 1] == 1).all() and ((second >= 0) & (second <= 1)).all()


def test_a_french_subject_has_its_number():
    task = RunConfig(task="french").built_task
    for text, number in (("the black cat sleeps", "one"), ("three old mice see a car", "many"), ("the hens", "many")):
        batch = task.encoded([(text, "le chat")])
        found = task.remembered(batch)
        assert found.classes[int(found.values)] == number
        assert task.steps(batch.inputs)[int(found.steps)] in ("cat", "mice", "hens")


def test_the_as_of_a_word_are_counted():
    task = RunConfig(task="anbn").built_task
    batch = task.words(torch.tensor([2, 5]), 20)
    found = task.remembered(batch)
    assert found.values.tolist() == [2, 5] == found.steps.tolist()
