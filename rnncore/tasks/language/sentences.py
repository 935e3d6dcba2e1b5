"""Sentences from small grammars, drawn many at a time, and the guesses by counting words that a network has to beat."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional as F

from rnncore.caching.once import once_for_each
from rnncore.seeding import generator as seeded
from rnncore.tasks.base import Batch, SequenceType, Shown, Task, Track
from rnncore.tasks.typed import read_words

CHAT = (
    ("my", "our", "the", "a"),
    ("sister", "neighbour", "cousin", "teacher", "friend", "uncle"),
    ("came", "sat", "stayed", "waited", "left", "arrived"),
    ("along", "upstairs", "alone", "again", "often", "together"),
    (",", "and", "while", "then"),
)
CHAT_WORDS = tuple(word for part in CHAT for word in part)
COUNTED = 2000  # examples of each side, for guesses by counting


def expand(pattern: str, parts: Mapping[str, Sequence[str]]) -> list[str]:
    """Return all wordings of a pattern, in which ``{name}`` stands for any of ``parts[name]``, patterns themselves."""
    before, brace, rest = pattern.partition("{")
    if not brace:
        return [" ".join(pattern.split())]
    name, _, after = rest.partition("}")
    return [wording for part in parts[name] for wording in expand(before + part + after, parts)]


def vocabulary(texts: Iterable[str]) -> tuple[str, ...]:
    """Return all words of some texts or patterns, sorted; names of parts are no words."""
    return tuple(sorted({word for text in texts for word in re.sub(r"\{.*?\}", " ", text).split()}))


@dataclass(frozen=True)
class Wordings:
    """All wordings of some patterns as word numbers: `rows (wordings, longest)`, those of one pattern together.

    `first` and `count` say per pattern where its rows begin and how many there are.
    """

    rows: Tensor
    first: Tensor
    count: Tensor

    def draw(self, patterns: Tensor, generator: torch.Generator) -> Tensor:
        """Return one wording for each of the numbered patterns, each equally likely: ``(longest, batch)``."""
        chosen = (torch.rand(len(patterns), generator=generator) * self.count[patterns]).long()
        return self.rows[self.first[patterns] + chosen].T


def wordings(groups: Sequence[Sequence[str]], numbers: Mapping[str, int]) -> Wordings:
    """Return the wordings of each pattern, in numbers; shorter ones are padded with ``len(numbers)``."""
    rows = [[numbers[word] for word in text.split()] for group in groups for text in group]
    longest = max(map(len, rows))
    count = torch.tensor([len(group) for group in groups])
    table = torch.tensor([row + [len(numbers)] * (longest - len(row)) for row in rows])
    return Wordings(table, count.cumsum(0) - count, count)


def chat(steps: int, n: int, numbers: Mapping[str, int], generator: torch.Generator) -> Tensor:
    """Return words that say nothing, as numbers ``(steps, n)``."""
    drawn = torch.randint(0, 12, (steps, n), generator=generator)  # 12 is divisible by the size of every part
    table = torch.tensor([[numbers[part[i % len(part)]] for i in range(12)] for part in CHAT])
    return table[torch.arange(steps)[:, None] % len(CHAT), drawn]


def amid_chat(
    said: Tensor, steps: int, numbers: Mapping[str, int], generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Put at most `steps` words that say nothing around what is `said`; returns numbers and lengths.

    How many there are, and how many of them come first, is drawn evenly.
    """
    n = said.shape[1]
    words = chat(steps, n, numbers, generator)
    amount = torch.randint(0, steps + 1, (n,), generator=generator)
    first = (torch.rand(n, generator=generator) * (amount + 1)).long()
    step, padding = torch.arange(steps)[:, None], len(numbers)
    before = words.where(step < first, padding)
    after = words.where((step >= first) & (step < amount), padding)
    return joined([before, said, after], padding, steps + len(said))


def joined(parts: Sequence[Tensor], padding: int, steps: int) -> tuple[Tensor, Tensor]:
    """Join padded pieces ``(time, batch)`` end to end; returns numbers ``(steps, batch)``, padded, and lengths."""
    pieces = torch.cat(list(parts))
    order = (pieces == padding).byte().argsort(dim=0, stable=True)[:steps]
    return pieces.gather(0, order), (pieces != padding).sum(dim=0)


def end_of(words: Sequence[str], room: int = 24) -> str:
    """Return the last words, as many as there is room for, behind an ellipsis if some are missing."""
    text = " ".join(words)
    return text if len(text) <= room else "…" + text[1 - room :].partition(" ")[2]


class SentenceTask(Task):
    """A task whose inputs ``(time, batch)`` are numbers of words and whose target ``(batch,)`` is one of `answers`.

    Attributes
    ----------
    words
        All words by number; the number after them, if it occurs, is padding.
    telling
        The words that are marked in the picture.
    """

    sequence_type = SequenceType.MANY_TO_ONE
    loss_kind = "cross_entropy"
    loss_label = "cross-entropy in nats"
    words: ClassVar[tuple[str, ...]]
    telling: ClassVar[tuple[str, ...]] = ()

    def parse_text(self, text: str) -> Tensor:
        """Return the words of a typed sentence."""
        return read_words(text, {word: number for number, word in enumerate(self.words)})

    def steps(self, inputs: Tensor) -> tuple[str, ...]:
        """Return the words."""
        return tuple(self.words[number] for number in inputs[:, 0].tolist())

    def marks(self, inputs: Tensor) -> Tensor | None:
        """Return where a telling word stands, in tasks that have some."""
        numbers = torch.tensor([self.words.index(word) for word in self.telling], dtype=inputs.dtype)
        return torch.isin(inputs, numbers) if len(numbers) else None

    def brief(self, words: Sequence[str]) -> str:
        """Return a sentence as it stands in the table; at most 24 characters."""
        return end_of(words)

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show the sentence in brief; in the picture every word."""
        length = len(example.inputs) if example.lengths is None else int(example.lengths)
        words = self.steps(example.inputs[:length])
        truth = self.answers[int(example.targets)]
        answer = None if output is None else self.answers[int(output.argmax())]
        return Shown(
            question=self.brief(words),
            truth=truth,
            answer=answer,
            right=None if answer is None else answer == truth,
            tracks=(Track("word", "input", words, marked=tuple(i for i, w in enumerate(words) if w in self.telling)),),
        )


@once_for_each(128)
def last_word(kind: type[SentenceTask], seq_len: int) -> tuple[float, float]:
    """Return loss and share right of the best guess from the last word alone, on a fixed sample of both sides."""
    task = kind(seq_len)
    batch = task.sample(2 * COUNTED, seeded(0, "sentences last word"))
    assert batch.lengths is not None  # noqa: S101
    last = batch.inputs[batch.lengths - 1, torch.arange(batch.size)]
    counts = torch.zeros(task.input_size, task.output_size, dtype=torch.float64)
    counts.index_put_((last, batch.targets), torch.ones(batch.size, dtype=torch.float64), accumulate=True)
    share = counts / counts.sum(dim=1, keepdim=True).clamp(min=1)
    return -float(torch.xlogy(counts, share).sum()) / batch.size, float(counts.amax(dim=1).sum()) / batch.size


@once_for_each(128)
def bag_of_words(kind: type[SentenceTask], seq_len: int) -> tuple[float, float]:
    """Return loss and share right of the best sum of one weight per word and answer, whatever the order of words.

    Logistic regression on which words occur, fitted to examples of the training side, scored on held-out ones.
    """
    task = kind(seq_len)
    training = task.batch(COUNTED, seeded(0, "sentences bag training"))
    held_out = task.held_out(COUNTED, seeded(0, "sentences bag held-out"))
    occurs, answers = _occurring(training.inputs, task.input_size), F.one_hot(training.targets, task.output_size)
    weights = torch.zeros(task.input_size, task.output_size)
    pace = torch.zeros_like(weights)
    for _ in range(300):  # gradient descent with momentum
        slope = occurs.T @ ((occurs @ weights).softmax(dim=1) - answers) / COUNTED + 1e-4 * weights
        pace = 0.95 * pace - 0.3 * slope
        weights += pace
    outputs = _occurring(held_out.inputs, task.input_size) @ weights
    return float(task.loss(outputs, held_out)), float(task.metric(outputs, held_out))


def _occurring(inputs: Tensor, size: int) -> Tensor:
    return torch.zeros(inputs.shape[1], size).scatter_(1, inputs.T, 1.0)
