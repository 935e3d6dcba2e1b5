"""Copy memory: recall a short word of random symbols after a long silence."""

import math

import torch
from torch import Tensor

from rnncore.errors import ConfigError
from rnncore.settings import setting
from rnncore.tasks.base import TASKS, Baseline, Batch, SequenceType, Shown, Task, TaskOptions, Track
from rnncore.tasks.typed import read_characters

LETTERS = "ABCDEFGH"
BLANK, GO = len(LETTERS), len(LETTERS) + 1
NAMES = (*LETTERS, "·", "?")


class CopyOptions(TaskOptions):
    """The number of symbols to remember."""

    memorize: int = setting(
        10, ge=2, le=20, unit="symbols", group="task", label="Symbols to remember",
        help="Random symbols shown at the start and asked for at the end. More need a larger memory.",
    )  # fmt: skip


@TASKS.register("copy_memory")
class CopyMemory(Task):
    """Repeat the first symbols of a sequence after a delay.

    Inputs ``(time, batch)``: m symbols out of 8, T - 1 blanks, a go marker, m blanks; T + 2 m steps in all.
    Targets ``(time, batch)``: T + m blanks, then the m symbols in their order. Input alphabet 10 (8 symbols,
    blank, go), output classes 9 (8 symbols, blank). `seq_len` is the delay T: the go marker comes
    T steps after the last symbol. m is the option `memorize`. The loss is the mean over all steps, the metric
    looks at the last m steps alone. After Hochreiter and Schmidhuber (1997), in the layout of Arjovsky, Shah
    and Bengio (2016), with m free instead of 10. m starts at 2: with one symbol, training would never show
    the held-out ones as an answer.
    """

    label = "Copy memory"
    keywords = "memory recall remember repeat long-term dependency delay benchmark toy"
    order = 20
    question = "Repeat the symbols you saw before a long silence: how many survive it?"
    summary = "A few random symbols, then nothing for a long time. When the question mark comes, repeat them in order."
    sequence_type = SequenceType.ALIGNED
    loss_kind = "cross_entropy"
    loss_label = "cross-entropy in nats per step"
    metric_label = "symbols recalled"
    seq_len_label = "Delay"
    seq_len_range = (2, 1000)
    recommended = {"seq_len": 10, "hidden_size": 64, "batch_size": 64, "forget_bias": 3.0, "steps": 3000}
    beats = ("guessing at every step", "blanks, then guessing")
    fails = {
        "rnn": "It recalled 13 % of the symbols, which is guessing one of eight; the lstm recalled 73 % and the gru "
        "70 %.",
        "feedforward": "The symbols lie outside its ten steps: it recalled 14 % of them, about the one in eight of "
        "guessing.",
    }
    ask = "As many letters from A to H as there are to remember, such as “BADGECAFEH”."
    answers = NAMES[:-1]
    Options = CopyOptions
    input_size = len(LETTERS) + 2
    output_size = len(LETTERS) + 1

    @property
    def total_steps(self) -> int:
        """Number of steps: the delay and twice the symbols."""
        return self.seq_len + 2 * self.options.memorize

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` examples."""
        m = self.options.memorize
        symbols = torch.randint(0, len(LETTERS), (m, n), generator=generator)
        inputs = self._asked(symbols)
        targets = torch.full((self.total_steps, n), BLANK)
        targets[-m:] = symbols
        return Batch(inputs, targets)

    def _asked(self, symbols: Tensor) -> Tensor:
        """Return the inputs for symbols ``(m, batch)``: these, the delay and the go marker."""
        inputs = torch.full((self.total_steps, symbols.shape[1]), BLANK)
        inputs[: len(symbols)] = symbols
        inputs[len(symbols) + self.seq_len - 1] = GO
        return inputs

    @property
    def first_question(self) -> str:
        """As many letters as there are to remember."""
        return ("BADGECAFEH" * 2)[: self.options.memorize]

    def parse_text(self, text: str) -> Tensor:
        """Return typed letters, the delay and the go marker."""
        typed = read_characters(text.upper(), {letter: number for number, letter in enumerate(LETTERS)})
        if len(typed) != self.options.memorize:
            raise ConfigError(
                f"Type {self.options.memorize} letters from A to H, as many as are to be remembered, not {len(typed)}."
            )
        return self._asked(typed)

    def steps(self, inputs: Tensor) -> tuple[str, ...]:
        """Return the letters, blanks as points, the go marker as a question mark."""
        return tuple(NAMES[symbol] for symbol in inputs[:, 0].tolist())

    def metric(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Return the share of symbols recalled: right answers among the last m steps."""
        m = self.options.memorize
        return (outputs[-m:].argmax(dim=-1) == batch.targets[-m:]).float().mean()

    def baselines(self) -> tuple[Baseline, ...]:
        """Return blind guessing, guessing only where a symbol is due, and perfect recall."""
        m, symbols, classes = self.options.memorize, len(LETTERS), self.output_size
        return (
            Baseline(
                "chance",
                "guessing at every step",
                math.log(classes),
                1 / classes,
                f"Equal chances for all {classes} answers at every step cost ln {classes}.",
            ),
            Baseline(
                "memoryless",
                "blanks, then guessing",
                m * math.log(symbols) / self.total_steps,
                1 / symbols,
                f"Whoever counts steps but remembers no symbol is sure of the {self.seq_len + m} blanks and pays "
                f"ln {symbols} for each of {m} symbols: {m} ln {symbols} / {self.total_steps}.",
            ),
            Baseline("optimum", "perfect recall", 0.0, 1.0, "The answer is determined by the input."),
        )

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show the symbols and what the network recalls of them."""
        m = self.options.memorize
        inputs = tuple(NAMES[i] for i in example.inputs[:, 0].tolist())
        truth = tuple(NAMES[i] for i in example.targets[:, 0].tolist())
        tracks = [Track("input", "input", inputs), Track("right answer", "truth", truth)]
        recalled = None
        if output is not None:
            answer = tuple(NAMES[i] for i in output.argmax(dim=-1).tolist())
            wrong = tuple(i for i, (a, b) in enumerate(zip(answer, truth, strict=True)) if a != b)
            tracks.append(Track("network", "answer", answer, marked=wrong))
            recalled = "".join(answer[-m:])
        word = "".join(inputs[:m])
        return Shown(
            question=word,
            truth=word,
            answer=recalled,
            right=None if recalled is None else recalled == word,
            tracks=tuple(tracks),
            note="· is nothing; ? asks for the symbols.",
        )
