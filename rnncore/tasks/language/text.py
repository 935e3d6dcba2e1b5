"""Text: predict the next character of a text that anyone can paste in."""

import math
from typing import Self

import torch
from pydantic import model_validator
from torch import Tensor

from rnncore.errors import ConfigError
from rnncore.settings import setting
from rnncore.tasks.base import TASKS, Baseline, Batch, SequenceType, Shown, TaskOptions, Track
from rnncore.tasks.language.lighthouse import STORY
from rnncore.tasks.language.vocabulary import Vocabulary
from rnncore.tasks.series.windows import WindowTask
from rnncore.tasks.typed import MOST_CHARACTERS

SHORTEST, LONGEST, MOST_SYMBOLS = 200, 100_000, 200
SMOOTHING = 0.1
OPENING = 32  # characters with which a network begins to write, unless it is told others
VISIBLE = {" ": "␣", "\n": "↵", "\t": "⇥", "\r": "␍"}


class TextOptions(TaskOptions):
    """The text to learn."""

    text: str = setting(
        STORY, max_length=LONGEST, group="task", label="Text", unit="characters",
        help=f"Any text of {SHORTEST} to {LONGEST:,} characters; its last tenth is held out. The built-in one is a "
        "short story.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len(self.text) < SHORTEST:
            raise ConfigError(f"'text' must have at least {SHORTEST} characters, not {len(self.text)}: paste more.")
        symbols = len(set(self.text))
        if not 2 <= symbols <= MOST_SYMBOLS:
            raise ConfigError(
                f"'text' must have 2 to {MOST_SYMBOLS} different characters, not {symbols}: paste another text."
            )
        return self


@TASKS.register("text")
class Text(WindowTask):
    """Predict the next character at every step.

    Inputs ``(time, batch)``: T = `seq_len` characters in a row, numbered by their place in the sorted
    vocabulary; targets ``(time, batch)``: each time the character after. The vocabulary is every character of
    the whole text, so that held-out characters have a number too. The first nine tenths of the text are for
    training, the last tenth is held out, and no window crosses the border. The split is by place: a sentence
    that the author repeats can stand on both sides. A text with more than 200 different characters is
    refused, not simplified, so the network always learns the text as it was given. Elman (1990) trained
    recurrent networks on letters in this way. The metric is bits per character, the loss divided by ln 2.
    """

    label = "Text"
    ask = "The networks read this opening and go on from it by themselves, character by character."
    ask_kind = "opening"
    keywords = "language model characters writing generate book story GPT Shakespeare own upload"
    order = 80
    question = "Which letter comes next? Paste a text and watch its words appear."
    summary = "A text of your own, or a short story. After each character, predict the next one."
    data = "Yours; until then a short story written for this project."
    sequence_type = SequenceType.ALIGNED
    loss_kind = "cross_entropy"
    loss_label = "cross-entropy in nats per character"
    metric_label = "bits per character"
    metric_unit = "bits"
    metric_higher_is_better = False
    seq_len_label = "Characters seen"
    seq_len_range = (4, 500)
    longer = "richer"
    recommended = {"seq_len": 64, "hidden_size": 64, "schedule": "cosine", "steps": 250}
    beats = ("all characters alike", "how often each occurs", "seeing the current character only")
    fails = {
        "feedforward": "Without memory beyond ten characters it needed 2.35 bits per character; the rnn needed 2.17, "
        "the lstm 1.96 and the gru 1.88.",
    }
    Options = TextOptions

    def setup(self) -> None:
        """Number the characters and split the text."""
        text = self.options.text
        self.vocabulary = tuple(sorted(set(text)))
        self.input_size = self.output_size = len(self.vocabulary)
        series = self.encode(text)
        border = len(text) - len(text) // 10
        if len(text) - border <= self.seq_len:
            raise ConfigError(
                f"'seq_len' of {self.seq_len} does not fit the held-out tenth of the text, {len(text) - border} "
                f"characters: choose at most {len(text) - border - 1}, or paste {10 * (self.seq_len + 1):,} characters."
            )
        self.training_part, self.held_out_part = series[:border], series[border:]
        self.split(self.training_part, self.held_out_part)

    @staticmethod
    def longest_window(characters: int) -> int:
        """Return the largest `seq_len` that fits the held-out tenth of a text of so many characters."""
        return characters // 10 - 1

    def encode(self, text: str) -> Tensor:
        """Return the numbers of the characters, ``(len(text),)`` int64; each must be in the vocabulary."""
        return Vocabulary(self.vocabulary).encode(text)

    @property
    def first_question(self) -> str:
        """The first words of the text, from which a network can go on."""
        words = self.options.text[:OPENING].rsplit(None, 1)
        return words[0] if words[0].strip() else self.options.text[:OPENING]

    def parse_text(self, text: str) -> Tensor:
        """Return an opening as inputs of one example, ``(time, 1)``."""
        unknown = Vocabulary(self.vocabulary).unknown(text[:MOST_CHARACTERS])
        if not text or len(text) > MOST_CHARACTERS or unknown:
            raise ConfigError(
                "The text that they learn does not have "
                + " ".join(repr(symbol) for symbol in unknown[:8])
                + ", so they cannot go on from it: leave that out."
                if unknown
                else f"An opening has 1 to {MOST_CHARACTERS:,} characters, not {len(text):,}."
            )
        return self.encode(text)[:, None]

    def as_batch(self, windows: Tensor) -> Batch:
        """Return windows as characters and the ones after them."""
        return Batch(windows[:, :-1].T.contiguous(), windows[:, 1:].T.contiguous())

    def metric(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Return bits per character."""
        return self.loss(outputs, batch) / math.log(2)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return uniform guessing, the frequencies of single characters, and those of pairs."""
        return frequency_baselines(self.training_part, self.held_out_part, self.output_size)

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show the last characters and the next one."""
        read = self._visible(example.inputs[:, 0])
        truth = self._visible(example.targets[:, 0])
        tracks = [Track("character", "input", _short(read)), Track("next", "truth", _short(truth), start=1)]
        answer = None
        if output is not None:
            guessed = self._visible(output.argmax(dim=-1))
            wrong = tuple(i for i, (a, b) in enumerate(zip(guessed, truth, strict=True)) if a != b)
            tracks.append(Track("network", "answer", _short(guessed), marked=wrong, start=1))
            answer = guessed[-1]
        question = "…" + "".join(read[-18:])
        return Shown(
            question=question,
            truth=truth[-1],
            answer=answer,
            right=None if answer is None else answer == truth[-1],
            tracks=tuple(tracks),
            note="Under each character stands what was expected in its place, from those before it.",
        )

    def steps(self, inputs: Tensor) -> tuple[str, ...]:
        """Return the characters."""
        return self._visible(inputs[:, 0])

    def _visible(self, numbers: Tensor) -> tuple[str, ...]:
        return tuple(visible(self.vocabulary[i]) for i in numbers.tolist())


def visible(character: str) -> str:
    """Return a character as a table can show it: a sign for a space or a line end, a number for other unseen ones."""
    return VISIBLE.get(character) or (character if character.isprintable() else f"U+{ord(character):04X}")


def _short(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names of characters for columns, in which one that is not seen but by its number becomes a dotted ring."""
    return tuple(name if len(name) <= 2 else "◌" for name in names)


def frequency_baselines(training: Tensor, held_out: Tensor, symbols: int) -> tuple[Baseline, ...]:
    """Return what three guessers that do not learn lose on held-out characters: by nothing, by one, by two counts."""
    current, following = held_out[:-1], held_out[1:]
    singles = torch.bincount(training, minlength=symbols).double()
    pairs = torch.bincount(training[:-1] * symbols + training[1:], minlength=symbols**2).double()
    how = (
        f"counted on the training part (each count plus {SMOOTHING:g}, so that nothing is impossible), "
        "measured on the held-out part"
    )

    def line(kind: str, name: str, loss: float, reason: str) -> Baseline:
        return Baseline(kind, name, loss, loss / math.log(2), reason)  # type: ignore[arg-type]

    return (
        line(
            "chance",
            "all characters alike",
            math.log(symbols),
            f"All {symbols} characters equally likely.",
        ),
        line("other", "how often each occurs", _cost(singles)[following].mean().item(), f"Frequencies {how}."),
        line(
            "memoryless",
            "seeing the current character only",
            _cost(pairs.view(symbols, symbols))[current, following].mean().item(),
            f"How often each character follows the current one, {how}.",
        ),
    )


def _cost(counts: Tensor) -> Tensor:
    """Return -ln p of smoothed frequencies along the last axis."""
    smoothed = counts + SMOOTHING
    return -(smoothed / smoothed.sum(-1, keepdim=True)).log()
