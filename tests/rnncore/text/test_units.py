"""Units: their activations, the features of a text, and a unit that was planted."""

import numpy as np
import pytest
import torch

from rnncore.config import RunConfig
from rnncore.seeding import generator
from rnncore.tasks.language.vocabulary import Vocabulary
from rnncore.text.language import LanguageModel
from rnncore.text.units import FEATURES, activations, after_stop, best_units, in_name, place_in_line, word_start

TEXT = "ODD:\nI go. He's in!\n\nB C:\nno"


@pytest.mark.parametrize(
    ("feature", "expected"),
    [
        (in_name, "1111000000000000000001111000"),
        (word_start, "1000010100010000100001010010"),
        (after_stop, "0000000001100000001110000000"),
    ],
)
def test_features_by_hand(feature, expected):
    wanted = expected[: len(TEXT)].ljust(len(TEXT), "0")
    assert "".join(str(int(value)) for value in feature(TEXT)) == wanted


def test_the_place_in_a_line_starts_again_on_each():
    assert place_in_line("ab\n\nc").tolist() == [1, 2, 0, 0, 1] and place_in_line("x" * 100).max() == 60


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru_cho"])
def test_activations_are_the_states_of_a_long_pass(cell):
    config = RunConfig(task="text", cell=cell, hidden_size=7, num_layers=2)
    language = LanguageModel.build(config, Vocabulary(TEXT), generator(0, "init"))
    with torch.no_grad():
        _, last = language.model.carry(language.vocabulary.encode(TEXT)[:, None])
    found = activations(language, TEXT)
    names = ("h", "c") if cell == "lstm" else ("h",)
    assert set(found) == {(layer, name) for layer in (0, 1) for name in names}
    for layer, state in enumerate(last):
        for name, part in zip(names, state, strict=True):
            assert found[layer, name].shape == (len(TEXT), 7)
            np.testing.assert_allclose(found[layer, name][-1], part[0].numpy(), atol=1e-5)


@pytest.mark.parametrize("name", list(FEATURES))
def test_a_planted_unit_is_found(name):
    rows = np.random.default_rng(0)
    text = (TEXT + "\n\n") * 8
    feature = FEATURES[name](text)
    states = {(layer, "h"): rows.normal(size=(len(text), 9)).astype(np.float32) for layer in (0, 1)}
    states[1, "h"][:, 4] = -2 * feature + 0.3
    best, second, *_ = best_units(states, feature)
    assert (best.layer, best.part, best.number) == (1, "h", 4) and best.score == pytest.approx(1, abs=1e-5)
    assert second.score == pytest.approx(
        max(np.corrcoef(states[layer, "h"][:, n], feature)[0, 1] ** 2 for layer in (0, 1) for n in range(9)
            if (layer, n) != (1, 4)), abs=1e-4)  # fmt: skip


def test_a_dead_unit_and_a_feature_that_never_comes_score_0():
    states = {(0, "h"): np.ones((10, 2), np.float32)}
    assert best_units(states, np.arange(10, dtype=np.float32))[0].score == 0
    assert best_units({(0, "h"): np.eye(10, dtype=np.float32)}, np.zeros(10, np.float32))[0].score == 0
