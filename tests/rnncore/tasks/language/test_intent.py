"""The intent task against a naive reading of its patterns."""

import math
from collections import Counter

import pytest
import torch

from rnncore.config import RunConfig
from rnncore.networks.sequence_model import SequenceModel
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.base import Batch
from rnncore.tasks.language.intent import INTENTS, PATTERNS, WORDS, requests, table
from rnncore.tasks.language.intent_words import HELD_OUT
from rnncore.tasks.language.sentences import CHAT_WORDS, end_of, expand
from rnncore.training.run import Run

OWNERS = [intent for intent, own in PATTERNS.items() for _ in own]  # whose the groups of `requests` are


def texts(task, batch):
    return [task.steps(batch.inputs[:length, i : i + 1]) for i, length in enumerate(batch.lengths.tolist())]


def forbidden(words):
    return any(set(combination.split()) <= set(words) for combination in HELD_OUT)


def test_a_pattern_stands_for_all_its_wordings():
    parts = {"x": ("a", "b {y}"), "y": ("", "c")}
    assert expand("go {x} now", parts) == ["go a now", "go b now", "go b c now"]
    assert expand("{y} {y}", parts) == ["", "c", "c", "c c"]


def test_no_request_has_two_intents_and_none_is_on_both_sides():
    intents, sides = {}, {}
    for intent, group in zip(OWNERS, requests(), strict=True):
        assert len({forbidden(text.split()) for text in group}) == 1  # patterns are held out as a whole
        for text in group:
            assert intents.setdefault(text, intent) == intent
            sides[text] = forbidden(text.split())
    rows = Batch(table().rows.T, torch.zeros(len(table().rows)))
    task = TASKS["intent"](2)
    assert task.is_held_out(rows).tolist() == [sides[text] for group in requests() for text in group]


def test_every_intent_has_several_patterns_on_each_side_and_held_out_words_are_all_known():
    known, patterns = set(), Counter()
    for intent, group in zip(OWNERS, requests(), strict=True):
        side = forbidden(group[0].split())
        patterns[intent, side] += 1
        if not side:
            known |= {word for text in group for word in text.split()}
    assert all(patterns[intent, False] >= 10 and patterns[intent, True] >= 2 for intent in INTENTS)
    assert known | set(CHAT_WORDS) == set(WORDS)
    assert not set(CHAT_WORDS) & {word for combination in HELD_OUT for word in combination.split()}


@pytest.mark.parametrize("chat", [2, 6, 60])
@pytest.mark.parametrize("side", ["batch", "held_out"])
def test_a_request_stands_amid_words_that_say_nothing(chat, side):
    task = TASKS["intent"](chat)
    batch = getattr(task, side)(300, generator(0, "data"))
    intents = {text: intent for intent, group in zip(OWNERS, requests(), strict=True) for text in group}
    around = []
    for i, (words, target) in enumerate(zip(texts(task, batch), batch.targets.tolist(), strict=True)):
        assert (batch.inputs[len(words) :, i] == len(WORDS)).all()  # padding, at the end only
        assert forbidden(words) == (side == "held_out")
        found = [
            (first, end)
            for first in range(len(words)) for end in range(first + 1, len(words) + 1)
            if intents.get(" ".join(words[first:end])) == INTENTS[target]
            and set(words[:first] + words[end:]) <= set(CHAT_WORDS)
        ]  # fmt: skip
        assert found
        around.append(len(words) - max(end - first for first, end in found))
    assert max(around) <= chat and min(around) == 0


def test_intents_come_equally_often_and_the_last_word_is_worth_what_is_said():
    task = TASKS["intent"](6)
    batch = task.sample(20_000, generator(1, "data"))
    assert (torch.bincount(batch.targets) / batch.size).numpy() == pytest.approx(1 / 9, abs=0.01)
    chance, memoryless, bag, _ = task.baselines()
    seen = {}
    for words, target in zip(texts(task, batch), batch.targets.tolist(), strict=True):
        seen.setdefault(words[-1], Counter())[target] += 1
    right = sum(max(counts.values()) for counts in seen.values()) / batch.size
    assert memoryless.metric == pytest.approx(right, abs=0.02)
    assert chance.loss == math.log(9) and 0.7 < bag.metric < 0.9


def test_padding_changes_nothing():
    task = TASKS["intent"](6)
    batch = task.batch(20, generator(0, "data"))
    config = RunConfig(task="intent", cell="gru", hidden_size=7, bidirectional=True)
    model = SequenceModel(config, task, generator(1, "init"))
    padded = torch.arange(len(batch.inputs))[:, None] >= batch.lengths
    assert padded.any()
    assert torch.equal(model(batch.inputs, batch.lengths), model(batch.inputs.where(~padded, 3), batch.lengths))


def test_what_is_typed_needs_no_small_talk():
    task = TASKS["intent"](6)
    assert task.steps(task.parse_text("Could you tell me, please?")) == (
        "could",
        "you",
        "tell",
        "me",
        ",",
        "please",
        "?",
    )
    assert end_of(["what", "time"]) == "what time"
    assert end_of(["could", "you", "tell", "me", "the", "time", "please"]) == "…me the time please"


@pytest.mark.slow
def test_a_gru_understands_wordings_it_never_saw_and_a_window_does_not():
    run = Run(RunConfig(task="intent", cell="gru", seed=1))
    run.advance(steps=300)
    vote = run.task.baselines()[2].metric
    assert run.history.held_out["metric"][-1] > 0.95 > vote + 0.1
    window = Run(RunConfig(task="intent", cell="feedforward", seed=1))
    window.advance(steps=200)
    assert window.history.held_out["metric"][-1] < 0.9
