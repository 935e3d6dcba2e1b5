"""The addition task against Python's own sums."""

import math
from collections import Counter
from itertools import product

import pytest
import torch

from rnncore.analysis.outcomes import report
from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.seeding import generator
from rnncore.tasks.language.addition import DIGITS, added
from rnncore.training.run import Run


def build(**options):
    return RunConfig.from_flat({"task": "addition", **options}).build_task()


def texts(task, batch):
    return [(task.question_of(batch.inputs[:, i]), task.text(batch.targets[:, i])) for i in range(batch.size)]


@pytest.mark.parametrize("last_first", [True, False])
@pytest.mark.parametrize("places", [2, 3, 6])
def test_answers_are_sums_of_numbers_and_longer_numbers_are_commoner(places, last_first):
    task = build(seq_len=places, reversed=last_first)
    pairs = texts(task, task.sample(9000, generator(0, "data")))
    lengths, firsts = Counter(), Counter()
    for question, answer in pairs:
        parts = question.split("+")
        assert str(sum(map(int, parts))) == answer
        assert parts == [str(int(part)) for part in parts]  # no leading zeros
        lengths[tuple(map(len, parts))] += 1
        firsts.update(part[0] for part in parts if len(part) > 1)
    shares = [(2 * length - 1) / places**2 for length in range(1, places + 1)]  # the longer of two
    for one, other in product(range(1, places + 1), repeat=2):
        assert lengths[one, other] == pytest.approx(9000 * shares[one - 1] * shares[other - 1], rel=0.15, abs=30)
    assert set(firsts) == set("123456789")
    assert all(count == pytest.approx(sum(firsts.values()) / 9, rel=0.15) for count in firsts.values())


@pytest.mark.parametrize("last_first", [True, False])
def test_drawn_questions_are_encoded_like_typed_ones(last_first):
    task = build(reversed=last_first)
    drawn = task.sample(500, generator(1, "data"))
    pairs = task.pairs(500, generator(1, "data"))
    again = task.encoded(pairs)
    assert drawn.inputs.equal(again.inputs) and drawn.targets.equal(again.targets) and drawn.mask.equal(again.mask)
    assert texts(task, drawn) == pairs
    for i, (question, _) in enumerate(pairs[:50]):
        assert task.parse_text(question).equal(drawn.inputs[:, i : i + 1])


def test_digits_are_written_in_the_chosen_order_and_shown_as_people_read_them():
    for last_first, symbols in ((True, "975"), (False, "579")):
        task = build(reversed=last_first)
        example = task.encoded([("123+456", "579")])
        assert "".join(task.symbols[i] for i in example.targets[:3, 0]) == symbols
        wrong = example.targets[:, 0].clone()
        wrong[0] = 0
        for output, answer, right in ((example.targets[:, 0], "579", True), (wrong, "", False)):
            shown = task.show(example, output)
            assert (shown.question, shown.truth, shown.answer, shown.right) == ("123+456", "579", answer, right)
        assert shown.tracks[1].values == (*symbols, "■")


def test_numbers_are_read_back_from_questions():
    task = build(seq_len=6)
    drawn = task.sample(300, generator(2, "data"))
    a, b = added(drawn.inputs)
    assert [f"{x}+{y}" for x, y in zip(a.tolist(), b.tolist(), strict=True)] == [q for q, _ in texts(task, drawn)]


@pytest.mark.parametrize("places", [2, 3])
def test_no_held_out_pair_of_numbers_occurs_in_training_in_either_order(places):
    task = build(seq_len=places)
    training, held_out = (
        {frozenset(question.split("+")) for question, _ in texts(task, batch)}
        for batch in (task.batch(20_000, generator(0, "data")), task.held_out(3000, generator(0, "held-out")))
    )
    assert len(held_out) > 300 and not training & held_out
    share = task.is_held_out(task.sample(20_000, generator(1, "data"))).float().mean()
    assert float(share) == pytest.approx(1 / 8, abs=0.02)


def test_baselines_agree_with_counting():
    task = build()
    chance, unread, columns, optimum = task.baselines()
    assert chance.loss == math.log(len(DIGITS) + 1)
    assert optimum.loss < columns.loss < unread.loss < chance.loss
    # whoever never carries is right if nothing is to be carried; a guess at carries may do little better
    pairs = task.pairs(20_000, generator(3, "data"))
    without = [not carries(*map(int, question.split("+"))) for question, _ in pairs]
    assert columns.metric == pytest.approx(sum(without) / len(without), abs=0.04)
    assert unread.metric < 0.05


def carries(a, b):
    while a or b:
        if a % 10 + b % 10 > 9:
            return True
        a, b = a // 10, b // 10
    return False


@pytest.mark.parametrize("typed", ["1234+5", "12", "12+", "1+2+3", "one+two", "-1+2", "1,5+2", "٣+1"])
def test_what_is_no_sum_of_short_numbers_is_refused_in_one_sentence(typed):
    with pytest.raises(ConfigError, match="Type two numbers of 1 to 3 digits"):
        build().parse_text(typed)


def test_leading_zeros_and_blanks_do_not_matter():
    task = build()
    assert task.parse_text(" 007 + 40 ").equal(task.parse_text("7+40"))


def test_a_network_can_be_asked_for_longer_sums_than_it_was_trained_on():
    short, long = build(seq_len=3), build(seq_len=6)
    assert (short.input_size, short.output_size, short.feed_size) == (long.input_size, long.output_size, long.feed_size)
    run = Run(RunConfig(task="addition", hidden_size=8, steps=1))
    outputs, _ = run.model.answer(long.held_out(4, generator(0, "held-out")))
    assert outputs.shape == (8, 4, 11) and torch.isfinite(outputs).all()


@pytest.mark.slow
def test_an_lstm_learns_to_carry_when_it_writes_the_last_digit_first():
    settings = {"task": "addition", "seq_len": 2, "hidden_size": 64, "batch_size": 64, "lr": 0.01, "steps": 1500}
    run = Run(RunConfig(**settings, cell="lstm", seed=1))
    run.advance()
    assert report(run)["exact_free"] > 0.75 > run.task.baselines()[2].metric
