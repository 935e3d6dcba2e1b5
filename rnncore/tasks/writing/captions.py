"""Captions: a small picture in, a sentence about it out."""

import itertools
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from rnncore.caching.once import once_for_each
from rnncore.errors import ConfigError
from rnncore.seeding import generator as seeded
from rnncore.tasks.base import TASKS, Baseline, Batch, Painting, SequenceType, Shown, Track
from rnncore.tasks.shown import END_SHOWN
from rnncore.tasks.typed import short
from rnncore.tasks.writing.base import SymbolTask
from rnncore.tasks.writing.caption_shapes import PAINT, outlines

# What the network sees of each colour, as red, green and blue; people are shown `PAINT`.
COLOURS = {"red": "#D55E00", "yellow": "#F0E442", "green": "#009E73", "blue": "#0072B2",
           "pink": "#CC79A7", "grey": "#999999", "black": "#000000"}  # fmt: skip
SHAPES = {
    "circle": (".###.", "#####", "#####", "#####", ".###."),
    "square": ("#####", "#...#", "#...#", "#...#", "#####"),
    "triangle": ("..#..", "..#..", ".###.", ".###.", "#####"),
    "cross": ("#...#", ".#.#.", "..#..", ".#.#.", "#...#"),
    "moon": (".####", "##...", "##...", "##...", ".####"),
    "arrow": ("..#..", "...#.", "#####", "...#.", "..#.."),
    "ladder": ("#...#", "#####", "#...#", "#####", "#...#"),
    "flag": ("####.", "####.", "#....", "#....", "#...."),
}
UNSEEN = ("red square", "yellow triangle", "green cross", "blue circle", "pink arrow", "grey moon", "black flag")
WIDTH = 5  # pixels of a shape
CHANNELS = 4  # red, green and blue ink, and whether there is any
# What is said, and in which quarters the shapes stand: rows from above, then columns from the left.
SCENES = (
    ("a {} {} at the top left", (0,)),
    ("a {} {} at the top right", (1,)),
    ("a {} {} at the bottom left", (2,)),
    ("a {} {} at the bottom right", (3,)),
    ("a {} {} left of a {} {}", (0, 1)),
    ("a {} {} left of a {} {}", (2, 3)),
    ("a {} {} above a {} {}", (0, 2)),
    ("a {} {} above a {} {}", (1, 3)),
)
END = 0
_SAID = {word: None for scene, _ in SCENES for word in scene.split() if word != "{}"}
WORDS = (END_SHOWN, *COLOURS, *SHAPES, *_SAID)
NUMBER = {word: i for i, word in enumerate(WORDS)}
FIRST_SHAPE = 1 + len(COLOURS)
ANSWER_STEPS = max(len(scene.split()) for scene, _ in SCENES) + 1


@TASKS.register("captions")
class Captions(SymbolTask):
    """Say in words what a small picture shows.

    Inputs ``(time, batch, features)``, one step: a square picture of `seq_len` pixels along each side, row by row,
    each pixel as four numbers: the ink in its red, green and blue, from 0, and whether there is any ink at all (the
    alpha of a picture without a background). It shows one shape, or two beside or above one another: one of eight, five
    pixels wide, in one of seven colours, anywhere in a quarter of the picture. Targets ``(9, batch)``: the words of a
    sentence such as "a red circle above a blue square" and the end symbol; `mask` leaves out what comes after. Eight
    scenes are alike often, and so are colours and shapes.

    Seven of the 56 pairs of colour and shape never occur in training; every held-out picture shows at least one. So the
    network must name things that it has never seen together. The loss is the mean over all words, the metric the share
    of sentences without a fault. Showing a picture to a recurrent network that then writes is the way of Vinyals et al.
    (2015, Show and Tell); pictures and words are ours.
    """

    label = "Captions"
    keywords = "image picture photo vision describe description sentence colour shape language"
    order = 20
    question = "What does the picture show? A sentence about things that were never seen together."
    summary = "A small picture of one or two coloured shapes. Say in words what it shows."
    sequence_type = SequenceType.ONE_TO_MANY
    loss_label = "cross-entropy in nats per word"
    metric_label = "sentences without a fault"
    seq_len_label = "Pixels along each side"
    seq_len_range = (2 * WIDTH, 24)
    recommended = {"seq_len": 14, "hidden_size": 128, "lr": 0.007, "batch_size": 64, "steps": 3000,
                   "schedule": "cosine", "window": 4}  # fmt: skip
    beats = ("having seen nothing", "the most similar picture")
    fails = {
        "feedforward": "What it read never reaches its writing: after 300 updates it said none of 128 sentences "
        "without a fault and had 36 in 100 words right.",
    }
    ask = "A sentence as in the examples; the networks see the picture of it. Such as “a red circle above a blue moon”."
    input_steps = 1
    answer_steps = ANSWER_STEPS
    output_size = feed_size = len(WORDS)
    symbols = ("", *WORDS[1:])

    def setup(self) -> None:
        """Tell how large a picture is."""
        self.input_size = CHANNELS * self.seq_len**2

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` examples."""
        scenes = torch.randint(0, len(SCENES), (n,), generator=generator)
        colours = torch.randint(0, len(COLOURS), (n, 2), generator=generator)
        shapes = torch.randint(0, len(SHAPES), (n, 2), generator=generator)
        return self._drawn(scenes, colours, shapes, generator)

    def _drawn(self, scenes: Tensor, colours: Tensor, shapes: Tensor, generator: torch.Generator) -> Batch:
        """Return pictures of scenes ``(n,)`` with colours and shapes ``(n, 2)``, placed at random, and sentences."""
        n, half = len(scenes), self.seq_len // 2
        shifts = torch.randint(0, half - WIDTH + 1, (n, 2, 2), generator=generator)
        known = _tables()
        pictures = torch.zeros(n, self.seq_len, self.seq_len, CHANNELS)
        each, along = torch.arange(n)[:, None, None], torch.arange(WIDTH)
        for which in range(2):
            rows, columns = (known.corners[scenes, which] * half + shifts[:, which]).unbind(dim=1)
            ink = known.ink[colours[:, which]] * known.there[scenes, which, None]
            stamp = known.stamps[shapes[:, which], ..., None] * ink[:, None, None]
            at = each, (rows[:, None] + along)[:, :, None], (columns[:, None] + along)[:, None]
            pictures.index_put_(at, stamp, accumulate=True)
        named = torch.stack([1 + colours, FIRST_SHAPE + shapes], dim=-1).flatten(1)
        sentences = known.sentences[scenes]
        targets = torch.where(sentences < 0, named.gather(1, (-1 - sentences).clamp(min=0)), sentences)
        return Batch(pictures.flatten(1)[None], targets.T.contiguous(), known.counted[scenes].T.contiguous())

    def is_held_out(self, batch: Batch) -> Tensor:
        """Return which pictures show a pair of colour and shape that training never does."""
        return _tables().unseen[batch.targets[:-1], batch.targets[1:]].any(dim=0)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return saying what is usual, what was said of the most similar picture, and the right thing."""
        usual, nearest = _guesses(self.seq_len)
        return (
            Baseline("memoryless", "having seen nothing", *usual,
                     "How often each word stands at each place, counted on 2,000 training sentences.", counted=500),
            Baseline("other", "the most similar picture", *nearest,
                     "The sentence of the nearest of 2,000 training pictures, for 500 held-out ones: never right, as "
                     "training has no such pair. The loss if each of its words is trusted as often as it is right.",
                     counted=500),
            Baseline("optimum", "exact", 0.0, 1.0, "The picture shows all that is said."),
        )  # fmt: skip

    def parse_text(self, text: str) -> Tensor:
        """Return the picture of a typed sentence."""
        words = short(text).lower().replace(".", " ").split()
        things = [word for word in words if word in COLOURS or word in SHAPES]
        scene = " ".join("{}" if word in COLOURS or word in SHAPES else word for word in words)
        colours, shapes = things[::2], things[1::2]
        found = [i for i, (sentence, _) in enumerate(SCENES) if sentence == scene]
        if not found or not set(colours) <= COLOURS.keys() or not set(shapes) <= SHAPES.keys():
            raise ConfigError(
                "Type a sentence such as “a red circle above a blue moon” or “a black flag at the top left”; the "
                f"colours are {', '.join(COLOURS)}, the shapes {', '.join(SHAPES)}, and the places left of, above, top "
                "left, top right, bottom left and bottom right."
            )
        both = [torch.tensor([[list(names).index(thing) for thing in (each * 2)[:2]]])
                for names, each in ((COLOURS, colours), (SHAPES, shapes))]  # fmt: skip
        return self._drawn(torch.tensor(found[:1]), both[0], both[1], seeded(0, "question")).inputs

    def steps(self, inputs: Tensor) -> tuple[str, ...]:
        """Return a name for the one step in which the picture is seen."""
        return ("picture",)

    def text(self, targets: Tensor) -> str:
        """Return a written sentence ``(time,)`` up to its end symbol."""
        numbers = targets.tolist()
        return " ".join(WORDS[i] for i in numbers[: numbers.index(END) if END in numbers else len(numbers)])

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show the picture and what is said of it, word by word."""
        truth = self.text(example.targets[:, 0])
        tracks = [Track("read", "input", ("picture",)), Track("to write", "truth", (*truth.split(), WORDS[END]))]
        answer = None
        if output is not None:
            answer = self.text(output)
            said, right = (*answer.split(), WORDS[END]), (*truth.split(), WORDS[END])
            wrong = tuple(i for i, word in enumerate(said) if i >= len(right) or word != right[i])
            tracks.append(Track("network", "answer", said, marked=wrong))
        unseen = [pair for pair in UNSEEN if pair in truth]
        return Shown(
            question="never seen: " + " and ".join(unseen) if unseen else "a picture",
            truth=truth,
            answer=answer,
            right=None if answer is None else answer == truth,
            tracks=tuple(tracks),
            paintings=(self._painting(example.inputs[0, 0]),),
            note=f"The network sees {self.seq_len} × {self.seq_len} points, each shape {WIDTH} points wide.",
        )

    def _painting(self, seen: Tensor) -> Painting:
        """Return a picture ``(features,)`` as it is meant: each shape, in its colour, where its ink begins."""
        known, half = _tables(), self.seq_len // 2
        pixels = seen.view(self.seq_len, self.seq_len, CHANNELS)
        areas = []
        for quarter in range(4):
            row, column = (half * each for each in divmod(quarter, 2))
            block = pixels[row : row + half, column : column + half]
            ink = block[..., -1] > 0
            if ink.any():
                top, left = (int(ink.any(dim=dim).nonzero()[0]) for dim in (1, 0))
                stamp = block[top : top + WIDTH, left : left + WIDTH]
                shape = int((known.stamps - stamp[..., -1]).abs().sum(dim=(1, 2)).argmin())
                strongest = stamp.flatten(0, 1)[stamp[..., -1].argmax()]
                colour = int((known.ink - strongest / strongest[-1]).abs().sum(dim=1).argmin())
                areas.append((PAINT[list(COLOURS)[colour]], outlines(list(SHAPES)[shape], column + left, row + top)))
        return Painting("picture", float(self.seq_len), tuple(areas))


@dataclass(frozen=True)
class _Tables:
    """Pictures and their captions: by scene, colour and shape.

    `sentences (scenes, 9)` has -1 to -4 where the first colour and shape and the second stand, `counted` which words
    count; `corners (scenes, 2, 2)` are the row and column of the quarters, `there (scenes, 2)` is 1 for each shape
    shown; `ink (colours, 4)`; `stamps (shapes, 5, 5)`; `unseen (words, words)` marks the held-out pairs.
    """

    sentences: Tensor
    counted: Tensor
    corners: Tensor
    there: Tensor
    ink: Tensor
    stamps: Tensor
    unseen: Tensor


@once_for_each(1)
def _tables() -> _Tables:
    sentences = torch.full((len(SCENES), ANSWER_STEPS), END)
    counted = torch.zeros(sentences.shape, dtype=torch.bool)
    corners = torch.zeros(len(SCENES), 2, 2, dtype=torch.int64)
    there = torch.zeros(len(SCENES), 2)
    for i, (scene, quarters) in enumerate(SCENES):
        blanks = itertools.count(-1, -1)
        words = [next(blanks) if word == "{}" else NUMBER[word] for word in scene.split()]
        sentences[i, : len(words)] = torch.tensor(words)
        counted[i, : len(words) + 1] = True
        for which, quarter in enumerate(quarters):
            corners[i, which] = torch.tensor(divmod(quarter, 2))
            there[i, which] = 1
    light = torch.tensor([list(bytes.fromhex(colour[1:])) for colour in COLOURS.values()]) / 255
    ink = torch.cat([1 - light, torch.ones(len(COLOURS), 1)], dim=1)
    stamps = torch.tensor([[[pixel == "#" for pixel in row] for row in rows] for rows in SHAPES.values()]).float()
    unseen = torch.zeros(len(WORDS), len(WORDS), dtype=torch.bool)
    for pair in UNSEEN:
        colour, shape = pair.split()
        unseen[NUMBER[colour], NUMBER[shape]] = True
    return _Tables(sentences, counted, corners, there, ink, stamps, unseen)


@once_for_each(8)
def _guesses(seq_len: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return loss and metric of each place's own frequencies, and of the sentence of the nearest picture."""
    task = Captions(seq_len)
    training = task.batch(2000, seeded(0, "captions baseline"))
    held_out = task.held_out(500, seeded(0, "captions baseline"))
    assert training.mask is not None and held_out.mask is not None  # noqa: S101
    said = F.one_hot(training.targets, len(WORDS)) * training.mask[..., None]
    usual = said.sum(dim=1) + 0.1
    outputs = (usual / usual.sum(dim=-1, keepdim=True)).log()[:, None].expand(-1, held_out.size, -1)
    nearest = torch.cdist(held_out.inputs[0], training.inputs[0]).argmin(dim=1)
    copied = F.one_hot(training.targets[:, nearest], len(WORDS)).float()
    right = float((training.targets[:, nearest] == held_out.targets)[held_out.mask].float().mean())
    trusted = (copied * right + (1 - copied) * (1 - right) / (len(WORDS) - 1)).log()
    found = [(task.loss(guess, held_out).item(), task.metric(guess, held_out).item()) for guess in (outputs, trusted)]
    return found[0], found[1]
