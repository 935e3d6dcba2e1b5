"""Counting words against a naive spelling of the language, and how far a network counts."""

import pytest
import torch
from torch import nn

from rnncore.errors import ConfigError
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.memory.anbn import largest_n

both = pytest.mark.parametrize("name", ["anbn", "anbncn"])


def legal(letters, longest):
    """What may follow each beginning of a word, from a list of all words up to a length."""
    found = {}
    for n in range(1, longest + 1):
        word = [letter for letter in letters for _ in range(n)] + ["end"]
        for at, symbol in enumerate(word):
            found.setdefault("".join(word[:at]), set()).add(symbol)
    return found


@both
@pytest.mark.parametrize("side", ["sample", "batch", "held_out"])
def test_words_and_legal_sets_agree_with_a_list_of_the_language(name, side):
    task = TASKS[name](6)
    found = legal(task.letters, 13)
    batch = getattr(task, side)(60, generator(0, "data"))
    counts = set()
    for i in range(batch.size):
        length = int(batch.lengths[i])
        symbols = task.steps(batch.inputs[:length, i : i + 1])
        word = "".join(symbols[1:])
        n = len(word) // len(task.letters)
        counts.add(n)
        assert symbols[0] == "start" and word == "".join(letter * n for letter in task.letters)
        assert (batch.inputs[length:, i] == len(task.letters)).all()
        for step in range(length):
            chosen = {s for s, on in zip((*task.letters, "end"), batch.targets[step, i], strict=True) if on}
            assert chosen == found[word[:step]]
    assert counts == set({"sample": range(1, 13), "batch": range(1, 7), "held_out": range(7, 13)}[side])
    assert torch.equal(task.is_held_out(batch), batch.lengths > 6 * len(task.letters) + 1)


@both
def test_every_n_comes_equally_often_even_one_by_one(name):
    task, draw = TASKS[name](5), generator(0, "data")
    lengths = torch.cat([task.batch(1, draw).lengths for _ in range(3000)])
    assert torch.bincount(lengths)[len(task.letters) + 1 :: len(task.letters)].numpy() == pytest.approx(600, abs=80)
    assert task.batch(10, draw).lengths.bincount().max() == 2


@both
def test_the_memoryless_line_is_the_best_guess_from_the_current_symbol(name):
    task = TASKS[name](10)
    chance, memoryless, _ = task.baselines()
    batch = task.held_out(10, generator(0, "held-out"))
    logits = torch.zeros(task.input_size, task.output_size)
    for symbol in range(task.input_size):
        rows = batch.targets[batch.mask & (batch.inputs == symbol)]
        logits[symbol] = rows.mean(0).clamp(1e-7, 1 - 1e-7).logit()
    outputs = logits[batch.inputs]
    assert float(task.loss(outputs, batch)) == pytest.approx(memoryless.loss, abs=1e-4)
    assert float(task.metric(outputs, batch)) == memoryless.metric == 0
    assert float(task.loss(torch.zeros_like(outputs), batch)) == pytest.approx(chance.loss)


class Counter(nn.Module):
    """Right up to n, wrong at one step of every longer word."""

    def __init__(self, task, n):
        super().__init__()
        self.task, self.n = task, n

    def forward(self, inputs, lengths):
        counts = (lengths - 1) // len(self.task.letters)
        outputs = 2 * self.task.words(counts, len(inputs)).targets - 1
        outputs[1, counts > self.n] *= -1
        return outputs


@both
@pytest.mark.parametrize("n", [0, 1, 19, 20, 21, 199])
def test_the_largest_n_is_where_the_first_error_comes(name, n):
    task = TASKS[name](10)
    assert largest_n(Counter(task, n), task) == n
    assert task.report(Counter(task, n), task.held_out(2, generator(0, "held-out"))) == {"largest_n": n}


def test_beyond_the_cap_nothing_is_tried():
    task = TASKS["anbn"](10)
    assert largest_n(Counter(task, 10_000), task) == 200
    assert largest_n(Counter(task, 10_000), task, cap=31) == 31


@pytest.mark.parametrize(
    ("name", "typed"), [("anbn", "aaabbb"), ("anbn", "aab"), ("anbn", "a"), ("anbncn", "aabbcc"), ("anbncn", "aabbc")]
)
def test_words_and_their_beginnings_can_be_typed(name, typed):
    task = TASKS[name](10)
    assert task.steps(task.parse_text(typed)) == ("start", *typed)


@pytest.mark.parametrize(
    ("name", "typed", "at"), [("anbn", "b", 1), ("anbn", "aba", 3), ("anbn", "aabbb", 5), ("anbncn", "aabc", 4)]
)
def test_what_begins_no_word_is_refused_with_the_place(name, typed, at):
    with pytest.raises(ConfigError, match=f"Letter {at} "):
        TASKS[name](10).parse_text(typed)


@pytest.mark.slow
@both
def test_an_lstm_counts_five_times_as_far_as_it_was_trained(one_that, name):
    one_that(lambda run: run.history.held_out["metric"][-1] == 1
             and run.task.report(run.model, run.held_out)["largest_n"] >= 50, task=name)  # fmt: skip
