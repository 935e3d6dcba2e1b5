"""Language models: learning, files, the shipped ones measured again, and the play."""

import collections
import itertools
import math
import re
from pathlib import Path

import pytest
import torch

from rnncore.errors import CheckpointError, ConfigError
from rnncore.networks.sequence_model import count_parameters
from rnncore.tasks.language.vocabulary import Vocabulary
from rnncore.text.corpora import play
from rnncore.text.language import LanguageModel, bits, load, shipped
from rnncore.text.learning import Recipe, learn, one_cycle, split, streams

SHAKESPEARE = Path(__file__).parents[4] / "shared" / "data" / "tinyshakespeare.txt"
SMALL = Recipe(cell="gru", hidden_size=24, num_layers=1, epochs=7, batch_size=16, seq_len=32, lr=0.01, dropout=0.1)
GOALS = {"shakespeare-rnn": 1.54, "shakespeare-gru": 1.475, "shakespeare-lstm": 1.5, "shakespeare-best": 1.45}


@pytest.fixture(scope="module")
def learned():
    *_, last = learn(SMALL, play()[:30_000])
    return last


def test_learning_gets_far_under_the_frequencies_of_single_characters(learned):
    training, held_out = split(play()[:30_000])
    counts = collections.Counter(training)
    unigram = -sum(math.log((counts[c] + 0.1) / (len(training) + 6)) for c in held_out) / len(held_out)
    assert learned.language.nats(held_out) < unigram - 0.5


def test_the_same_recipe_learns_the_same(learned):
    *_, again = learn(SMALL, play()[:30_000])
    assert again.loss == learned.loss and again.step == learned.step == learned.steps
    for a, b in zip(again.language.model.parameters(), learned.language.model.parameters(), strict=True):
        assert torch.equal(a, b)


def test_streams_stand_side_by_side_in_order():
    assert streams(torch.arange(11), 3).T.tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]


def test_the_cycle_rises_to_1_and_ends_at_0():
    assert one_cycle(0) == 0 and one_cycle(0.1) == 1 and one_cycle(0.55) == pytest.approx(0.5)
    assert one_cycle(1) == pytest.approx(0, abs=1e-12)


def test_a_text_too_short_for_its_streams_is_refused():
    with pytest.raises(ConfigError, match="too short"):
        next(learn(SMALL, "abc" * 50))


def test_a_text_measured_in_pieces_equals_the_mean_over_its_characters(learned, monkeypatch):
    text = play()[:500]
    whole = learned.language.nats(text)
    monkeypatch.setattr("rnncore.text.language.PIECE", 7)
    assert learned.language.nats(text) == pytest.approx(whole, abs=1e-5)
    assert bits(whole) == pytest.approx(whole / math.log(2))


def test_a_file_gives_back_the_model_in_float16(learned, tmp_path):
    language = learned.language
    language.card = {"data": "play"}
    file = tmp_path / "model.safetensors"
    file.write_bytes(language.save())
    back = load(file)
    assert back.card == {"data": "play"} and back.vocabulary.symbols == language.vocabulary.symbols
    assert back.config == language.config
    for name, tensor in language.model.state_dict().items():
        assert torch.equal(back.model.state_dict()[name], tensor.half().float())


@pytest.mark.parametrize("damage", [lambda d: d[:-9], lambda d: b"{}" + d, lambda d: b"", lambda d: d[:200]])
def test_a_damaged_file_gives_one_sentence(learned, tmp_path, damage):
    file = tmp_path / "model.safetensors"
    file.write_bytes(damage(learned.language.save()))
    with pytest.raises(CheckpointError, match=r"model\.safetensors is"):
        load(file)


def test_unknown_characters_are_named_once_each():
    assert Vocabulary("abc").unknown("xaxby") == "xy"
    assert LanguageModel.build(SMALL.config(), Vocabulary("cab")).vocabulary.symbols == "abc"


@pytest.mark.parametrize("name", list(shipped()))
def test_a_shipped_model_says_what_it_is(name):
    language = load(shipped()[name])
    card = language.card
    assert card["parameters"] == count_parameters(language.model)
    assert card["held_out_bits"] == pytest.approx(bits(card["held_out_nats"]))
    assert card["held_out_nats"] <= GOALS[name]
    assert Recipe.model_validate(card["recipe"]).config() == language.config
    assert sum(path.stat().st_size for path in shipped().values()) < 15 * 2**20


@pytest.mark.skipif(not SHAKESPEARE.exists(), reason="Tiny Shakespeare is not here")
@pytest.mark.parametrize("name", list(shipped()))
def test_a_shipped_models_loss_is_measured_again(name):
    language = load(shipped()[name])
    _, held_out = split(SHAKESPEARE.read_text(encoding="utf-8"))
    assert language.nats(held_out) == pytest.approx(language.card["held_out_nats"], abs=1e-3)


def test_the_play_is_a_play():
    text = play()
    assert len(text) >= 100_000 and text.isascii() and not re.search(r"[ \t]\n|\n\n\n", text)
    names = re.findall(r"(?:^|\n\n)([A-Z][A-Z ']+):\n", text)
    assert len(names) == text.count("\n\n") + 1 and len(set(names)) > 25, "every paragraph is somebody's speech"
    lines = [line for line in text.split("\n") if line and not line.endswith(":")]
    assert len(set(lines)) == len(lines), "no line twice"
    fifths = [text[i * len(text) // 5 : (i + 1) * len(text) // 5] for i in range(5)]
    speakers = [set(re.findall(r"\n\n([A-Z][A-Z ']+):\n", part)) for part in fifths]
    assert all(len(a - b) > 3 for a, b in itertools.pairwise(speakers)), "other people in each act"
