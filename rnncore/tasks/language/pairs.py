"""Tasks that turn one text into another, from a table of pairs."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor

from rnncore.caching.once import once_for_each
from rnncore.errors import ConfigError
from rnncore.seeding import generator as seeded
from rnncore.tasks.base import Batch, Remembered, SequenceType, Shown, TaskOptions, Track
from rnncore.tasks.remembered import first_marked, inputs_at
from rnncore.tasks.shown import END_SHOWN
from rnncore.tasks.typed import read_characters, read_words
from rnncore.tasks.writing.base import AttentionOptions, SymbolTask

BLANK = " "
END = 0  # the number of the symbol that ends an answer
POSITIONS = 1000  # held-out examples on which the guess from nothing but the position is measured


class PairsTask(SymbolTask):
    """Turn a text into another, symbol by symbol.

    Inputs ``(time, batch)``: symbols of the question, with blanks in front of shorter ones, so that writing always
    begins right after the last symbol. Targets ``(answer_steps, batch)``: symbols of the answer, then the end symbol;
    `mask` leaves out what comes after it. Symbols are characters, or words if `between` is a blank.

    A subclass gives `source` and `target`, all symbols that may occur, and `pairs`. Training examples are drawn from a
    table of `table_size` pairs made once from a fixed seed; held-out ones from a table of their own, no question of
    which stands in the first.
    """

    sequence_type = SequenceType.ENCODER_DECODER
    loss_label = "cross-entropy in nats per symbol"
    metric_label = "answers without a fault"
    Options = AttentionOptions
    source: ClassVar[Sequence[str]]
    target: ClassVar[Sequence[str]]
    between: ClassVar[str] = ""
    table_size: ClassVar[int] = 10_000
    held_out_table: ClassVar[int] = 1_000

    def setup(self) -> None:
        """Number the symbols; the tables are made when they are first needed."""
        self.number = {symbol: i for i, symbol in enumerate((BLANK, *self.source))}
        self.symbols = ("", *self.target)
        self.input_size, self.output_size, self.feed_size = len(self.number), len(self.symbols), len(self.symbols)
        self.input_steps, self.answer_steps = self.longest()

    @abstractmethod
    def longest(self) -> tuple[int, int]:
        """Return the steps of the longest question and of the longest answer, the end symbol included."""

    @abstractmethod
    def pairs(self, n: int, generator: torch.Generator) -> list[tuple[str, str]]:
        """Draw `n` questions with their answers."""

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` new pairs, from either side."""
        return self.encoded(self.pairs(n, generator))

    def batch(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` pairs from the training table."""
        return self._drawn(n, generator, held_out=False)

    def held_out(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` pairs from the held-out table."""
        return self._drawn(n, generator, held_out=True)

    def _drawn(self, n: int, generator: torch.Generator, *, held_out: bool) -> Batch:
        table = _table(type(self), self.seq_len, self.options, held_out)
        return table.select(torch.randint(0, table.size, (n,), generator=generator), many_to_one=False)

    def encoded(self, pairs: Sequence[tuple[str, str]]) -> Batch:
        """Return pairs as a batch."""
        codes = {symbol: i for i, symbol in enumerate(self.symbols)}
        reads, answers, lengths = [], [], []
        for question, answer in pairs:
            read = [self.number[symbol] for symbol in self.split(question)]
            said = [codes[symbol] for symbol in self.split(answer)]
            reads.append([0] * (self.input_steps - len(read)) + read)
            answers.append(said + [END] * (self.answer_steps - len(said)))
            lengths.append(len(said) + 1)
        mask = torch.arange(self.answer_steps)[:, None] < torch.tensor(lengths)
        return Batch(torch.tensor(reads).T.contiguous(), torch.tensor(answers).T.contiguous(), mask)

    def split(self, text: str) -> list[str]:
        """Return the symbols of a text."""
        return text.split() if self.between else list(text)

    def steps(self, inputs: Tensor) -> tuple[str, ...]:
        """Return the symbols read; a blank as ␣."""
        names = ("␣", *self.source)
        return tuple(names[i] for i in inputs[:, 0].tolist())

    def remembered(self, batch: Batch) -> Remembered:
        """Return the first symbol behind the blanks."""
        return inputs_at("the first symbol", batch.inputs, first_marked(batch.inputs > 0), self.steps)

    def typed(self, text: str) -> Tensor:
        """Return what a person typed as inputs ``(time, 1)``.

        Raises
        ------
        ConfigError
            If there is nothing, a symbol that the network has never seen, or more than fits.
        """
        inputs = (read_words if self.between else read_characters)(text, self.number)
        if len(inputs) > self.input_steps:
            kind = "words" if self.between else "characters"
            raise ConfigError(f"At most {self.input_steps} {kind} fit, not {len(inputs)}: shorten the question.")
        blanks = torch.zeros(self.input_steps - len(inputs), 1, dtype=torch.int64)
        return torch.cat([blanks, inputs])

    def text(self, targets: Tensor) -> str:
        """Return a written answer ``(answer_steps,)`` up to its end symbol as text."""
        numbers = targets.tolist()
        end = numbers.index(END) if END in numbers else len(numbers)
        return self.between.join(self.symbols[i] for i in numbers[:end])

    def question_of(self, inputs: Tensor) -> str:
        """Return the question ``(time,)`` as text, without the blanks in front."""
        names = (BLANK, *self.source)
        return self.between.join(names[i] for i in inputs.tolist()).strip()

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show question and answer; the symbols one by one in the picture."""
        question, truth = self.question_of(example.inputs[:, 0]), self.text(example.targets[:, 0])
        answer = None if output is None else self.text(output)
        tracks = [Track("read", "input", tuple(self.split(question))),
                  Track("to write", "truth", (*self.split(truth), END_SHOWN))]  # fmt: skip
        if answer is not None:
            said = (*self.split(answer), END_SHOWN)
            right = (*self.split(truth), END_SHOWN)
            wrong = tuple(i for i, symbol in enumerate(said) if i >= len(right) or symbol != right[i])
            tracks.append(Track("network", "answer", said, marked=wrong))
        return Shown(question, truth, answer, None if answer is None else answer == truth, tuple(tracks))


@once_for_each(12)
def _table(kind: type[PairsTask], seq_len: int, options: TaskOptions, held_out: bool) -> Batch:
    """Return the pairs of one side; one table serves all runs of the process."""
    task = kind(seq_len, options)
    size = task.held_out_table if held_out else task.table_size
    return task._one_side(size, seeded(0, f"{task.name} table"), held_out=held_out)


def position_losses(task: PairsTask) -> tuple[float, float]:
    """Return loss and metric of the best guess that has read nothing: each position's own frequencies.

    Counted on the training table, measured on the held-out one.
    """
    training = task.batch(5000, seeded(0, "position baseline"))
    held_out = task.held_out(POSITIONS, seeded(0, "position baseline"))
    counts = torch.zeros(task.answer_steps, task.output_size, dtype=torch.float64) + 0.1
    steps = torch.arange(task.answer_steps)[:, None].expand_as(training.targets)
    assert training.mask is not None  # noqa: S101
    counts.index_put_((steps[training.mask], training.targets[training.mask]), torch.ones(1).double(), accumulate=True)
    outputs = (counts / counts.sum(-1, keepdim=True)).log()[:, None].expand(-1, held_out.size, -1)
    return task.loss(outputs, held_out).item(), task.metric(outputs, held_out).item()
