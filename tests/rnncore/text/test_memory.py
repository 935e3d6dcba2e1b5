"""Influence: against finite differences and by hand."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from rnncore.config import RunConfig
from rnncore.seeding import generator
from rnncore.tasks.language.vocabulary import Vocabulary
from rnncore.text.language import LanguageModel
from rnncore.text.memory import influence

TEXT = "abcadb"


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "gru_cho"])
def test_influence_is_the_length_of_the_gradient_by_finite_differences(cell):
    config = RunConfig(task="text", cell=cell, hidden_size=6, num_layers=2)
    language = LanguageModel.build(config, Vocabulary(TEXT), generator(0, "init"))
    found = influence(language, TEXT)
    language.model.double()
    numbers = language.vocabulary.encode(TEXT)
    x = F.one_hot(numbers[:-1, None], 4).double()

    def logit(inputs):
        with torch.no_grad():
            return language.model.carry(inputs)[0][-1, 0, numbers[-1]].item()

    for t in range(len(x)):
        slopes = []
        for feature in range(4):
            moved = torch.zeros_like(x)
            moved[t, 0, feature] = 1e-5
            slopes.append((logit(x + moved) - logit(x - moved)) / 2e-5)
        assert found[t] == pytest.approx(np.linalg.norm(slopes), rel=1e-3)


def test_a_network_without_recurrence_sees_the_last_character_only():
    language = LanguageModel.build(RunConfig(task="text", cell="rnn", hidden_size=6), Vocabulary(TEXT))
    with torch.no_grad():
        next(language.model.layers[0].children()).weight_hh.zero_()
    found = influence(language, TEXT)
    assert len(found) == len(TEXT) - 1 and found[-1] > 0 and not found[:-1].any()
    assert len(influence(language, "a")) == 0
