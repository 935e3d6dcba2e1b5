"""The clue task against a naive reading of its sentences."""

import math

import pytest
import torch

from rnncore.config import RunConfig
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.language.clue import ANSWERS, CLUES, LIVED, LOOKED, WORDS
from rnncore.training.run import Run


def sentences(task, batch):
    return [" ".join(WORDS[number] for number in batch.inputs[:, i]) for i in range(batch.size)]


@pytest.mark.parametrize("between", [2, 7, 60])
def test_every_sentence_is_completed_by_what_its_clue_says(between):
    task = TASKS["clue"](between)
    batch = task.batch(400, generator(0, "data"))
    for sentence, target in zip(sentences(task, batch), batch.targets.tolist(), strict=True):
        named = [word for word in sentence.split() if word in CLUES]
        assert len(named) == 1 and len(sentence.split()) == task.total_steps == between + 13
        lived = sentence.endswith("so today i speak fluent")
        assert lived or sentence.endswith("and they were in the")
        assert ANSWERS[target] == (LIVED if lived else LOOKED)[named[0]]


def test_all_answers_come_equally_often_and_the_last_word_halves_them():
    task = TASKS["clue"](5)
    batch = task.sample(20_000, generator(0, "data"))
    shares = torch.bincount(batch.targets, minlength=16) / batch.size
    assert shares.numpy() == pytest.approx(1 / 16, abs=0.01)
    chance, memoryless, optimum = task.baselines()
    last = batch.inputs[-1]
    counts = torch.zeros(len(WORDS), 16).index_put_((last, batch.targets), torch.ones(()), accumulate=True)
    outputs = (counts[last] / counts[last].sum(1, keepdim=True)).log().clamp(min=-50)
    assert float(task.loss(outputs, batch)) == pytest.approx(memoryless.loss, abs=0.005)
    assert (chance.loss, memoryless.loss, optimum.loss) == (math.log(16), math.log(8), 0)


def test_a_gru_remembers_the_clue_and_a_window_of_ten_steps_does_not_reach_it():
    run = Run(RunConfig(task="clue", cell="gru", seed=1))
    run.advance(steps=400)
    assert run.history.held_out["metric"][-1] > 0.99
    window = Run(RunConfig(task="clue", cell="feedforward", seed=1))
    window.advance(steps=400)
    assert window.history.held_out["loss"][-1] > math.log(8) - 0.1
