"""Brackets: what may come next in a well-formed word? A task that needs a stack."""

import math

import torch
from torch import Tensor

from rnncore.caching.once import once_for_each
from rnncore.errors import ConfigError
from rnncore.seeding import generator as seeded
from rnncore.settings import setting
from rnncore.tasks.base import TASKS, Baseline, Batch, SequenceType, Shown, Task, TaskOptions, Track
from rnncore.tasks.shown import END_SHOWN, NONE_SHOWN
from rnncore.tasks.typed import read_characters

SYMBOLS = "()[]"
PADDING = END = len(SYMBOLS)


class BracketOptions(TaskOptions):
    """The depth of the brackets."""

    depth: int = setting(
        4, ge=1, le=10, unit="levels", group="task", label="Maximum depth",
        help="Most brackets open at the same time. The network needs a stack of that height.",
    )  # fmt: skip


@TASKS.register("brackets")
class Brackets(Task):
    """Predict the set of symbols that may come next in a word of two kinds of brackets.

    Inputs ``(time, batch)``: symbols 0 to 3 are ``( ) [ ]``, 4 is padding after the word's end. Targets
    ``(time, batch, 5)``: 1 for each of ``( ) [ ] end`` that is legal next, else 0. Legal means that some
    well-formed word of depth at most D continues like this, whatever its length: both opening brackets while
    fewer than D are open, the closing bracket that matches the last open one, and the end when none is open.
    D is the option `depth`. A step is right when its whole set is.

    Word lengths are drawn evenly from the even numbers between half of `seq_len` and `seq_len`. At each step
    a fair coin chooses between opening and closing wherever both can still lead to a word of the drawn length
    and depth; a second coin chooses the kind. The language is the Dyck language with two kinds and bounded
    depth, asked for as sets of legal symbols as Gers and Schmidhuber (2001) did for other context-free
    languages; Hewitt et al. (2020) study it under the name Dyck-(k, m).
    """

    label = "Brackets"
    keywords = "parentheses stack nesting syntax grammar language code Dyck"
    order = 50
    question = "Which bracket may come next? Only a memory of all that is still open can tell."
    summary = "A word of round and square brackets. After each symbol, name all symbols that may legally follow."
    sequence_type = SequenceType.ALIGNED
    loss_kind = "binary"
    loss_label = "binary cross-entropy in nats per symbol"
    metric_label = "whole set right"
    seq_len_label = "Longest word"
    seq_len_range = (10, 400)
    recommended = {"seq_len": 30, "steps": 1000}
    beats = ("coin flips", "seeing the current symbol only")
    fails = {
        "feedforward": "Seeing the last ten symbols it named 89 % of the sets, missing those that depend on an older "
        "bracket; the rnn named 99.7 %, lstm and gru all.",
    }
    ask = "Type brackets, all closed or some still open, such as “([])[”."
    Options = BracketOptions
    answers = (*SYMBOLS, "end")
    input_size = len(SYMBOLS) + 1
    output_size = len(SYMBOLS) + 1

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` examples."""
        longest, deepest = self.seq_len // 2, self.options.depth  # longest counts pairs
        lengths = 2 * torch.randint((longest + 1) // 2, longest + 1, (n,), generator=generator)
        coins = torch.randint(0, 2, (2, self.seq_len, n), generator=generator)
        stack = torch.zeros(deepest + 1, n, dtype=torch.int64)  # level 0 stays unused
        height, each = torch.zeros(n, dtype=torch.int64), torch.arange(n)
        inputs = torch.full((self.seq_len, n), PADDING)
        targets = torch.zeros(self.seq_len, n, self.output_size)
        for step in range(self.seq_len):
            left = lengths - step  # symbols still to write, this one included
            opens = (height == 0) | ((coins[0, step] == 1) & (height < deepest) & (height < left))
            top = torch.where(opens, coins[1, step], stack[height, each])  # the kind opened or closed, 0 or 1
            stack[torch.where(opens, height + 1, 0), each] = top
            inputs[step] = torch.where(left > 0, 2 * top + (~opens).long(), PADDING)
            height = torch.where(opens, height + 1, height - 1) * (left > 0)
            targets[step] = legal_next(height, stack[height, each], deepest)
        mask = torch.arange(self.seq_len)[:, None] < lengths
        return Batch(inputs, targets * mask[..., None], mask, lengths)

    @property
    def first_question(self) -> str:
        """A word that still has something open, as deep as the depth allows."""
        return super().first_question if self.options.depth > 1 else "()["

    def parse_text(self, text: str) -> Tensor:
        """Return typed brackets: a word, or the beginning of one."""
        typed = read_characters(text, {symbol: number for number, symbol in enumerate(SYMBOLS)})
        expected: list[int] = []  # the closing brackets still to come
        for at, symbol in enumerate(typed[:, 0].tolist(), start=1):
            found = f"Symbol {at} cannot be “{SYMBOLS[symbol]}”"
            if symbol % 2 == 0:
                expected.append(symbol + 1)
                if len(expected) > self.options.depth:
                    raise ConfigError(
                        f"{found}: at most {self.options.depth} brackets may be open in this task. Close some."
                    )
            elif not expected:
                raise ConfigError(f"{found}: no bracket is open there. Type an opening bracket before it.")
            elif (closing := expected.pop()) != symbol:
                raise ConfigError(f"{found}: the bracket to close there takes “{SYMBOLS[closing]}”. Type that instead.")
        return typed

    def steps(self, inputs: Tensor) -> tuple[str, ...]:
        """Return the brackets."""
        return tuple(SYMBOLS[symbol] for symbol in inputs[:, 0].tolist())

    def baselines(self) -> tuple[Baseline, ...]:
        """Return coin flips, the best guess from the current symbol, and a perfect stack."""
        loss, metric = _from_current_symbol(self.seq_len, self.options.depth)
        return (
            Baseline("chance", "coin flips", math.log(2), 1 / 32, "Five independent coins are all right once in 32."),
            Baseline(
                "memoryless",
                "seeing the current symbol only",
                loss,
                metric,
                "Measured on 4,000 words from a fixed seed: the loss with each symbol's own frequencies of what may "
                "follow, the metric with the set that most often follows it.",
                counted=4000,
            ),
            Baseline("optimum", "a perfect stack", 0.0, 1.0, "The legal set is determined by what was read."),
        )

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show the word before its last step that still has something open; right only if every step is."""
        length = self.seq_len if example.lengths is None else int(example.lengths)
        word = "".join(SYMBOLS[i] for i in example.inputs[:length, 0].tolist())
        truth = tuple(_set(row) for row in example.targets[:length, 0])
        tracks = [Track("symbol", "input", tuple(word)), Track("legal next", "truth", truth)]
        asked = length - 2  # after the last symbol of a word the set is always the same
        text, right = None, None
        if output is not None:
            answer = tuple(_set(torch.sigmoid(row)) for row in output[:length])
            wrong = tuple(i for i in range(length) if answer[i] != truth[i])
            tracks.append(Track("network", "answer", answer, marked=wrong))
            text = f"{answer[asked]}, {length - len(wrong)} of {length}"
            right = not wrong
        prefix = word[: asked + 1]
        return Shown(
            question="…" * (len(prefix) > 10) + prefix[-10:],
            truth=truth[asked],
            answer=text,
            right=right,
            tracks=tuple(tracks),
            note=f"Under each bracket stands all that may follow it; {END_SHOWN} is the end.",
        )


def legal_next(height: Tensor, top: Tensor, deepest: int) -> Tensor:
    """Return which of ``( ) [ ] end`` may follow: ``(batch, 5)`` of 0 and 1.

    `height` is the number of open brackets, `top` the kind of the last open one (0 round, 1 square).
    """
    opening, closing = height < deepest, height > 0
    return torch.stack([opening, closing & (top == 0), opening, closing & (top == 1), ~closing], dim=-1).float()


def _set(chosen: Tensor) -> str:
    names = (*SYMBOLS, END_SHOWN)
    return " ".join(names[i] for i in (chosen > 0.5).nonzero()[:, 0].tolist()) or NONE_SHOWN


@once_for_each(64)
def _from_current_symbol(seq_len: int, depth: int) -> tuple[float, float]:
    """Return loss and metric of the best guesses from the current symbol alone, on a fixed sample."""
    task = Brackets(seq_len, BracketOptions(depth=depth))
    batch = task.sample(4000, seeded(0, "brackets baseline"))
    assert batch.mask is not None  # noqa: S101
    current, sets = batch.inputs[batch.mask], batch.targets[batch.mask]  # (steps,), (steps, 5)
    loss, right = 0.0, 0
    for symbol in range(len(SYMBOLS)):
        rows = sets[current == symbol].double()
        share = rows.mean(dim=0)
        loss -= float((torch.xlogy(share, share) + torch.xlogy(1 - share, 1 - share)).mean()) * len(rows)
        right += int(rows.unique(dim=0, return_counts=True)[1].max())
    return loss / len(sets), right / len(sets)
