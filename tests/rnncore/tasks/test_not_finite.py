"""A network that has blown up: everything a page asks of it works, and says that there are no finite numbers."""

import math

import numpy as np
import pytest
import torch

from playground.gradients import tables
from playground.gradients import words as gradients_words
from playground.race.answers import table
from playground.race.verdicts import finding
from playground.train import inspect, inspect_views, matrices
from playground.train.figures import figures, health
from playground.train.replies import replies_html, texts_html
from rnncore.analysis import outcomes
from rnncore.analysis.comparison import near_enough
from rnncore.analysis.gradients import gradient_flow
from rnncore.analysis.next_steps import ideas
from rnncore.analysis.replies import Reply, continuation, reply
from rnncore.config import RunConfig
from rnncore.tasks import TASKS
from rnncore.tasks.series.forecast import Forecast, SeriesTask
from rnncore.tasks.shown import NO_NUMBERS
from rnncore.text.corpora import play
from rnncore.text.sampling import Writing, write
from rnncore.text.study import Study
from rnncore.training.race import Race
from rnncore.training.run import Run

torch.set_num_threads(1)

every_task = pytest.mark.parametrize("name", TASKS)
values = pytest.mark.parametrize("value", [math.nan, 1e30], ids=str)
WRITING = Writing(prime="A", length=20)


def spoil(model, value):
    with torch.no_grad():
        for weights in model.parameters():
            weights.fill_(value)


def blown_up(name, value):
    """Return a race of one network whose weights have all become one value, measured afterwards."""
    run = Run(RunConfig(task=name, hidden_size=4, batch_size=4))
    run.task.held_out_size = 16
    spoil(run.model, value)
    run._measure(math.nan)
    return Race([run])


def inputs_of(task):
    if task.ask and task.ask_kind == "text":
        return task.parse_text(task.first_question)
    return task.held_out(1, torch.Generator()).inputs


@every_task
@values
def test_answers_and_replies_of_a_network_that_blew_up(name, value):
    race = blown_up(name, value)
    (run,) = race.runs
    shown, html = list(run.shown()), table(race.view(answers=True), dark=False, listen=True)
    assert run.view().health is not None
    inputs = inputs_of(run.task)
    replied = Reply() if name == "text" else reply(run, inputs)  # a text is gone on with
    said = replies_html(["gru"], [replied], 0, dark=False, moving=False)
    if not math.isfinite(value):
        assert all(each.answer == NO_NUMBERS and not each.right for each in shown)
        assert NO_NUMBERS in html and NO_NUMBERS in said and not replied.answers
    words = (html, said, finding([run.view()]), figures([run.view()]), health([run.view()]))
    assert not any(map(says_nan, words)) and list(ideas([run], equal=False, more=500)) is not None


def says_nan(html):
    words = html.replace(">", " ").replace("<", " ").replace(",", " ").replace('"', " ").lower().split()
    return {"nan", "inf", "-inf"} & set(words)


@every_task
def test_beside_a_network_that_works_one_that_blew_up_is_told_apart(name):
    spoilt, sound = blown_up(name, math.nan).runs[0], Run(RunConfig(task=name, hidden_size=4, batch_size=4, cell="gru"))
    for pair in ([spoilt, sound], [sound, spoilt]):
        html = table(Race(pair).view(answers=True), dark=False)
        assert NO_NUMBERS in html and not says_nan(html)
        if name != "text":
            replied = [reply(run, inputs_of(run.task)) for run in pair]
            assert NO_NUMBERS in replies_html(["rnn", "gru"], replied, 0, dark=False, moving=False)


@pytest.mark.parametrize("name", [name for name in TASKS if issubclass(TASKS[name], SeriesTask)])
def test_no_forecast_that_is_no_number_counts_as_right(name):
    (run,) = blown_up(name, math.nan).runs
    assert near_enough(run.view()).value == 1


@every_task
@values
def test_closer_looks_at_a_network_that_blew_up(name, value):
    race = blown_up(name, value)
    (run,) = race.runs
    task, looked = run.task, []
    if task.stretches:
        looked.append(inspect_views.lengths(race.view(), [outcomes.stretched(run)]))
    if inspect._classifies(task):
        looked.append(matrices.mixups_in_words(run.view(), outcomes.confusion(run)))
    if inspect._goes_by_steps(task) and task.ask:
        found = outcomes.step_predictions(run, inputs_of(task))
        looked.append(matrices.answer_in_words(run.view(), found))
        assert not says_nan(matrices.answers_csv([run.view()], [found]))
    if inspect.LOOKS["Further figures"][0](task):
        looked.append(inspect_views.further(race.view(), [outcomes.report(run)]))
    for html in looked:
        assert not says_nan(html)
        assert math.isfinite(value) or NO_NUMBERS in html
    if isinstance(task, Forecast):
        inspect_views.forecasts(race.view(), [outcomes.forecasts(run)], False)


@every_task
def test_the_gradients_of_a_network_that_blew_up_can_be_measured(name):
    for value in (math.nan, 1e30):
        config = RunConfig(task=name, hidden_size=4, batch_size=4)
        flow = gradient_flow(config, weights=[torch.full_like(each, value) for each in Run(config).weights()])
        said = [gradients_words.finding([flow]), gradients_words.table([flow]), gradients_words.sum_finding([flow])]
        gradients_words.levels([flow]), gradients_words.arriving(flow.top), tables.flow_rows([flow])
        assert math.isfinite(value) or config.cell == "feedforward" or all(NO_NUMBERS in each for each in said[:2])


@values
def test_a_text_task_writes_nothing_where_no_number_is_finite(value):
    (run,) = blown_up("text", value).runs
    text = continuation(run, WRITING.model_copy(update={"prime": run.task.first_question}))
    assert math.isfinite(value) or NO_NUMBERS in texts_html(["gru"], "A", [text], 0, dark=False)


@values
@pytest.mark.parametrize("temperature", [0, 0.8, 3])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_language_model_that_blew_up_is_measured_saved_and_writes_to_where_it_is_finite(value, temperature, cell):
    config = RunConfig(task="text", cell=cell, hidden_size=4, batch_size=4, seq_len=16)
    writing = WRITING.model_copy(update={"temperature": temperature, "top_k": 3, "top_p": 0.9})
    study = Study(config, play()[:8000], writing)
    spoil(study.language.model, value)
    begun = Study(config, play()[:8000], writing, study.language)
    begun.start()
    for _ in range(3):
        begun.advance_one()
    written = list(write(begun.language, writing))
    assert math.isfinite(value) or not written
    assert all(np.isfinite(each.surprise) for each in written)
    begun.view()
    begun.save()
    assert all(begun.copied(sample) is not None for sample in begun.samples)
