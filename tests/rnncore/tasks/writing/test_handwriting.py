"""Handwriting: its density and its optimum against PyTorch's distributions, its letters against their description."""

import math
import subprocess
import sys
from itertools import pairwise

import pytest
import torch
from torch.distributions import Bernoulli, Categorical, MixtureSameFamily, MultivariateNormal

from rnncore.analysis.outcomes import report
from rnncore.config import RunConfig
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.writing.handwriting import (
    BELLS,
    JITTER,
    LEANEST,
    LETTERS,
    NARROWEST,
    WRITERS,
    distance,
    read_hand,
    read_letter,
)
from rnncore.tasks.writing.letters import HANDS, SHAPES, Hand, sheet, spaced, strokes
from rnncore.training.run import Run

torch.set_num_threads(1)


def build(seq_len=40):
    return TASKS["handwriting"](seq_len)


def mixture(row):
    """The answer to one step as PyTorch's distributions."""
    shares, middles, spreads, lean, flags = row.double().split([BELLS, 2 * BELLS, 2 * BELLS, BELLS, 2])
    sx, sy = (torch.nn.functional.softplus(spreads) + NARROWEST).view(BELLS, 2).T
    cross = LEANEST * torch.tanh(lean) * sx * sy
    spread = torch.stack([sx**2, cross, cross, sy**2], dim=1).view(BELLS, 2, 2)
    bells = MultivariateNormal(middles.view(BELLS, 2), spread)
    return MixtureSameFamily(Categorical(logits=shares), bells), Bernoulli(logits=flags)


def test_the_loss_is_the_density_of_the_mixture():
    task = build()
    batch = task.batch(3, generator(0, "data"))
    outputs = 2 * torch.randn(40, 3, task.output_size, generator=generator(0, "outputs"))
    expected = []
    for step, each in batch.mask.nonzero().tolist():
        moves, flags = mixture(outputs[step, each])
        target = batch.targets[step, each].double()
        expected.append(-float(moves.log_prob(target[:2]) + flags.log_prob(target[2:]).sum()))
    found = task.losses(*task.counted(outputs, batch))
    assert found.tolist() == pytest.approx(expected, rel=1e-4, abs=1e-3)
    assert float(task.loss(outputs, batch)) == pytest.approx(sum(expected) / len(expected), rel=1e-5)
    assert task.losses(1e4 * outputs[0], batch.targets[0]).isfinite().all()


def test_what_is_drawn_has_the_moments_of_the_mixture_with_the_sampling_bias():
    task = build()
    row = torch.randn(task.output_size, generator=generator(1, "outputs"))
    drawn = task.choose(row.expand(40_000, -1), generator(0, "choose")).double()
    shares, middles, spreads, lean, flags = row.double().split([BELLS, 2 * BELLS, 2 * BELLS, BELLS, 2])
    weights = (2 * shares).softmax(0)
    middles = middles.view(BELLS, 2)
    sx, sy = ((torch.nn.functional.softplus(spreads) + NARROWEST) / math.e).view(BELLS, 2).T
    mean = weights @ middles
    assert drawn[:, :2].mean(0).tolist() == pytest.approx(mean.tolist(), abs=0.02)
    off = middles - mean
    cross = float(weights @ (LEANEST * torch.tanh(lean) * sx * sy + off[:, 0] * off[:, 1]))
    assert float(drawn[:, :2].T.cov()[0, 1]) == pytest.approx(cross, abs=0.03)
    assert float(drawn[:, 0].var()) == pytest.approx(float(weights @ (sx**2 + off[:, 0] ** 2)), abs=0.03)
    assert drawn[:, 2:].mean(0).tolist() == pytest.approx(torch.sigmoid(2 * flags).tolist(), abs=0.01)


def test_letters_are_written_around_their_shape_with_the_documented_wobble():
    task = build()
    batch = task.sample(6000, generator(0, "data"))
    letters = batch.inputs[0, :, :26].argmax(-1)
    writers = batch.inputs[0, :, 26:].argmax(-1)
    assert (batch.inputs.sum(-1) == 2).all() and len(letters.unique()) == 26 and len(writers.unique()) == 8
    points = batch.targets[..., :2].cumsum(0)
    off = (points - task.sheet.points[letters, writers].transpose(0, 1))[batch.mask]
    wobble = task.wobbles[writers].expand_as(batch.mask)[batch.mask]
    assert float((off / wobble[:, None]).mean()) == pytest.approx(0, abs=0.02)
    assert float((off / wobble[:, None]).var()) == pytest.approx(2 + JITTER**2, rel=0.03)  # two waves and the jitter
    assert torch.equal(batch.mask.sum(0), task.sheet.counts[letters])
    assert (batch.targets[..., 3].sum(0) == 1).all() and (batch.targets[~batch.mask] == 0).all()
    strokes_of = torch.tensor([SHAPES[letter].count("|") + 1.0 for letter in LETTERS])
    assert torch.equal(batch.targets[..., 2].sum(0), strokes_of[letters])
    assert torch.equal(torch.where(batch.targets[..., 3] == 1)[0].sort().values, (batch.mask.sum(0) - 1).sort().values)


def test_every_letter_is_held_out_in_one_hand_and_known_in_seven():
    task = build()
    batch = task.sample(5000, generator(0, "data"))
    letters, writers = batch.inputs[0, :, :26].argmax(-1), batch.inputs[0, :, 26:].argmax(-1)
    kept = task.is_held_out(batch)
    pairs = {(a, b) for a, b, held in zip(letters.tolist(), writers.tolist(), kept, strict=True) if held}
    assert sorted(a for a, _ in pairs) == list(range(26)) and {b for _, b in pairs} == set(range(8))


@pytest.mark.parametrize("steps", [20, 40, 80])
def test_points_stand_at_equal_distances_and_the_longest_letter_fits(steps):
    found = sheet(steps)
    assert steps - 3 <= int(found.counts.max()) <= steps and int(found.counts.min()) >= 2
    line = strokes("s", Hand())[0]
    gaps = spaced(line, 2000).diff(dim=0).norm(dim=1)
    assert gaps.tolist() == pytest.approx([float(gaps.mean())] * 1999, rel=0.02)
    assert torch.equal(spaced(line, 7)[[0, -1]], line[[0, -1]])


def test_a_hand_without_roundness_draws_straight_lines_and_a_slant_leans():
    corner = strokes("c", Hand(roundness=0))[0]
    given = [tuple(map(float, point.split(","))) for point in SHAPES["c"].split()]
    for one, other in pairwise(given):
        middle = torch.tensor([(one[0] + other[0]) / 2, (one[1] + other[1]) / 2])
        assert float((corner - middle).norm(dim=1).min()) < 0.3
    upright, leaning = strokes("l", Hand())[0], strokes("l", Hand(slant=0.5, size=2))[0]
    assert leaning[:, 1].tolist() == pytest.approx((2 * upright[:, 1]).tolist())
    assert leaning[:, 0].tolist() == pytest.approx((2 * upright[:, 0] + upright[:, 1]).tolist(), abs=1e-5)


def test_what_people_wrote_can_be_read_and_the_hand_recognised():
    task = build()
    batch = task.held_out(200, generator(3, "held-out"))
    right = hands = 0
    for i in range(200):
        example = batch.select(slice(i, i + 1), False)
        letter, hand = (
            LETTERS[int(example.inputs[0, 0, :26].argmax())],
            WRITERS[int(example.inputs[0, 0, 26:].argmax())],
        )
        right += task.show(example, example.targets[:, 0]).right
        points = torch.tensor([p for stroke in task.lines(example.targets[:, 0]) for p in stroke]) * 10
        assert read_letter(points, hand) == task.show(example, example.targets[:, 0]).answer
        hands += read_hand(points, letter) == hand
    assert right >= 198 and hands >= 190
    clean = torch.cat(strokes("g", HANDS["Ada"]))
    assert distance(clean, "g", "Ada") < 0.4 < distance(clean + 3, "g", "Ada")


def test_the_optimum_is_the_entropy_of_the_wobble():
    """The log density of true letters, given by PyTorch, on average."""
    task = build()
    optimum = task.baselines()[2]
    batch = task.held_out(3000, generator(4, "held-out"))
    letters, writers = batch.inputs[0, :, :26].argmax(-1), batch.inputs[0, :, 26:].argmax(-1)
    off = batch.targets[..., :2].cumsum(0) - task.sheet.points[letters, writers].transpose(0, 1)
    nats = steps = 0
    for i in range(batch.size):
        n = int(task.sheet.counts[letters[i]])
        waves = task.waves[:n].double()
        spread = (waves @ waves.T + JITTER**2 * torch.eye(n)) * float(task.wobbles[writers[i]]) ** 2
        bell = MultivariateNormal(torch.zeros(n, dtype=torch.float64), spread)
        nats -= float(bell.log_prob(off[:n, i].T.double()).sum())
        steps += n
    assert nats / steps == pytest.approx(optimum.loss, abs=0.05)


def test_knowing_the_last_move_is_worth_what_pytorchs_bell_curve_says():
    task = build()
    known, asked = (
        (batch.targets.double(), batch.mask)
        for batch in (
            task.batch(2000, generator(0, "handwriting baseline")),
            task.held_out(2000, generator(0, "handwriting baseline")),
        )
    )
    for place, baseline in enumerate(task.baselines()[:2]):
        tables = []
        for moves, mask in (known, asked):
            last = torch.cat([torch.zeros_like(moves[:1]), moves[:-1]])[..., : 3 * place]
            tables.append((torch.cat([torch.ones_like(moves[..., :1]), last], dim=-1)[mask], moves[mask]))
        (causes, effects), (seen, came) = tables
        solved = torch.linalg.lstsq(causes, effects[:, :2]).solution
        bell = MultivariateNormal(torch.zeros(2).double(), (effects[:, :2] - causes @ solved).T.cov())
        nats = -bell.log_prob(came[:, :2] - seen @ solved).mean()
        nats -= Bernoulli(effects[:, 2:].mean(dim=0)).log_prob(came[:, 2:]).sum(dim=1).mean()
        assert float(nats) == pytest.approx(baseline.loss, abs=1e-6)


def test_looking_at_it_loads_no_computer_algebra():
    code = "import sys; from rnncore.tasks.writing.handwriting import Handwriting; Handwriting(40).baselines(); "
    done = subprocess.run([sys.executable, "-c", f"{code}print('sympy' in sys.modules)"],
                          capture_output=True, text=True, timeout=120)  # fmt: skip
    assert done.stdout.strip() == "False", "PyTorch's distributions load it, 45 MB: " + done.stderr


def test_a_letter_ends_where_the_network_says_so():
    task = build()
    example = task.held_out(1, generator(0, "held-out"))
    output = torch.zeros(40, 4)
    output[:, 0] = 1
    output[3, 2] = output[7, 3] = 1
    first, second = task.show(example, output).drawings[1].strokes
    assert len(first) == 4 and len(second) == 4
    assert second[-1] == pytest.approx((8 * task.sheet.unit / 10, 0), rel=1e-5)


@pytest.mark.slow
def test_an_lstm_writes_letters_it_never_saw_in_this_hand_and_a_window_does_not():
    run = Run(RunConfig(task="handwriting", cell="lstm", steps=700))
    optimum = run.task.baselines()[2]
    run.advance()
    found = report(run)
    assert found["legible"] > 0.4 and found["hand"] > 0.4
    assert optimum.loss < run.history.held_out["loss"][-1] < 0
    blind = Run(RunConfig(task="handwriting", cell="feedforward", steps=150))
    blind.advance()
    assert blind.history.held_out["loss"][-1] > 0.3 and report(blind)["legible"] < 0.15
