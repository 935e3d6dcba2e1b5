"""Real handwritten digits, read row by row or pixel by pixel."""

import gzip
import math
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from rnncore.caching.once import once_for_each
from rnncore.errors import ConfigError
from rnncore.number_text import exact
from rnncore.settings import setting
from rnncore.tasks.base import TASKS, Baseline, Batch, Picture, SequenceType, Shown, Task, TaskOptions, Track

FILE = Path(__file__).with_name("data") / "digits.csv.gz"
SIDE = 8
FIRST_HELD_OUT = 1415  # the first picture of the twelfth form
TURN, STRETCH, MOVE, NOISE = 0.2, 0.15, 0.2, 0.08  # radians, shares of the size, shares of half a picture, ink


class DigitOptions(TaskOptions):
    """The order in which the picture is read."""

    reading: Literal["rows", "pixels"] = setting(
        "rows", group="task", label="Read",
        help="A whole row of 8 pixels at each step, or one pixel at each step: eight times as long a memory.",
    )  # fmt: skip


@once_for_each(1)
def pictures() -> tuple[Tensor, Tensor]:
    """Return the 1,797 pictures ``(pictures, 8, 8)``, 0 paper to 1 ink, and their digits, int64, in order."""
    with gzip.open(FILE, "rt") as file:
        table = torch.from_numpy(np.loadtxt(file, delimiter=",", dtype=np.int64))
    return table[:, :-1].view(-1, SIDE, SIDE) / 16.0, table[:, -1].clone()


@once_for_each(SIDE)
def _not_held_out(rows: int) -> Tensor:
    """Return which pictures are for training: of the first forms, and not held out too as far as they are shown."""
    shown = [picture[:rows].numpy().tobytes() for picture in pictures()[0]]
    held_out = set(shown[FIRST_HELD_OUT:])
    return torch.tensor([i for i, picture in enumerate(shown[:FIRST_HELD_OUT]) if picture not in held_out])


@TASKS.register("digits")
class Digits(Task):
    """Read a handwritten digit and name it.

    Inputs ``(time, batch, 8)``: one row of a picture of 8 x 8 pixels at each step, from the top, 0 paper to 1 ink. With
    the option `reading` at "pixels" ``(time, batch, 1)``: one pixel at each step, row by row. `seq_len` is how many
    rows are shown. Target ``(batch,)``: the digit.

    The pictures are real: 1,797 digits that people wrote into forms (Alpaydin and Kaynak, 1998, the test part of the
    UCI collection "Optical Recognition of Handwritten Digits", licence CC BY 4.0). They lie in the file form after
    form, fourteen forms that all ask for the same row of digits. The first eleven forms are for training, the last
    three (382 pictures, a fifth) are held out, and training leaves out what is there pixel by pixel. The source names
    thirteen people and not who wrote which form, so that one of them may have filled in two.

    Each time a picture is drawn for training it is turned, stretched and moved a little, and its ink made a little
    uneven, so that no two look the same; held-out pictures stay as they were written.
    """

    label = "Handwritten digits"
    keywords = "image picture vision MNIST handwriting numbers recognition classification drawing"
    order = 40
    question = "Which digit is it? Real handwriting, of which the network sees one row of pixels at a time."
    summary = "Small pictures of handwritten digits, read row by row or pixel by pixel. Name the digit at the end."
    data = "Real: 1,797 digits by many hands, from the UCI collection."
    sequence_type = SequenceType.MANY_TO_ONE
    loss_kind = "cross_entropy"
    loss_label = "cross-entropy in nats"
    metric_label = "right digits"
    seq_len_label = "Rows shown"
    stretches = False
    seq_len_range = (2, SIDE)
    longer = "richer"
    recommended = {
        "seq_len": SIDE, "hidden_size": 128, "lr": 0.004, "schedule": "cosine", "batch_size": 64, "steps": 3000,
        "window": 4,
    }  # fmt: skip
    beats = (
        "guessing",
        "seeing the last row only",
        "the most similar average digit",
        "linear discriminants of all rows",
        "the most similar picture",
    )
    fails = {"feedforward": "With only the last four rows in its window it named 80 to 83 % of the digits."}
    answers = tuple("0123456789")
    ask = "A digit, drawn on 8 by 8 squares."
    ask_kind = "drawing"
    Options = DigitOptions
    output_size = 10

    def setup(self) -> None:
        """Split the pictures and cut off the rows that are not shown."""
        whole, digits = pictures()
        kept = _not_held_out(self.seq_len)
        self.input_size = SIDE if self.options.reading == "rows" else 1
        self.held_out_digits = digits[FIRST_HELD_OUT:]
        self.held_out_size = len(self.held_out_digits)  # all of them: the reference lines are measured on all
        self.training_pictures, self.training_digits = whole[kept], digits[kept]
        self.held_out_pictures = whole[FIRST_HELD_OUT:]

    @property
    def first_drawing(self) -> tuple[float, ...]:
        """The first held-out picture."""
        return tuple(self.held_out_pictures[0].flatten().tolist())

    @property
    def total_steps(self) -> int:
        """Rows or pixels."""
        return self.seq_len * (SIDE // self.input_size)

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` pictures from both sides, each equally likely."""
        first = len(self.training_digits)
        index = torch.randint(0, first + self.held_out_size, (n,), generator=generator)
        drawn = torch.cat([self.training_pictures, self.held_out_pictures])[index]
        altered = torch.where((index < first)[:, None, None], _altered(drawn, generator), drawn)
        return self._as_batch(altered, torch.cat([self.training_digits, self.held_out_digits])[index])

    def batch(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` training pictures, each altered a little."""
        index = torch.randint(0, len(self.training_digits), (n,), generator=generator)
        return self._as_batch(_altered(self.training_pictures[index], generator), self.training_digits[index])

    def held_out(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` held-out pictures, none twice while there are others left."""
        rounds = [torch.randperm(self.held_out_size, generator=generator) for _ in range(-(-n // self.held_out_size))]
        index = torch.cat(rounds)[:n]
        return replace(self._as_batch(self.held_out_pictures[index], self.held_out_digits[index]), number=index)

    def _as_batch(self, drawn: Tensor, digits: Tensor) -> Batch:
        return Batch(self._as_inputs(drawn), digits)

    def _as_inputs(self, drawn: Tensor) -> Tensor:
        shown = drawn[:, : self.seq_len].reshape(len(drawn), self.total_steps, self.input_size)
        return shown.transpose(0, 1).contiguous()

    def draw(self, pixels: tuple[float, ...]) -> Tensor:
        """Return a picture that a person drew as the inputs of one example.

        Parameters
        ----------
        pixels
            64 numbers, row by row from the top, 0 paper to 1 ink.

        Raises
        ------
        ConfigError
            If there are not 64 numbers from 0 to 1, or no ink at all.
        """
        if len(pixels) != SIDE * SIDE:
            raise ConfigError(f"A picture has {SIDE * SIDE} pixels, row by row, not {len(pixels):,}.")
        strange = next((value for value in pixels if not 0 <= value <= 1), None)
        if strange is not None:
            raise ConfigError(f"Each pixel must be a number from 0 (paper) to 1 (ink), not {exact(strange)}.")
        picture = torch.tensor(pixels, dtype=torch.float32).view(1, SIDE, SIDE)
        if not picture[:, : self.seq_len].any():
            raise ConfigError(f"Nothing is drawn in the {self.seq_len} rows that the network sees: draw a digit there.")
        return self._as_inputs(picture)

    def steps(self, inputs: Tensor) -> tuple[str, ...]:
        """Return the numbers of the rows, or of row and column."""
        if self.options.reading == "rows":
            return tuple(f"row {row}" for row in range(1, len(inputs) + 1))
        return tuple(f"{step // SIDE + 1}, {step % SIDE + 1}" for step in range(len(inputs)))

    def baselines(self) -> tuple[Baseline, ...]:
        """Return guessing, the last step alone, and rivals that see all rows at once."""
        training, held_out = (self._flat(p) for p in (self.training_pictures, self.held_out_pictures))
        known, truth = self.training_digits, self.held_out_digits
        how = f"measured on all {len(truth)} held-out pictures"
        last = slice(-self.input_size, None)
        means = torch.stack([training[known == digit].mean(dim=0) for digit in range(10)])
        nearest_mean = torch.cdist(held_out, means).argmin(dim=1)
        nearest = known[torch.cdist(held_out, training).argmin(dim=1)]

        def share(answers: Tensor) -> float:
            return float((answers == truth).double().mean())

        def scored(kind: Literal["memoryless", "other"], name: str, columns: slice, reason: str) -> Baseline:
            logits = _discriminants(training[:, columns], known, held_out[:, columns])
            errors = F.cross_entropy(logits, truth, reduction="none")
            return Baseline(kind, name, float(errors.mean()), share(logits.argmax(dim=1)), f"{reason}, {how}.", errors)

        return (
            Baseline("chance", "guessing", math.log(10), 0.1, "Ten digits, about equally often."),
            scored(
                "memoryless", f"seeing the last {self.options.reading[:-1]} only", last,
                "Linear discriminants (Fisher, 1936) fitted on the training pictures",
            ),
            Baseline(
                "other", "the most similar average digit", None, share(nearest_mean),
                f"All rows shown, compared with the mean picture of each digit in training; {how}.",
            ),
            scored(
                "other", "linear discriminants of all rows", slice(None),
                "All rows shown at once, weighted sums of the pixels fitted on the training pictures",
            ),
            Baseline(
                "other", "the most similar picture", None, share(nearest),
                f"All rows shown, compared with each of the {len(known):,} training pictures; {how}.",
            ),
        )  # fmt: skip

    def _flat(self, whole: Tensor) -> Tensor:
        return whole[:, : self.seq_len].flatten(1).double()

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show the picture."""
        rows = example.inputs[:, 0].reshape(self.seq_len, SIDE)
        truth = self.answers[int(example.targets)]
        answer = None if output is None else self.answers[int(output.argmax())]
        ink = tuple(example.inputs[:, 0].mean(dim=-1).tolist())
        return Shown(
            question=f"{self.total_steps} {self.options.reading} of a digit",
            truth=truth,
            answer=answer,
            right=None if answer is None else answer == truth,
            tracks=(Track(f"ink in the {self.options.reading[:-1]}", "input", ink),),
            pictures=(Picture("digit", tuple(tuple(row) for row in rows.tolist())),),
        )


def _altered(drawn: Tensor, generator: torch.Generator) -> Tensor:
    """Return pictures ``(pictures, 8, 8)`` turned, stretched, moved and made uneven, each a little and at random."""
    n = len(drawn)
    turn, wide, high, right, down = 2 * torch.rand(5, n, generator=generator) - 1
    cos, sin = (TURN * turn).cos(), (TURN * turn).sin()
    across, along = 1 + STRETCH * wide, 1 + STRETCH * high
    matrix = torch.stack([cos * across, sin * along, MOVE * right, -sin * across, cos * along, MOVE * down], dim=1)
    places = F.affine_grid(matrix.view(n, 2, 3), [n, 1, SIDE, SIDE], align_corners=False)
    moved = F.grid_sample(drawn[:, None], places, align_corners=False)[:, 0]
    return (moved + NOISE * torch.randn(moved.shape, generator=generator)).clamp(0, 1)


def _discriminants(known: Tensor, classes: Tensor, new: Tensor) -> Tensor:
    """Return the log probabilities of ten classes, up to a constant, for `new`: normal clouds of one common shape."""
    means = torch.stack([known[classes == c].mean(dim=0) for c in range(10)])
    rest = known - means[classes]
    shape = rest.T @ rest / len(known) + 0.01 * torch.eye(known.shape[1], dtype=known.dtype)
    weights = torch.linalg.solve(shape, means.T)  # (pixels, classes)
    return new @ weights - (means.T * weights).sum(dim=0) / 2 + (torch.bincount(classes) / len(classes)).log()
