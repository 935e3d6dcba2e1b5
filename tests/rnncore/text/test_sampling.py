"""Writing: against PyTorch's own modules, by hand on small cases, and reproducible."""

import itertools
import math

import numpy as np
import pytest
import torch

from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.seeding import generator
from rnncore.tasks.language.vocabulary import Vocabulary
from rnncore.text.language import LanguageModel
from rnncore.text.sampling import Reader, Writing, distribution, write

SYMBOLS = "\n abcdefgh"
TEXT = "a bad head\nfed a bee\n"


def language(cell="lstm", hidden_size=12, num_layers=2, seed=0, symbols=SYMBOLS, **more):
    config = RunConfig(task="text", cell=cell, hidden_size=hidden_size, num_layers=num_layers, **more)
    made = LanguageModel.build(config, Vocabulary(symbols), generator(seed, "init"))
    with torch.no_grad():
        made.model.readout.weight.mul_(8)  # so that some characters are much likelier than others
    return made


def said(model, **asked):
    return "".join(each.character for each in write(model, Writing(**{"prime": "a", "length": 60} | asked)))


@pytest.mark.parametrize("cell", [name for name in CELLS if CELLS[name].recurrent])
@pytest.mark.parametrize("bias", [True, False])
def test_reading_one_by_one_gives_the_logits_of_one_long_pass(cell, bias):
    model = language(cell, bias=bias)
    numbers = model.vocabulary.encode(TEXT)
    with torch.no_grad():
        expected, _ = model.model.carry(numbers[:, None])
    reader = Reader(model)
    for number, logits in zip(numbers.tolist(), expected[:, 0], strict=True):
        np.testing.assert_allclose(reader.step(number), logits.numpy(), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize(("cell", "module"), [("rnn", torch.nn.RNN), ("lstm", torch.nn.LSTM), ("gru", torch.nn.GRU)])
@pytest.mark.parametrize("num_layers", [1, 2])
def test_reading_gives_the_probabilities_of_pytorchs_own_module(cell, module, num_layers):
    model = language(cell, num_layers=num_layers)
    own = module(len(SYMBOLS), 12, num_layers)
    for layer, cells in enumerate(model.model.layers):
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            getattr(own, f"{name}_l{layer}").data.copy_(getattr(cells[0], name))
    reader, state = Reader(model), None
    for number in model.vocabulary.encode(TEXT).tolist():
        with torch.no_grad():
            output, state = own(torch.eye(len(SYMBOLS))[number][None, None], state)
            expected = torch.softmax(model.model.readout(output[0, 0]), 0)
        np.testing.assert_allclose(distribution(reader.step(number), 1.0), expected.numpy(), atol=1e-5)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "gru_cho"])
def test_the_state_carried_across_pieces_equals_one_long_pass(cell):
    model = language(cell).model
    numbers = Vocabulary(SYMBOLS).encode(TEXT)[:, None]
    with torch.no_grad():
        whole, last = model.carry(numbers)
        parts, states = [], None
        for piece in numbers.split(5):
            output, states = model.carry(piece, states)
            parts.append(output)
    torch.testing.assert_close(torch.cat(parts), whole)
    torch.testing.assert_close(states, last)


LOGITS = np.log(np.array([0.4, 0.3, 0.2, 0.1], np.float32))


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_cuts_by_exhaustion(order):
    logits, p = LOGITS[list(order)], np.exp(LOGITS[list(order)])
    ranked = sorted(range(4), key=lambda i: -p[i])
    for k, top_p in itertools.product(range(5), (0.3, 0.5, 0.75, 0.95, 1.0)):
        kept = ranked[: k or 4]
        total, nucleus = sum(p[i] for i in kept), []
        for i in kept:
            if sum(p[j] for j in nucleus) < top_p * total - 1e-6:
                nucleus.append(i)
        expected = np.array([p[i] if i in nucleus else 0 for i in range(4)])
        np.testing.assert_allclose(distribution(logits, 1.0, k, top_p), expected / expected.sum(), atol=1e-6)


@pytest.mark.parametrize("temperature", [0.1, 0.5, 1.0, 2.0])
def test_the_temperature_divides_the_logits(temperature):
    expected = torch.softmax(torch.from_numpy(LOGITS) / temperature, 0).numpy()
    np.testing.assert_allclose(distribution(LOGITS, temperature), expected, atol=1e-6)


def test_temperature_0_takes_the_likeliest_also_of_equals():
    assert distribution(LOGITS, 0).tolist() == [1, 0, 0, 0]
    assert distribution(np.zeros(4, np.float32), 0).tolist() == [1, 0, 0, 0]
    model = language()
    reader, numbers = Reader(model), []
    logits = reader.step(model.vocabulary.encode("a").item())
    for _ in range(20):
        numbers.append(int(logits.argmax()))
        logits = reader.step(numbers[-1])
    assert said(model, temperature=0, length=20) == model.vocabulary.decode(numbers)


def test_the_same_seed_writes_the_same_and_another_something_else():
    model = language()
    assert said(model, seed=3) == said(model, seed=3) != said(model, seed=4)
    assert said(model, seed=3, length=20) == said(model, seed=3)[:20], "the length decides only where it ends"


def test_draws_follow_the_distribution():
    model = language()
    first = [next(write(model, Writing(prime="a", length=1, temperature=1.5, seed=seed))) for seed in range(2000)]
    counts = np.bincount([each.number for each in first], minlength=len(SYMBOLS)) / len(first)
    np.testing.assert_allclose(counts, first[0].probabilities, atol=4 * math.sqrt(0.25 / len(first)))


def test_surprise_is_the_networks_own_whatever_the_temperature():
    model = language()
    for each in write(model, Writing(prime="a", length=30, temperature=0.3)):
        p = torch.softmax(torch.from_numpy(each.logits).double(), 0)[each.number].item()
        assert each.surprise == pytest.approx(-math.log2(p), abs=1e-4)
        assert each.character == SYMBOLS[each.number] and float(each.probabilities.sum()) == pytest.approx(1, abs=1e-5)


def test_an_empty_opening_is_a_beginning_and_an_unknown_character_is_named():
    model = language()
    assert said(model, prime="") == said(model, prime="\n")
    with pytest.raises(ConfigError, match=r"it has never seen 'Z' '<'"):
        write(model, Writing(prime="aZ<Z"))


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "gru_cho"])
def test_a_vocabulary_without_a_line_break_begins_too(cell):
    """After a space where there is one; else with what the network expects before it has read anything."""
    model = language(cell, symbols="acgt ")
    assert said(model, prime="") == said(model, prime=" ")
    model = language(cell, symbols="acgt")
    first = next(write(model, Writing(prime="", temperature=1)))
    states = [layer[0].initial_state(1) for layer in model.model.layers]
    with torch.no_grad():
        expected = torch.softmax(model.model.readout(states[-1][0]), -1)[0]
    np.testing.assert_allclose(first.probabilities, expected.numpy(), atol=1e-6)
    assert len(said(model, prime="")) == 60
