"""Handwriting: a letter and a writer in, the strokes of a pen out."""

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rnncore.caching.once import once_for_each
from rnncore.errors import ConfigError
from rnncore.seeding import generator as seeded
from rnncore.tasks.base import TASKS, Baseline, Batch, Drawing, Remembered, Reported, SequenceType, Shown, Track
from rnncore.tasks.typed import short
from rnncore.tasks.writing.base import WritingTask
from rnncore.tasks.writing.letters import HANDS, SHAPES, sheet, template

LETTERS, WRITERS = tuple(SHAPES), tuple(HANDS)
BELLS = 5  # bell curves in the mixture
SHARE, MIDDLE, SPREAD, LEAN, FLAGS = BELLS, 2 * BELLS, 2 * BELLS, BELLS, 2
NARROWEST, LEANEST = 0.01, 0.95
NEATNESS = 1.0  # Graves's sampling bias
PERIODS = (45.0, 15.0)  # steps after which a slow wobble returns
JITTER = 0.6  # the part of the wobble that is new at every step


@TASKS.register("handwriting")
class Handwriting(WritingTask):
    """Write a letter in somebody's hand, stroke by stroke.

    Inputs ``(time, batch, 34)``, one step: which of 26 letters and which of eight writers, each as a 1 among zeros.
    Targets ``(time, batch, 4)``: how far the pen moves to the right and upwards, whether this point ends a stroke (the
    next move is made in the air), and whether it ends the letter; `mask` leaves out what comes after. The first move
    starts at the left end of the baseline. Moves are in units of one step of a neutral hand; the points of a stroke
    stand at equal distances, and the longest letter has nearly `seq_len` of them. Writers differ in slant, width,
    roundness, size and wobble: slow waves with random heights and a little jitter on every point, so no letter comes
    twice alike.

    Held out is one writer for every letter: the network has seen this letter in other hands, and other letters in this
    hand. The answer is a density, as in Graves (2013, arXiv 1308.0850): five bell curves with a lean for where the pen
    goes next, and a coin each for the ends of stroke and letter. Written letters are drawn from it with a sampling bias
    of 1 (his section 5.4), the coins made surer by the same factor. A letter counts as right if, of all 26 in this
    writer's hand, the one asked lies nearest to what was drawn. Letters, writers and generator are ours.
    """

    label = "Handwriting"
    keywords = "pen writing letters strokes drawing generate cursive synthesis"
    order = 22
    question = "Can a network write a g like Ada, if it has never seen a g of hers?"
    summary = "A letter and the name of a writer. Write the letter in that writer's hand, stroke by stroke."
    sequence_type = SequenceType.ONE_TO_MANY
    loss_kind = "density"
    reported = {
        "legible": Reported("letters that can be read", "Of all letters in that hand, the one asked is nearest."),
        "hand": Reported("in the right hand", "Of all writers, the one asked for writes it most like this."),
    }
    loss_label = "negative log density in nats per step"
    metric_label = "miss of the next point"
    metric_unit = "steps of the pen"
    metric_higher_is_better = False
    seq_len_label = "Longest letter"
    seq_len_range = (20, 80)
    recommended = {"seq_len": 40, "hidden_size": 128, "lr": 0.005, "batch_size": 32, "steps": 3500,
                   "schedule": "cosine"}  # fmt: skip
    beats = ("having read nothing", "knowing the last move only")
    fails = {"feedforward": "What it read never reaches its pen: 3 in 100 of its letters could be read."}
    ask = "A letter from a to z and one of the writers " + ", ".join(WRITERS) + ", such as “g Ada”."
    input_steps = 1
    input_size = len(LETTERS) + len(WRITERS)
    feed_size = 4
    output_size = SHARE + MIDDLE + SPREAD + LEAN + FLAGS

    def setup(self) -> None:
        """Lay out all letters in all hands, and the waves of the wobble."""
        self.answer_steps = self.seq_len
        self.sheet = sheet(self.seq_len)
        self.wobbles = torch.tensor([hand.wobble for hand in HANDS.values()]) / self.sheet.unit
        self.waves = _waves(self.seq_len)

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` examples."""
        letters = torch.randint(0, len(LETTERS), (n,), generator=generator)
        writers = torch.randint(0, len(WRITERS), (n,), generator=generator)
        slow = self.waves @ torch.randn(self.waves.shape[1], 2 * n, generator=generator)
        strayed = slow + JITTER * torch.randn(self.seq_len, 2 * n, generator=generator)
        strayed = strayed.view(self.seq_len, n, 2) * self.wobbles[writers, None]
        points = self.sheet.points[letters, writers].transpose(0, 1) + strayed
        mask = torch.arange(self.seq_len)[:, None] < self.sheet.counts[letters]
        flags = torch.stack([self.sheet.lifts[letters], self.sheet.ends[letters]], dim=-1).transpose(0, 1)
        moves = points.diff(dim=0, prepend=points.new_zeros(1, n, 2))
        return Batch(self.asked(letters, writers), torch.cat([moves, flags], dim=-1) * mask[..., None], mask)

    def asked(self, letters: Tensor, writers: Tensor) -> Tensor:
        """Return the inputs for letters and writers, both ``(batch,)``."""
        parts = [F.one_hot(letters, len(LETTERS)), F.one_hot(writers, len(WRITERS))]
        return torch.cat(parts, dim=-1).float()[None]

    def is_held_out(self, batch: Batch) -> Tensor:
        """Return which letters are asked of the one writer who never wrote them in training."""
        letters, writers = (part.argmax(dim=-1) for part in batch.inputs[0].split([len(LETTERS), len(WRITERS)], dim=-1))
        return (letters + 3 * writers) % len(WRITERS) == 0

    def feed(self, targets: Tensor) -> Tensor:
        """Return moves and flags as they are."""
        return targets

    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the negative log density of each move and its flags."""
        shares, middles, spreads, lean, flags = _mixture(outputs)
        off = (targets[:, None, :2] - middles) / spreads
        rest = 1 - lean**2
        squares = (off.pow(2).sum(dim=-1) - 2 * lean * off.prod(dim=-1)) / rest
        heights = -0.5 * squares - spreads.log().sum(dim=-1) - 0.5 * rest.log() - math.log(2 * math.pi)
        coins = F.binary_cross_entropy_with_logits(flags, targets[:, 2:], reduction="none").sum(dim=-1)
        return coins - torch.logsumexp(shares + heights, dim=-1)

    def loss(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Return the mean negative log density per step."""
        return self.losses(*self.counted(outputs, batch)).mean()

    def metric(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Return how far the middle of the likeliest bell curve lies from the next point, the right points fed."""
        outputs, targets = self.counted(outputs, batch)
        shares, middles, *_ = _mixture(outputs)
        return (_picked(middles, shares.argmax(dim=-1)) - targets[:, :2]).norm(dim=-1).mean()

    def choose(self, outputs: Tensor, generator: torch.Generator) -> Tensor:
        """Draw a move from the mixture, and the flags, all a little surer than the network is."""
        shares, middles, spreads, lean, flags = _mixture(outputs)
        drawn = torch.multinomial(((1 + NEATNESS) * shares).softmax(dim=-1), 1, generator=generator)[:, 0]
        first, second = torch.randn(2, len(outputs), generator=generator)
        rho = lean.gather(1, drawn[:, None])[:, 0]
        noise = torch.stack([first, rho * first + (1 - rho**2).sqrt() * second], dim=-1)
        moves = _picked(middles, drawn) + _picked(spreads, drawn) * noise * math.exp(-NEATNESS)
        sure = torch.sigmoid((1 + NEATNESS) * flags)
        return torch.cat([moves, torch.bernoulli(sure, generator=generator)], dim=-1)

    def report(self, model: nn.Module, held_out: Batch) -> dict[str, float]:
        """Return how many letters can be read that the network writes by itself, and in how many the hand is right."""
        writer: Any = model
        written = writer.write(held_out.inputs, self, seeded(0, "letters")).targets
        hits = []
        for i in range(held_out.size):
            letter, hand = _names(held_out.inputs[0, i])
            points = _points(written[:, i]) * self.sheet.unit
            hits.append((read_letter(points, hand) == letter, read_hand(points, letter) == hand))
        legible, in_hand = torch.tensor(hits).float().mean(dim=0).tolist()
        return {"legible": legible, "hand": in_hand}

    def parse_text(self, text: str) -> Tensor:
        """Return a typed letter and writer as inputs."""
        writers = {name.lower(): i for i, name in enumerate(WRITERS)}
        words = short(text).lower().replace(",", " ").split()
        if len(words) != 2 or len(words[0]) != 1 or words[0] not in LETTERS or words[1] not in writers:
            raise ConfigError(
                f"Type a letter from a to z and a writer, such as “g Ada”, not “{text[:20]}”; the writers are "
                + ", ".join(WRITERS) + "."
            )  # fmt: skip
        return self.asked(torch.tensor([LETTERS.index(words[0])]), torch.tensor([writers[words[1]]]))

    def remembered(self, batch: Batch) -> Remembered:
        """Return the letter."""
        letters = batch.inputs[0, :, : len(LETTERS)].argmax(dim=-1)
        return Remembered("the letter", torch.zeros_like(letters), letters, LETTERS)

    def steps(self, inputs: Tensor) -> tuple[str, ...]:
        """Return letter and writer, which are read in one step."""
        return (" ".join(_names(inputs[0, 0])),)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return guessing from nothing, from the last move, and knowing all but the wobble."""
        nothing, last = _guesses(self.seq_len)
        loss, metric = _best(self.seq_len)
        return (
            Baseline("chance", "having read nothing", *nothing,
                     "One bell curve and two coins fitted to all training moves, measured on 2,000 held-out letters.",
                     counted=2000),
            Baseline("memoryless", "knowing the last move only", *last,
                     "A bell curve around the best linear guess from the last move and its flags, measured likewise.",
                     counted=2000),
            Baseline("optimum", "all but the wobble", loss, metric,
                     "The wobble is a sum of bell curves, whose entropy and spread, given all points so far, are known "
                     "formulas; moves and flags hold nothing else that letter and writer leave open."),
        )  # fmt: skip

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show the letter as somebody wrote it and as the network does; right if it can be read."""
        letter, hand = _names(example.inputs[0, 0])
        drawings = [Drawing(f"{hand}’s {letter}", "truth", self.lines(example.targets[:, 0]))]
        answer = None
        if output is not None:
            drawings.append(Drawing("network", "answer", self.lines(output)))
            answer = read_letter(_points(output) * self.sheet.unit, hand)
        return Shown(
            question=f"{letter} like {hand}",
            truth=letter,
            answer=answer,
            right=None if answer is None else answer == letter,
            tracks=(Track("read", "input", (f"{letter} {hand}",)),),
            drawings=tuple(drawings),
            note="Below what a network drew stands the letter that it resembles most, of all in that hand.",
        )

    def lines(self, targets: Tensor) -> tuple[tuple[tuple[float, float], ...], ...]:
        """Return written moves ``(time, 4)`` as strokes, in heights of an x."""
        points = _points(targets) * (self.sheet.unit / 10)
        ends = (targets[: len(points), 2] > 0.5).nonzero()[:, 0] + 1
        pieces = torch.tensor_split(points, ends)
        return tuple(tuple((x, y) for x, y in piece.tolist()) for piece in pieces if len(piece))


def _mixture(outputs: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Return log shares ``(n, bells)``, middles and spreads ``(n, bells, 2)``, leans ``(n, bells)``, flags."""
    shares, middles, spreads, lean, flags = outputs.split([SHARE, MIDDLE, SPREAD, LEAN, FLAGS], dim=-1)
    middles, spreads = (part.unflatten(-1, (BELLS, 2)) for part in (middles, spreads))
    return shares.log_softmax(dim=-1), middles, F.softplus(spreads) + NARROWEST, LEANEST * torch.tanh(lean), flags


def _picked(values: Tensor, number: Tensor) -> Tensor:
    """Return one of several pairs per row: ``(n, bells, 2)`` to ``(n, 2)``."""
    return values[torch.arange(len(values)), number]


def _names(asked: Tensor) -> tuple[str, str]:
    letter, writer = asked.split([len(LETTERS), len(WRITERS)])
    return LETTERS[int(letter.argmax())], WRITERS[int(writer.argmax())]


def _points(targets: Tensor) -> Tensor:
    """Return where the pen touched the paper, up to the end of the letter: ``(points, 2)``."""
    ends = (targets[:, 3] > 0.5).nonzero()[:, 0].tolist()
    return targets[: ends[0] + 1 if ends else len(targets), :2].cumsum(dim=0)


def distance(points: Tensor, letter: str, hand: str) -> float:
    """Return how far drawn points lie from a letter and the letter from the points, on average, in tenths of an x."""
    apart = torch.cdist(points, template(letter, hand))
    return float(apart.min(dim=0).values.mean() + apart.min(dim=1).values.mean()) / 2


def read_letter(points: Tensor, hand: str) -> str:
    """Return the letter that lies nearest to drawn points, of all letters in this hand."""
    return min(LETTERS, key=lambda letter: distance(points, letter, hand))


def read_hand(points: Tensor, letter: str) -> str:
    """Return the writer whose way of writing this letter lies nearest to drawn points."""
    return min(WRITERS, key=lambda hand: distance(points, letter, hand))


def _waves(steps: int) -> Tensor:
    """Return the slow waves of the wobble: ``(steps, waves)``."""
    angles = 2 * math.pi * torch.arange(steps)[:, None] / torch.tensor(PERIODS)
    return torch.cat([angles.sin(), angles.cos()], dim=1)


@once_for_each(8)
def _guesses(seq_len: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return loss and metric of one bell curve for all moves, and of one around a linear guess from the last move."""
    task = Handwriting(seq_len)
    (known, moves), (seen, asked) = (
        _last_and_next(draw(2000, seeded(0, "handwriting baseline"))) for draw in (task.batch, task.held_out)
    )
    coins = torch.logit(moves[:, 2:].mean(dim=0))
    flags = F.binary_cross_entropy_with_logits(coins.expand(len(asked), -1), asked[:, 2:]).item() * FLAGS
    found = []
    for columns in (slice(0, 1), slice(0, None)):
        solved = torch.linalg.lstsq(known[:, columns], moves[:, :2]).solution
        spread = (moves[:, :2] - known[:, columns] @ solved).T.cov()
        missed = asked[:, :2] - seen[:, columns] @ solved
        squares = (missed @ spread.inverse() * missed).sum(dim=1)
        nats = float(squares.mean() + spread.logdet()) / 2 + math.log(2 * math.pi)
        found.append((flags + nats, missed.norm(dim=1).mean().item()))
    return found[0], found[1]


def _last_and_next(batch: Batch) -> tuple[Tensor, Tensor]:
    """Return a 1, the last move and whether it ended a stroke ``(n, 4)``; and the moves that follow ``(n, 4)``."""
    assert batch.mask is not None  # noqa: S101
    last = torch.cat([torch.zeros_like(batch.targets[:1]), batch.targets[:-1]])[batch.mask]
    return torch.cat([torch.ones(len(last), 1), last[:, :3]], dim=1).double(), batch.targets[batch.mask].double()


@once_for_each(8)
def _best(seq_len: int) -> tuple[float, float]:
    """Return loss and metric of knowing everything but the wobble, over all held-out letters and writers."""
    task = Handwriting(seq_len)
    waves = task.waves.double()
    spread = torch.linalg.cholesky(waves @ waves.T + JITTER**2 * torch.eye(seq_len)).diagonal()
    nats = missed = steps = 0.0
    for letter in range(len(LETTERS)):
        asked = task.asked(torch.full((len(WRITERS),), letter), torch.arange(len(WRITERS)))
        (writer,) = task.is_held_out(Batch(asked, asked)).nonzero()[:, 0].tolist()
        new = spread[: int(task.sheet.counts[letter])] * float(task.wobbles[writer])
        nats += float((new.log() * 2 + math.log(2 * math.pi) + 1).sum())
        missed += float(new.sum()) * math.sqrt(math.pi / 2)
        steps += len(new)
    return nats / steps, missed / steps
