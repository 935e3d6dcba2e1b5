"""Counting: words of as many b as a, and how far a network counts that has only seen short ones."""

import math
from typing import ClassVar

import torch
from torch import Tensor, nn

from rnncore.errors import ConfigError
from rnncore.tasks.base import TASKS, Baseline, Batch, Remembered, Reported, SequenceType, Shown, Task, Track
from rnncore.tasks.shown import END_SHOWN, NONE_SHOWN, START_SHOWN
from rnncore.tasks.typed import read_characters

CAP = 200  # words up to this n are tried when asking how far a network counts
AT_ONCE = 20


@TASKS.register("anbn")
class AnBn(Task):
    """Predict the set of symbols that may come next in a word of n times a, then n times b.

    Inputs ``(time, batch)``: symbol 2 is the start, then 0 for each a, 1 for each b; after a word's end 2 again, as
    padding. Targets ``(time, batch, 3)``: 1 for each of a, b, end that is legal next, else 0. After the start only a
    is legal, after an a both a and b, after a b another b until there are as many as a, then the end. `lengths` counts
    the start and all letters, 2 n + 1. A word is right when the whole set is right at every one of these steps; the
    share of right steps would be near 1 without any counting.

    Each n gives one word only, so no hash can hold out words: training draws n from 1 to `seq_len`, the held-out side
    from `seq_len` + 1 to twice that, as evenly as the number of examples allows. What is held out is length: only who
    really counts is right there. `report` says how far.

    The language and the question, sets of legal symbols, are those of Gers and Schmidhuber (2001), who trained on
    n = 1 to 10 too; ours has no empty word.
    """

    label = "Counting a and b"
    keywords = "counting counter language grammar automaton context-free generalisation longer"
    order = 52
    question = "As many b as a: trained on words up to ten, how far does the network count?"
    summary = "A row of a, then as many b. After each symbol, name all symbols that may legally follow."
    sequence_type = SequenceType.ALIGNED
    loss_kind = "binary"
    reported = {
        "largest_n": Reported(
            "counts up to n =",
            "The largest n up to which it is right at every step, for every smaller n too.",
            counts=True,
        )
    }
    loss_label = "binary cross-entropy in nats per symbol"
    metric_label = "whole words right"
    seq_len_label = "Largest n in training"
    seq_len_range = (2, 50)
    recommended = {
        "seq_len": 10, "hidden_size": 8, "batch_size": 10, "forget_bias": 10.0,
        "optimizer": "rmsprop", "lr": 0.01, "schedule": "cosine", "steps": 9000,
    }  # fmt: skip
    beats = ("coin flips", "seeing the current symbol only")
    fails = {
        "gru": "It learned the words of training but made its first error at n = 12; the LSTM was right up to 105 or "
        "more with each of three seeds.",
        "rnn": "It learned the words of training, up to n = 10, and was wrong at n = 11: it does not count.",
        "feedforward": "Seeing ten steps it was right up to n = 4 only.",
    }
    ask = "A word of a and b or its beginning, such as “aaabbb”."
    answers: ClassVar[tuple[str, ...]] = ("a", "b", "end")
    letters = "ab"
    stretches = False

    def setup(self) -> None:
        """Set the sizes: the letters and the start, or the end."""
        self.input_size = self.output_size = len(self.letters) + 1

    @property
    def total_steps(self) -> int:
        """Number of steps: the start and the longest held-out word."""
        return self.length(2 * self.seq_len)

    def length(self, n: int) -> int:
        """Return how many steps the word of this n takes: the start and all letters."""
        return len(self.letters) * n + 1

    def words(self, counts: Tensor, time: int) -> Batch:
        """Return the words of these n, ``counts (batch,)``, padded to `time` steps."""
        kinds = len(self.letters)
        lengths = kinds * counts + 1
        step = torch.arange(time)[:, None]
        mask = step < lengths
        inputs = torch.where(mask & (step > 0), (step - 1).div(counts, rounding_mode="floor"), kinds)
        legal = [step <= counts, (step >= 1) & (step < 2 * counts)]
        legal += [(step >= kind * counts) & (step < (kind + 1) * counts) for kind in range(2, kinds)]
        legal += [step == kinds * counts]
        return Batch(inputs, torch.stack(legal, dim=-1).float(), mask, lengths)

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` words of both sides."""
        return self._draw(1, 2 * self.seq_len, n, generator)

    def batch(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` training words, which are short."""
        return self._draw(1, self.seq_len, n, generator)

    def held_out(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` held-out words, which are longer than any in training."""
        return self._draw(self.seq_len + 1, 2 * self.seq_len, n, generator)

    def _draw(self, low: int, high: int, n: int, generator: torch.Generator) -> Batch:
        span = high - low + 1
        first = torch.randint(0, span, (), generator=generator)
        order = torch.randperm(n, generator=generator)
        return self.words(low + (first + order) % span, self.total_steps)

    def is_held_out(self, batch: Batch) -> Tensor:
        """Return which words are longer than any in training."""
        assert batch.lengths is not None  # noqa: S101
        return batch.lengths > self.length(self.seq_len)

    def remembered(self, batch: Batch) -> Remembered:
        """Return how many a's there are, which is known at the last of them."""
        count = (batch.inputs == 0).sum(dim=0)
        return Remembered("the number of a's", count, count.float())

    def metric(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Return the share of words whose sets are right at every step."""
        return whole_words(outputs, batch).float().mean()

    def report(self, model: nn.Module, held_out: Batch) -> dict[str, float]:
        """Return how far the network counts, see `largest_n`; 200 means at least 200."""
        return {"largest_n": float(largest_n(model, self))}

    def parse_text(self, text: str) -> Tensor:
        """Return a typed word, or the beginning of one, after the start symbol."""
        kinds = len(self.letters)
        typed = read_characters(text, {letter: number for number, letter in enumerate(self.letters)})
        symbols = typed[:, 0].tolist()
        n = next((at for at, symbol in enumerate(symbols) if symbol), len(symbols))
        for at, symbol in enumerate(symbols):
            if not n or at // n != symbol:
                shape = ", ".join(f"{n or 'n'} times {letter}" for letter in self.letters)
                raise ConfigError(
                    f"Letter {at + 1} cannot be “{self.letters[symbol]}”: a word is {shape}. Type such a word or its "
                    "beginning."
                )
        return torch.cat([torch.tensor([[kinds]]), typed])

    def steps(self, inputs: Tensor) -> tuple[str, ...]:
        """Return the letters, the start first."""
        return tuple((*self.letters, "start")[symbol] for symbol in inputs[:, 0].tolist())

    def baselines(self) -> tuple[Baseline, ...]:
        """Return coin flips, the best guess from the current symbol on held-out words, and counting."""
        batch = self.words(torch.arange(self.seq_len + 1, 2 * self.seq_len + 1), self.total_steps)
        assert batch.mask is not None  # noqa: S101
        symbols, sets = batch.inputs[batch.mask], batch.targets[batch.mask].double()
        loss = 0.0
        for symbol in range(self.input_size):
            rows = sets[symbols == symbol]
            share = rows.mean(dim=0)
            loss -= float((torch.xlogy(share, share) + torch.xlogy(1 - share, 1 - share)).mean()) * len(rows)
        coins = self.output_size
        return (
            Baseline(
                "chance", "coin flips", math.log(2), 0.0,
                f"{coins} coins at each step, all right once in {2**coins}: a whole held-out word practically never.",
            ),
            Baseline(
                "memoryless", "seeing the current symbol only", loss / len(sets), 0.0,
                "The last letter looks like those before it, so either the end or what comes before it is wrong. Loss: "
                "each symbol's own frequencies of what may follow, over all held-out words.",
            ),
            Baseline("optimum", "counting", 0.0, 1.0, "The legal set is determined by what was read."),
        )  # fmt: skip

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show a word and where the network first goes wrong; right only if every step is."""
        assert example.lengths is not None  # noqa: S101
        length, kinds = int(example.lengths), len(self.letters)
        n = length // kinds
        truth = tuple(self._set(row) for row in example.targets[:length, 0])
        tracks = [
            Track("symbol", "input", (START_SHOWN, *self.steps(example.inputs[1:length]))),
            Track("legal next", "truth", truth),
        ]
        text, right = None, None
        if output is not None:
            answer = tuple(self._set(row > 0) for row in output[:length])
            wrong = tuple(i for i in range(length) if answer[i] != truth[i])
            tracks.append(Track("network", "answer", answer, marked=wrong))
            text = f"wrong at {wrong[0] + 1} of {length}" if wrong else f"all {length} sets right"
            right = not wrong
        word = "".join(letter + "…" for letter in self.letters)
        return Shown(
            question=f"{word}, n = {n}",
            truth=f"end after {kinds * n} letters",
            answer=text,
            right=right,
            tracks=tuple(tracks),
            note=f"Under each letter stands all that may follow it; {START_SHOWN} is the start, {END_SHOWN} the end.",
        )

    def _set(self, chosen: Tensor) -> str:
        names = (*self.letters, END_SHOWN)
        return " ".join(names[i] for i in chosen.nonzero()[:, 0].tolist()) or NONE_SHOWN


def whole_words(outputs: Tensor, batch: Batch) -> Tensor:
    """Return which words are right at every step: ``(batch,)`` bool."""
    assert batch.mask is not None  # noqa: S101
    right = ((outputs > 0) == (batch.targets > 0.5)).all(dim=-1)
    return (right | ~batch.mask).all(dim=0)


@torch.no_grad()
def largest_n(model: nn.Module, task: AnBn, cap: int = CAP) -> int:
    """Return the largest n such that a network is right at every step of every word from 1 to n.

    Parameters
    ----------
    model
        Any module that takes ``(inputs, lengths)`` of a batch and returns ``(time, batch, outputs)``.
    task
        Makes the words.
    cap
        No word beyond this n is tried, so a network that makes no error up to there gets this number.
    """
    for first in range(1, cap + 1, AT_ONCE):
        counts = torch.arange(first, min(first + AT_ONCE, cap + 1))
        batch = task.words(counts, task.length(int(counts[-1])))
        wrong = (~whole_words(model(batch.inputs, batch.lengths), batch)).nonzero()
        if len(wrong):
            return first - 1 + int(wrong[0])
    return cap
