"""Splice donor sites: is a gene cut somewhere among these letters of DNA?"""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from rnncore.caching.once import once_for_each
from rnncore.seeding import generator as seeded
from rnncore.settings import setting
from rnncore.tasks.base import TASKS, Baseline, Batch, SequenceType, Shown, Task, TaskOptions, Track
from rnncore.tasks.typed import read_characters, short

LETTERS = "ACGT"
NUMBER = {letter: number for number, letter in enumerate(LETTERS)}
ANSWERS = ("no donor site", "donor site")
BACKGROUND = (0.3, 0.2, 0.2, 0.3)  # of A, C, G, T: about the human genome's, two fifths G and C
WEAK = (
    (0.35, 0.35, 0.20, 0.10),
    (0.60, 0.15, 0.10, 0.15),
    (0.10, 0.05, 0.80, 0.05),
    (0.00, 0.00, 1.00, 0.00),
    (0.00, 0.00, 0.00, 1.00),
    (0.60, 0.05, 0.30, 0.05),
    (0.70, 0.10, 0.10, 0.10),
    (0.10, 0.05, 0.80, 0.05),
    (0.15, 0.15, 0.20, 0.50),
)  # shares of A, C, G, T at the nine places of a site
CONSENSUS = ("AC", "A", "G", "G", "T", "AG", "A", "G", "T")
SITE = len(CONSENSUS)
EXON = 3  # places of a site before the cut
GT = (EXON, EXON + 1)
AROUND = tuple(place for place in range(SITE) if place not in GT)


class DnaOptions(TaskOptions):
    """The likeness of the donor sites to one another."""

    strength: float = setting(
        0.5, ge=0, le=1, group="task", label="Strength of the sites",
        help="0: sites differ as much as natural ones do. 1: every site is "
        "the textbook pattern, (C or A)AG|GT(A or G)AGT.",
    )  # fmt: skip


@TASKS.register("dna")
class Dna(Task):
    """Say whether a donor site, the beginning of an intron, stands anywhere among `seq_len` letters of DNA.

    Inputs ``(time, batch)``: letters A, C, G, T as 0 to 3, drawn independently with the shares `BACKGROUND`. Nine
    letters at an evenly drawn place are replaced, in half of the examples by a donor site: three letters of exon and
    six of intron, each letter from its own shares. Target ``(batch,)``: 1 there. In the other half (target 0) by a
    decoy: letters drawn just like a site's, GT in its place, but the seven letters around it shuffled. So neither the
    counts of letters nor a GT tells.

    The shares at the nine places lie between `WEAK` (natural sites; round numbers of ours after Shapiro and
    Senapathy, 1987, with GT always) and `CONSENSUS`, by the option `strength`. One in eight sequences is held out by a
    hash of its letters.
    """

    label = "DNA"
    keywords = "biology genes genetics genome bioinformatics splice sequence letters classification"
    order = 42
    question = "Does an intron begin somewhere here? Nine letters, rarely spelled right, hide among the others."
    summary = "A row of DNA letters. Say whether a splice donor site is among them: something like CAG|GTAAGT."
    sequence_type = SequenceType.MANY_TO_ONE
    loss_kind = "cross_entropy"
    loss_label = "cross-entropy in nats"
    metric_label = "right answers"
    seq_len_label = "Letters"
    seq_len_range = (12, 200)
    recommended = {"seq_len": 30, "lr": 0.01, "schedule": "cosine", "batch_size": 64, "steps": 2500}
    beats = ("guessing", "seeing the last letter only", "counting letters")
    fails = {
        "rnn": "Three of three stayed near guessing, 51 to 54% right after 2,500 updates; a GRU gets to 91%.",
        "feedforward": "It sees the last ten letters only, and most sites stand before them: 57% right.",
    }
    answers = ANSWERS
    ask = "A sequence of the letters A, C, G and T, such as “TTACCAGGTAAGTATTGCATCA”."
    held_out_size = 512
    Options = DnaOptions
    input_size = len(LETTERS)
    output_size = len(ANSWERS)

    def setup(self) -> None:
        """Set the shares of the letters at each place of a site, ``(9, 4)``."""
        self.shares = site_shares(self.options.strength)

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` examples."""
        targets = torch.randint(0, 2, (n,), generator=generator)
        letters = _draw(torch.tensor(BACKGROUND), torch.rand(self.seq_len, n, generator=generator))
        site = _draw(self.shares[:, None], torch.rand(SITE, n, generator=generator))
        around = torch.tensor(AROUND)
        shuffled = torch.rand(len(AROUND), n, generator=generator).argsort(dim=0)
        kept = torch.arange(len(AROUND))[:, None]
        site[around] = site[around].gather(0, torch.where(targets == 1, kept, shuffled))
        start = torch.randint(0, self.seq_len - SITE + 1, (n,), generator=generator)
        return Batch(letters.scatter(0, start + torch.arange(SITE)[:, None], site), targets)

    def parse_text(self, text: str) -> Tensor:
        """Return typed letters, upper or lower case."""
        return read_characters(short(text).upper(), NUMBER)

    def steps(self, inputs: Tensor) -> tuple[str, ...]:
        """Return the letters."""
        return tuple(LETTERS[number] for number in inputs[:, 0].tolist())

    def log_odds(self, inputs: Tensor) -> Tensor:
        """Return how much likelier a sequence is with a site than with a decoy, as a logarithm: ``(batch,)``.

        Exact for the true generator: the place is unknown, so both likelihoods are sums over all places.
        """
        site, decoy = odds_of_words(self.options.strength)
        words, has_gt = _words(inputs)
        return (site[words] * has_gt).sum(dim=0).log() - (decoy[words] * has_gt).sum(dim=0).log()

    def baselines(self) -> tuple[Baseline, ...]:
        """Return guessing, the last letter, counts of letters, and the likelihood ratio of the true generator."""
        return (
            Baseline("chance", "guessing", math.log(2), 0.5, "Half of the sequences have a donor site."),
            Baseline(
                "memoryless", "seeing the last letter only", *self._from_last_letter(),
                f"Exact: with one place in {self.seq_len - SITE + 1} the last letter belongs to the site or decoy, and "
                "its shares differ a little between the two.",
            ),
            Baseline(
                "other", "counting letters", math.log(2), 0.5,
                "Exact: a decoy is a site with its letters shuffled, so all counts are equally likely in both.",
            ),
            Baseline(
                "optimum", "knowing all the shares", *_optimum(self.seq_len, self.options.strength),
                "The likelihood ratio of the true generator, summed over all places: nothing can do better on average. "
                "Measured on 20,000 sequences from a fixed seed.", counted=20_000,
            ),
        )  # fmt: skip

    def marks(self, inputs: Tensor) -> Tensor:
        """Return the nine letters that look most like a site."""
        words, has_gt = _words(inputs)
        at = (odds_of_words(self.options.strength)[0][words] * has_gt).argmax(dim=0)
        step = torch.arange(len(inputs))[:, None]
        return (step >= at) & (step < at + SITE)

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show the nine letters that look most like a site, cut as they would be; in the picture all letters."""
        letters = self.steps(example.inputs)
        words, has_gt = _words(example.inputs)
        at = int((odds_of_words(self.options.strength)[0][words] * has_gt)[:, 0].argmax())
        likeliest = "".join(letters[at : at + SITE])
        truth = int(example.targets)
        answer = None if output is None else int(output.argmax())
        return Shown(
            question=f"… {likeliest[:EXON]}|{likeliest[EXON:]} …",
            truth=ANSWERS[truth],
            answer=None if answer is None else ANSWERS[answer],
            right=None if answer is None else answer == truth,
            tracks=(Track("letter", "input", letters, marked=tuple(range(at, at + SITE))),),
        )

    def _from_last_letter(self) -> tuple[float, float]:
        background = torch.tensor(BACKGROUND)
        last = torch.stack([self.shares[list(AROUND)].mean(dim=0), self.shares[-1]]).double()  # of a decoy, of a site
        joint = torch.lerp(background.double().expand_as(last), last, 1 / (self.seq_len - SITE + 1)) / 2
        return float(-(joint * (joint / joint.sum(dim=0)).log()).sum()), float(joint.amax(dim=0).sum())


@once_for_each(16)
def site_shares(strength: float) -> Tensor:
    """Return the shares of A, C, G and T at each of a site's places, ``(9, 4)``."""
    consensus = torch.tensor([[(letter in place) / len(place) for letter in LETTERS] for place in CONSENSUS])
    return torch.lerp(torch.tensor(WEAK), consensus, strength)


@once_for_each(16)
def odds_of_words(strength: float) -> tuple[Tensor, Tensor]:
    """Return, for all words of the seven letters around GT, their probability in a site and in a decoy.

    Both are divided by the probability among background letters, float64 ``(4 ** 7,)``. Shuffling makes all words with
    the same counts of letters equally likely: a decoy's probability is the mean of the site's over those words.
    """
    around = len(AROUND)
    words = torch.cartesian_prod(*[torch.arange(len(LETTERS))] * around)
    site = site_shares(strength)[list(AROUND)].double()[torch.arange(around), words].prod(dim=1)
    counts = torch.stack([(words == letter).sum(dim=1) for letter in range(len(LETTERS))], dim=1)
    _, group, size = counts.unique(dim=0, return_inverse=True, return_counts=True)
    decoy = (torch.zeros(len(size), dtype=torch.float64).index_add(0, group, site) / size)[group]
    background = torch.tensor(BACKGROUND, dtype=torch.float64)[words].prod(dim=1)
    return site / background, decoy / background


def _words(inputs: Tensor) -> tuple[Tensor, Tensor]:
    """Return, for each place, the number of the word around GT there and whether GT is: ``(places, batch)`` each."""
    places = len(inputs) - SITE + 1
    words = torch.zeros(places, inputs.shape[1], dtype=torch.int64)
    for place in AROUND:
        words = words * len(LETTERS) + inputs[place : place + places]
    first, second = (inputs[place : place + places] == NUMBER[CONSENSUS[place]] for place in GT)
    return words, first & second


def _draw(shares: Tensor, uniform: Tensor) -> Tensor:
    """Return letters drawn by their `shares` (last axis) from numbers between 0 and 1."""
    return (uniform[..., None] >= shares.cumsum(dim=-1)[..., :-1]).sum(dim=-1)


@once_for_each(64)
def _optimum(seq_len: int, strength: float) -> tuple[float, float]:
    """Return loss and metric of the likelihood ratio, on a fixed sample."""
    task = Dna(seq_len, DnaOptions(strength=strength))
    batch = task.sample(20_000, seeded(0, "dna baseline"))
    towards = task.log_odds(batch.inputs) * (2 * batch.targets - 1)
    return float(F.softplus(-towards).mean()), float((towards > 0).double().mean())
