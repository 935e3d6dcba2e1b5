"""The DNA task against a naive likelihood that tries every place and every shuffling."""

import itertools
import math
import re

import pytest
import torch

from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.perception.dna import AROUND, BACKGROUND, GT, LETTERS, SITE, DnaOptions, odds_of_words, site_shares
from rnncore.training.run import Run

torch.set_num_threads(1)


def build(seq_len, strength=0.5):
    return TASKS["dna"](seq_len, DnaOptions(strength=strength))


def naive_log_odds(task, letters):
    shares = task.shares.double().tolist()
    likelihood = {"site": 0.0, "decoy": 0.0}
    orders = list(itertools.permutations(AROUND))
    for start in range(len(letters) - SITE + 1):
        site = letters[start : start + SITE]
        outside = math.prod(BACKGROUND[x] for i, x in enumerate(letters) if not start <= i < start + SITE)
        likelihood["site"] += outside * math.prod(shares[i][site[i]] for i in range(SITE))
        fixed = math.prod(shares[i][site[i]] for i in GT)
        if fixed:
            each = (math.prod(shares[j][site[i]] for i, j in zip(AROUND, order, strict=True)) for order in orders)
            likelihood["decoy"] += outside * fixed * sum(each) / len(orders)
    return math.log(likelihood["site"]) - math.log(likelihood["decoy"])


@pytest.mark.parametrize("strength", [0.0, 0.5])
def test_the_log_odds_are_those_of_all_places_and_all_shufflings(strength):
    task = build(14, strength)
    batch = task.sample(12, generator(0, "data"))
    fast = task.log_odds(batch.inputs).tolist()
    naive = [naive_log_odds(task, batch.inputs[:, i].tolist()) for i in range(batch.size)]
    assert fast == pytest.approx(naive, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("strength", [0.0, 0.5, 1.0])
def test_shares_and_words_are_probabilities(strength):
    assert site_shares(strength).sum(dim=1).numpy() == pytest.approx(1)
    words = torch.cartesian_prod(*[torch.arange(4)] * len(AROUND))
    background = torch.tensor(BACKGROUND, dtype=torch.float64)[words].prod(dim=1)
    for odds in odds_of_words(strength):
        assert float((odds * background).sum()) == pytest.approx(1, rel=1e-6)


def test_sites_have_their_shares_and_decoys_the_same_letters_elsewhere():
    task = build(SITE, 0.3)
    batch = task.sample(40_000, generator(0, "data"))
    site, decoy = ((batch.inputs[:, batch.targets == kind, None] == torch.arange(4)).float().mean(1) for kind in (1, 0))
    assert site.numpy() == pytest.approx(task.shares.numpy(), abs=0.012)
    mixed = task.shares[list(AROUND)].mean(dim=0)
    for place in range(SITE):
        expected = task.shares[place] if place in GT else mixed
        assert decoy[place].numpy() == pytest.approx(expected.numpy(), abs=0.012)


def test_background_counts_and_classes_do_not_tell():
    batch = build(30).sample(20_000, generator(1, "data"))
    assert float(batch.targets.float().mean()) == pytest.approx(0.5, abs=0.015)
    counts = (batch.inputs[..., None] == torch.arange(4)).sum(dim=0).double()
    assert counts[batch.targets == 1].mean(0).numpy() == pytest.approx(counts[batch.targets == 0].mean(0), abs=0.1)
    expected = 21 * torch.tensor(BACKGROUND) + build(30).shares.sum(dim=0)
    assert counts.mean(0).numpy() == pytest.approx(expected.numpy(), abs=0.06)


def test_strong_sites_are_the_textbook_pattern():
    task = build(20, 1.0)
    batch = task.sample(300, generator(0, "data"))
    found = [bool(re.search("[AC]AGGT[AG]AGT", "".join(task.steps(batch.inputs[:, i : i + 1])))) for i in range(300)]
    wrong = [hit for hit, target in zip(found, batch.targets.tolist(), strict=True) if hit != target]
    assert all(wrong) and len(wrong) < 10  # a decoy may look right by chance, a site never looks wrong
    shown = task.show(batch.select(batch.targets.argmax()[None], True))
    assert re.fullmatch("… [AC]AG\\|GT[AG]AGT …", shown.question) and shown.truth == "donor site"
    assert len(shown.tracks[0].marked) == SITE


@pytest.mark.parametrize(("seq_len", "strength"), [(12, 0.0), (30, 0.5), (60, 1.0)])
def test_the_baselines_are_what_their_reasons_say(seq_len, strength):
    task = build(seq_len, strength)
    chance, last, bag, optimum = task.baselines()
    assert (chance.loss, bag.loss) == (math.log(2), math.log(2))
    batch = task.sample(30_000, generator(7, "data"))
    joint = torch.zeros(4, 2).index_put_((batch.inputs[-1], batch.targets), torch.ones(()), accumulate=True)
    outputs = (joint / joint.sum(dim=1, keepdim=True)).log()[batch.inputs[-1]]
    assert float(task.loss(outputs, batch)) == pytest.approx(last.loss, abs=0.002)
    assert float(task.metric(outputs, batch)) == pytest.approx(last.metric, abs=0.008)
    fresh = task.sample(4000, generator(8, "data"))
    odds = task.log_odds(fresh.inputs).clamp(-50, 50)
    best = torch.stack([-odds / 2, odds / 2], dim=1)
    assert float(task.loss(best, fresh)) == pytest.approx(optimum.loss, abs=0.02)
    assert float(task.metric(best, fresh)) == pytest.approx(optimum.metric, abs=0.02)
    sure = torch.sigmoid(odds.abs()).mean()  # a true posterior is right as often as it says
    assert float(sure) == pytest.approx(optimum.metric, abs=0.01)


def test_letters_are_read_in_either_case():
    task = build(30)
    assert task.steps(task.parse_text("acg tTA")) == tuple("ACGTTA") and LETTERS == "ACGT"
    with pytest.raises(ConfigError, match="never seen “N”"):
        task.parse_text("ACGN")


@pytest.mark.slow
def test_a_gru_comes_near_the_optimum_and_a_window_of_ten_letters_does_not():
    run = Run(RunConfig(task="dna", cell="gru", seed=1, steps=800))
    run.advance(steps=800)
    fresh = run.task.held_out(4000, generator(5, "held-out"))
    with torch.no_grad():
        loss = float(run.task.loss(run.model(fresh.inputs), fresh))
    optimum = run.task.baselines()[-1].loss
    assert optimum - 0.02 < loss < optimum + 0.07
    window = Run(RunConfig(task="dna", cell="feedforward", seed=1, steps=800))
    window.advance(steps=800)
    assert window.history.held_out["loss"][-1] > 0.6
