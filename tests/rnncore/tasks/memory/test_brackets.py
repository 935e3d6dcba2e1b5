"""Brackets: legality against an enumeration of the grammar, baselines against a guesser."""

from functools import lru_cache
from itertools import product

import pytest
import torch

from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.memory.brackets import BracketOptions

SYMBOLS = "()[]"
LONGEST = 12


@lru_cache
def words(pairs, depth):
    """All well-formed words: W = empty, or an opening, W one level deeper, its closing, W."""
    if pairs == 0:
        return ("",)
    if depth == 0:
        return ()
    return tuple(
        kind[0] + inner + kind[1] + rest
        for first in range(pairs)
        for kind, inner, rest in product(("()", "[]"), words(first, depth - 1), words(pairs - 1 - first, depth))
    )


def draw(seq_len, depth, n, seed=0):
    task = TASKS["brackets"](seq_len, BracketOptions(depth=depth))
    return task, task.sample(n, generator(seed, "data"))


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_legal_sets_agree_with_an_enumeration_of_the_grammar(depth):
    legal = {}  # prefix: what follows it in some word
    for pairs in range(LONGEST // 2 + 1):
        for word in words(pairs, depth):
            for end in range(len(word) + 1):
                legal.setdefault(word[:end], set()).add(word[end] if end < len(word) else "end")
    seq_len = LONGEST - depth - (LONGEST - depth) % 2
    _, batch = draw(max(seq_len, 10), depth, 400)
    checked = 0
    for i in range(400):
        word = "".join(SYMBOLS[s] for s in batch.inputs[: batch.lengths[i], i])
        assert "end" in legal[word] and batch.mask[:, i].sum() == len(word)
        for step in range(len(word)):
            if step + 2 + depth > LONGEST:  # a continuation may be longer than what was enumerated
                continue
            found = {name for name, on in zip((*SYMBOLS, "end"), batch.targets[step, i], strict=True) if on}
            assert found == legal[word[: step + 1]], word[: step + 1]
            checked += 1
    assert checked > 1500


@pytest.mark.parametrize(("seq_len", "depth"), [(10, 1), (11, 2), (31, 4), (100, 10)])
def test_words_are_well_formed_of_even_length_and_use_the_depth(seq_len, depth):
    _, batch = draw(seq_len, depth, 500)
    deepest = 0
    for i in range(500):
        length = int(batch.lengths[i])
        stack = []
        for symbol in "".join(SYMBOLS[s] for s in batch.inputs[:length, i]):
            if symbol in "([":
                stack.append(symbol)
            else:
                assert stack.pop() + symbol in ("()", "[]")
            deepest = max(deepest, len(stack))
        assert not stack and length % 2 == 0 and (seq_len - 3) / 2 <= length <= seq_len
        assert (batch.inputs[length:, i] == 4).all() and (batch.targets[length:, i] == 0).all()
    assert deepest == depth


@pytest.mark.parametrize(("seq_len", "depth"), [(10, 1), (30, 4)])
def test_the_memoryless_line_is_what_a_guesser_scores_on_other_words(seq_len, depth):
    task, batch = draw(seq_len, depth, 4000, seed=1)
    _, fresh = draw(seq_len, depth, 4000, seed=2)
    chance, memoryless, _ = task.baselines()
    by_frequency = torch.full((5, 5), -50.0)
    by_set = torch.zeros(5, 5)
    for symbol in range(4):
        rows = batch.targets[batch.mask & (batch.inputs == symbol)]
        by_frequency[symbol] = rows.mean(0).clamp(1e-6, 1 - 1e-6).logit()
        seen, count = rows.unique(dim=0, return_counts=True)
        by_set[symbol] = 2 * seen[count.argmax()] - 1
    assert float(task.loss(by_frequency[fresh.inputs], fresh)) == pytest.approx(memoryless.loss, abs=0.005)
    assert float(task.metric(by_set[fresh.inputs], fresh)) == pytest.approx(memoryless.metric, abs=0.01)
    coins = torch.rand(fresh.targets.shape, generator=generator(0, "guess")) - 0.5
    assert float(task.metric(coins, fresh)) == pytest.approx(chance.metric, abs=0.003)
    assert float(task.loss(torch.zeros_like(coins), fresh)) == pytest.approx(chance.loss)


def test_depth_is_bounded():
    with pytest.raises(ConfigError, match="depth"):
        RunConfig.from_flat({"task": "brackets", "depth": 0})


@pytest.mark.parametrize("typed", ["([])[", "()", "[[[[", "([[()]])"])
def test_well_formed_words_and_their_beginnings_can_be_typed(typed):
    task = TASKS["brackets"](10)
    assert "".join(task.steps(task.parse_text(typed))) == typed


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("())", "Symbol 3 cannot be “\\)”: no bracket is open"),
        ("([)]", "Symbol 3 cannot be “\\)”: .* takes “]”"),
        ("(((((", "Symbol 5 cannot be “\\(”: at most 4"),
    ],
)
def test_ill_formed_brackets_are_refused_with_the_place(typed, sentence):
    with pytest.raises(ConfigError, match=sentence):
        TASKS["brackets"](10).parse_text(typed)
