"""Learning live: the updates against PyTorch's own loop, the record of samples, going on from a model, the pool."""

import math

import pytest
import torch
from torch.nn import functional as F

from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.pool.pool import RunPool
from rnncore.text.copied import longest_copy
from rnncore.text.corpora import play
from rnncore.text.language import LanguageModel, load
from rnncore.text.learning import characters_needed, streams
from rnncore.text.sampling import Writing, write
from rnncore.text.study import SAMPLED_AT, Study, held_out_part, measure
from rnncore.training.limits import Limits
from tests.support.waiting import until

TEXT = play()[:40_000]
CONFIG = RunConfig(task="text", cell="lstm", hidden_size=24, batch_size=8, seq_len=32, lr=0.01, optimizer="adam")
WRITING = Writing(prime="A", length=40, seed=3)


def studied(updates, config=CONFIG, text=TEXT, writing=WRITING, begin=None):
    study = Study(config, text, writing, begin)
    study.start()
    for _ in range(updates):
        study.advance_one()
    return study


def text_of(language, writing):
    return "".join(each.character for each in write(language, writing))


@pytest.fixture(scope="module")
def thirty():
    return studied(30)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_updates_equal_those_of_a_plain_loop(cell):
    config = CONFIG.with_(cell=cell, clip_norm=1.0)
    study = Study(config, TEXT, WRITING)
    model = LanguageModel.build(config, study.language.vocabulary).model
    model.load_state_dict(study.language.model.state_dict())
    optimizer = torch.optim.Adam(model.parameters(), lr=config.lr)
    data = streams(study.language.vocabulary.encode(study.training), config.batch_size)
    study.start()
    study.advance_one()
    offset, states, losses = study._learner._offset, None, []
    for step in range(8):
        start = offset + step * config.seq_len
        logits, states = model.carry(data[start : start + config.seq_len], states)
        states = [tuple(s.detach() for s in state) for state in states]
        loss = F.cross_entropy(logits.float().flatten(0, 1), data[start + 1 : start + config.seq_len + 1].flatten())
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), config.clip_norm)
        optimizer.step()
        losses.append(loss.item())
    for _ in range(7):
        study.advance_one()
    assert study.history.updates["loss"].tolist() == pytest.approx(losses, rel=1e-5)


def test_it_learns_and_the_same_config_learns_the_same(thirty):
    again = studied(30)
    assert again.history.updates["loss"].tolist() == thirty.history.updates["loss"].tolist()
    assert [s.text for s in again.samples] == [s.text for s in thirty.samples]
    held = thirty.history.held_out["loss"]
    assert held[0] == pytest.approx(math.log(len(thirty.language.vocabulary)), abs=0.15) and held[-1] < held[0] - 0.5


def test_samples_are_kept_at_their_updates_and_written_by_the_network_of_that_moment(thirty):
    assert [sample.step for sample in thirty.samples] == [s for s in SAMPLED_AT if s <= 30]
    assert thirty.samples[-1].text == text_of(thirty.language, WRITING)
    fresh = Study(CONFIG, TEXT, WRITING)
    assert fresh.samples[0].text == thirty.samples[0].text == text_of(fresh.language, WRITING)
    assert fresh.samples[0].text != thirty.samples[-1].text


def test_no_held_out_character_is_learned(thirty):
    assert thirty.training + TEXT[len(thirty.training) :] == TEXT and len(thirty.training) == 36_000
    assert TEXT[36_000:].startswith(thirty.held_out)


def test_measuring_equals_the_mean_over_streams_by_hand(thirty):
    language, held_out = thirty.language, held_out_part(TEXT)
    count = (len(held_out) - 1) // 256
    length = (len(held_out) - 1) // count
    means = [language.nats(held_out[i * length : (i + 1) * length + 1]) for i in range(count)]
    assert measure(language, held_out) == pytest.approx(sum(means) / count, rel=1e-5)
    assert thirty.history.held_out["loss"][-1] == pytest.approx(measure(language, held_out), rel=1e-6)


def test_baselines_are_ordered_and_the_first_is_the_logarithm(thirty):
    uniform, unigram, bigram = (line.loss for line in thirty.baselines)
    assert uniform == pytest.approx(math.log(len(set(TEXT)))) and uniform > unigram > bigram > 1


def test_going_on_begins_where_the_model_stands_and_leaves_it_alone(thirty):
    before = {name: tensor.clone() for name, tensor in thirty.language.model.state_dict().items()}
    gone_on = studied(5, text=TEXT[5_000:30_000], begin=thirty.language)
    assert gone_on.samples[0].text == thirty.samples[-1].text
    assert gone_on.history.held_out["loss"][0] == pytest.approx(measure(thirty.language, gone_on.held_out), rel=1e-6)
    for name, tensor in thirty.language.model.state_dict().items():
        assert torch.equal(tensor, before[name])
    assert not torch.equal(next(gone_on.language.model.parameters()), next(iter(before.values())))


def test_characters_that_a_model_does_not_know_are_refused(thirty):
    with pytest.raises(ConfigError, match="1 different"):
        Study(CONFIG, TEXT + "é" * 10, WRITING, begin=thirty.language)
    with pytest.raises(ConfigError, match="opening"):
        Study(CONFIG, TEXT, Writing(prime="é"))


def test_a_text_that_is_too_short_is_refused_with_what_would_do():
    needed = characters_needed(CONFIG.batch_size, CONFIG.seq_len)
    with pytest.raises(ConfigError, match=f"has 10 characters, and 8 streams .* need {needed:,}"):
        Study(CONFIG, "abcdefghij", Writing(prime=""))
    with pytest.raises(ConfigError, match="too short"):
        Study(CONFIG, TEXT[: needed - 1], WRITING)
    assert studied(2, text=TEXT[:needed], writing=Writing(prime="", length=9)).step == 2


def test_a_text_without_a_line_break_is_learned_and_written():
    study = studied(12, text="gattacacg" * 200, writing=Writing(prime="", length=30))
    assert [len(sample.text) for sample in study.samples] == [30, 30] and "\n" not in study.samples[-1].text


def test_a_study_that_blows_up_stops_and_says_when():
    study = studied(
        60, CONFIG.with_(cell="rnn_relu", init="orthogonal", gain=1.5, lr=10, optimizer="sgd", clip_norm=0.0)
    )
    assert study.status == "diverged" and study.divergence.step == study.step + 1 and not study.advance_one()
    assert study.divergence.lr == 10 and len(study.history) == study.step


def test_whoever_sees_it_finished_finds_its_last_sample_and_measurement(monkeypatch):
    study, seen = Study(CONFIG.with_(steps=30), TEXT, WRITING), []
    sample = study._sample
    monkeypatch.setattr(study, "_sample", lambda step: seen.append((step, study.status)) or sample(step))
    study.start()
    while study.status == "running":
        study.advance_one()
    assert study.status == "finished" and study.step == 30 and study.samples[-1].step == 30
    assert seen == [(10, "running"), (30, "running")] and study.history.held_out["step"][-1] == 30
    study.steps = 31
    study.advance_one()
    assert study.step == 31 and study.status == "finished", "more updates go on where it stood"


def test_it_stands_still_unless_asked_to_move():
    study = Study(CONFIG, TEXT, WRITING)
    assert study.status == "ready" and study.advance_one() and study.step == 0
    study.advance_one(even_if_paused=True)
    assert study.step == 1 and study.status == "paused"


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_in_the_pool_beside_others_it_learns_the_same_as_alone(cell):
    config = CONFIG.with_(cell=cell, hidden_size=96)
    alone = studied(30, config).history.updates["loss"].tolist()
    pool = RunPool(Limits(), workers=2)
    try:
        studies = [Study(config, TEXT, WRITING) for _ in range(3)]
        entries = [pool.get("me", pool.add("me", study)) for study in studies]
        for entry in entries:
            pool.start(entry)
        until(lambda: min(study.step for study in studies) >= 30)
        for entry in entries:
            pool.pause(entry)
            with pool.hold(entry):
                pass
    finally:
        pool.close()
    for study in studies:
        assert study.history.updates["loss"][:30].tolist() == alone


def test_its_model_is_a_file_that_can_be_loaded(thirty, tmp_path):
    path = tmp_path / "model.safetensors"
    path.write_bytes(thirty.save())
    back = load(path)
    assert back.card["held_out_nats"] == pytest.approx(measure(back, thirty.held_out), rel=5e-3)
    assert back.card["updates"] == 30


@pytest.mark.parametrize(
    ("written", "source", "expected"),
    [("abcd", "xxbcxx", "bc"), ("abc", "xyz", ""), ("", "abc", ""), ("abab", "abab", "abab"), ("ab", "b a", "a")],
)
def test_the_longest_copy(written, source, expected):
    assert longest_copy(written, source) == expected


def test_the_longest_copy_equals_that_of_trying_every_stretch(thirty):
    written, source = thirty.samples[-1].text, thirty.training[:3_000]
    every = (written[a:b] for a in range(len(written)) for b in range(a + 1, len(written) + 1))
    assert len(longest_copy(written, source)) == max((len(each) for each in every if each in source), default=0)
    assert thirty.copied(thirty.samples[-1]) == longest_copy(written, thirty.training)
