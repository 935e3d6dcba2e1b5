"""Sentences made from measured numbers say what the numbers say."""

import pytest

from playground.components import numbers
from playground.race import words
from rnncore.analysis.advice import advice
from rnncore.config import RunConfig
from rnncore.pool.entry import Place
from rnncore.tasks import TASKS
from rnncore.training.run import Run

TINY = {"hidden_size": 8, "seq_len": 10, "batch_size": 8, "steps": 50}


def run_with(loss=None, metric=0.1, step=25, **values):
    """A tiny run that really did some updates; its last measurement can be set."""
    run = Run(RunConfig.from_flat({**TINY, **values}))
    run.advance(steps=3)
    if loss is not None:
        run.history.append_held_out(step=step, loss=loss, metric=metric, update_ratio=0.001, saturated=0.0)
    return run


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_reference_lines_in_words(task):
    task = RunConfig(task=task).build_task()
    for line, reason in words.bars(task.baselines(), task):
        assert line and reason and "None" not in line


def test_health_needs_a_measurement_and_then_has_three_signs_with_reasons():
    run = Run(RunConfig.from_flat(TINY))
    assert words.health(run.view()) == []
    run.advance(steps=10)
    signs = words.health(run.view())
    assert len(signs) == 3 and all(phrase and judged and why for phrase, judged, why in signs)
    assert "%" in signs[0][0] and "clipped" in signs[1][0] and "saturated" in signs[2][0]


@pytest.mark.parametrize(("ratio", "judged"), [(0.5, "large"), (0.001, "fine"), (1e-7, "tiny")])
def test_the_size_of_updates_is_judged(ratio, judged):
    run = run_with()
    run.history.append_held_out(step=3, loss=0.1, metric=0.1, update_ratio=ratio, saturated=0.9)
    signs = words.health(run.view())
    assert signs[0][1] == judged and signs[2][:2] == ("90 % saturated", "many")


def test_clipping_is_counted():
    run = Run(RunConfig.from_flat({**TINY, "clip_norm": 0.001}))
    run.advance(steps=10)
    assert words.health(run.view())[1][:2] == ("100 % clipped", "often")
    run = Run(RunConfig.from_flat({**TINY, "clip_norm": 0}))
    run.advance(steps=10)
    assert words.health(run.view())[1][:2] == ("0 % clipped", "fine")


def test_divergence_is_told_with_its_figures_and_what_helps():
    run = Run(RunConfig.from_flat({**TINY, "optimizer": "sgd", "lr": 10, "clip_norm": 0, "steps": 500}))
    assert words.divergence(run.view()) == ""
    run.advance(steps=500)
    blown = run.divergence
    assert blown is not None
    said = words.divergence(run.view())
    assert f"at update {blown.step:,}" in said and numbers.number(blown.loss) in said and "learning rate 10" in said
    assert "clipping gradients at 1" in advice(run.view())
    run.set(clip_norm=1.0)
    assert "clipping" not in advice(run.view())


def test_waiting_says_the_place_and_an_estimate():
    said = words.waiting(Place(3, 41.6, 40))
    assert "number 3" in said and "42 s" in said


def test_metrics_in_words():
    assert numbers.metric_text(0.974, TASKS["adding"](10)) == "97.4 % right within 0.05"
    assert "root mean squared error" in numbers.metric_text(0.05, TASKS["sines"](50))
