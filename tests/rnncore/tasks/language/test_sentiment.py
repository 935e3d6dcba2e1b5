"""The sentiment task against a naive judge of its reviews."""

import itertools
import math

import pytest
import torch

from rnncore.config import RunConfig
from rnncore.networks.sequence_model import SequenceModel
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.language.sentences import CHAT_WORDS
from rnncore.tasks.language.sentiment import BAD, GOOD, HATE, HELD_OUT, LIKE, NUMBER, OPINIONS, WORDS
from rnncore.training.run import Run

TASK = TASKS["sentiment"](6)


def reviews(batch):
    return [" ".join(TASK.steps(batch.inputs[:n, i : i + 1])) for i, n in enumerate(batch.lengths.tolist())]


def judge(review):
    """1 if positive: the opinion that decides, turned round if there is a negation between it and the one before."""
    words = review.split()
    places = [place for place, word in enumerate(words) if word in OPINIONS]
    signs = []
    for before, place in zip([0, *places], places, strict=False):
        negated = set(words[before:place]) & {"not", "never", "hardly", "nobody"}
        signs.append((words[place] in GOOD + LIKE) != bool(negated))
    later = "although" in words and places[0] < words.index("although")
    return int(signs[0] if later else signs[-1])


@pytest.mark.parametrize("side", ["batch", "held_out"])
def test_every_review_is_judged_by_the_clause_that_decides(side):
    batch = getattr(TASK, side)(500, generator(0, "data"))
    for review, target in zip(reviews(batch), batch.targets.tolist(), strict=True):
        assert judge(review) == target, review


def test_the_parts_of_reviews_come_as_often_as_said():
    found = reviews(TASK.sample(9000, generator(0, "data")))
    shares = [sum(word in review.split() for review in found) / len(found) for word in ("but", "although")]
    assert shares == pytest.approx([0.2, 0.4], abs=0.02)
    words = [review.split() for review in found]
    negations = sum(word in ("not", "never", "hardly", "nobody") for review in words for word in review)
    opinions = sum(word in OPINIONS for review in words for word in review)
    assert negations / opinions == pytest.approx(1 / 3, abs=0.015)
    assert opinions / len(found) == pytest.approx(1.8, abs=0.02)
    targets = TASK.sample(9000, generator(1, "data")).targets
    assert targets.float().mean() == pytest.approx(0.5, abs=0.02)


def test_small_talk_takes_at_most_its_room():
    for chat in (2, 20):
        task = TASKS["sentiment"](chat)
        batch = task.batch(300, generator(0, "data"))
        assert batch.lengths.max() <= task.total_steps
        said = [sum(word in set(CHAT_WORDS) - {"the", "a", "and", ","} for word in r.split()) for r in reviews(batch)]
        assert min(said) == 0 < max(said) <= chat
        padded = torch.arange(task.total_steps)[:, None] >= batch.lengths
        assert torch.equal(batch.inputs == len(WORDS), padded)


def test_pairs_are_held_out_and_their_words_are_not():
    training = [review.split() for review in reviews(TASK.batch(6000, generator(0, "data")))]
    pairs = {pair for review in training for pair in itertools.pairwise(review)}
    assert not any(HELD_OUT[NUMBER[a], NUMBER[b]] for a, b in pairs)
    held_out = [review.split() for review in reviews(TASK.held_out(1000, generator(0, "held-out")))]
    assert {word for review in held_out for word in review} <= {word for review in training for word in review}
    for review in held_out:
        new = [b for pair in itertools.pairwise(review) if pair not in pairs for b in pair[1:]]
        assert set(new) & set(OPINIONS)
    assert len(OPINIONS) == len({*GOOD, *BAD, *LIKE, *HATE}) == 24


def test_no_single_word_decides():
    chance, memoryless, bag, optimum = TASK.baselines()
    assert (chance.loss, chance.metric) == (math.log(2), 0.5) and (optimum.loss, optimum.metric) == (0, 1)
    assert 0.5 < memoryless.metric < 0.65 and bag.metric < 0.75
    batch = TASK.held_out(2000, generator(5, "held-out"))
    votes = [sum((w in GOOD + LIKE) - (w in BAD + HATE) for w in review.split()) for review in reviews(batch)]
    right = sum((vote > 0) == bool(y) for vote, y in zip(votes, batch.targets.tolist(), strict=True)) / 2000
    assert right < 0.75  # counting kind and unkind words does no better


def test_padding_changes_nothing():
    batch = TASK.batch(20, generator(0, "data"))
    config = RunConfig(task="sentiment", cell="gru", hidden_size=7, bidirectional=True)
    model = SequenceModel(config, TASK, generator(1, "init"))
    padded = torch.arange(len(batch.inputs))[:, None] >= batch.lengths
    assert padded.any()
    assert torch.equal(model(batch.inputs, batch.lengths), model(batch.inputs.where(~padded, 3), batch.lengths))


@pytest.mark.slow
def test_a_gru_understands_not_and_but_where_a_vote_of_all_words_does_not():
    run = Run(RunConfig(task="sentiment", cell="gru", seed=1))
    run.advance(steps=400)
    assert run.history.held_out["metric"][-1] > 0.95 > TASK.baselines()[2].metric + 0.2
