"""Addition: two numbers as people write them, and their sum, digit by digit."""

import math
import re
from dataclasses import replace

import torch
from torch import Tensor

from rnncore.caching.once import once_for_each
from rnncore.errors import ConfigError
from rnncore.seeding import generator as seeded
from rnncore.settings import setting
from rnncore.tasks.base import TASKS, Baseline, Batch, Shown, is_held_out
from rnncore.tasks.language.pairs import POSITIONS, PairsTask, position_losses
from rnncore.tasks.typed import short
from rnncore.tasks.writing.base import AttentionOptions

DIGITS = "0123456789"
ZERO, PLUS = 1, 11  # numbers of these symbols; that of a blank, and of the end, is 0


class AdditionOptions(AttentionOptions):
    """In which order the digits of the sum are written."""

    reversed: bool = setting(
        True, group="task", label="Last digit first",
        help="The sum is written from its last digit on, as one adds on paper: each digit needs its own column and a "
        "carry. Otherwise the first digit written already depends on all columns.",
    )  # fmt: skip


@TASKS.register("addition")
class Addition(PairsTask):
    """Add two numbers that are written as digits.

    Inputs ``(time, batch)``: "123+45" in `2 * seq_len + 1` symbols, with blanks in front. Either number has 1 to
    `seq_len` digits, the longer of two lengths that are drawn (for three: 3 digits in 5 cases of 9, one in 1); all
    numbers of a length come alike often. Targets ``(seq_len + 2, batch)``: the digits of the sum and the end symbol,
    by default the last digit first ("861", shown as 168), as one adds on paper. Every batch is new; two numbers are
    held out in either order or in none, so that no held-out question can be answered by swapping the numbers of one
    that was seen.

    Zaremba and Sutskever (2014) had LSTMs add numbers that they read as text, digit by digit.
    """

    label = "Addition"
    keywords = "arithmetic sum plus maths calculator digits numbers translation carry"
    order = 92
    question = "“123+456” → 579: can a network learn to add, carries and all?"
    summary = "Two numbers with a plus between. Write their sum, digit by digit."
    Options = AdditionOptions
    seq_len_label = "Digits per number, at most"
    seq_len_range = (2, 6)
    recommended = {"seq_len": 3, "hidden_size": 128, "lr": 0.005, "batch_size": 128, "steps": 5000,
                   "schedule": "cosine"}  # fmt: skip
    beats = ("guessing", "having read nothing", "without carrying")
    fails = {
        "feedforward": "Without attention it has no state to hand over: it wrote one sum for all, none right.",
    }
    ask = "Two numbers with a plus between, such as “12+34”."
    stretches = True
    held_out_size = 512
    source = tuple(DIGITS + "+")
    target = tuple(DIGITS)

    def longest(self) -> tuple[int, int]:
        """Return the steps of two numbers and a plus, and of a sum with one digit more and the end."""
        return 2 * self.seq_len + 1, self.seq_len + 2

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` questions."""
        length = torch.randint(1, self.seq_len + 1, (2, 2, n), generator=generator).amax(dim=0)
        low = torch.where(length == 1, 0, 10 ** (length - 1))
        share = torch.rand(2, n, generator=generator, dtype=torch.float64)
        a, b = low + (share * (10**length - low)).long()
        from_the_right = torch.cat([digits(b, self.seq_len), torch.full((1, n), PLUS), digits(a, self.seq_len)])
        blanks_last = (from_the_right == 0).long().argsort(dim=0, stable=True)
        inputs = from_the_right.gather(0, blanks_last).flip(0)
        targets = digits(a + b, self.answer_steps)
        end, step = (targets > 0).sum(dim=0), torch.arange(self.answer_steps)[:, None]
        if not self.options.reversed:
            targets = torch.where(step < end, targets.gather(0, (end - 1 - step).clamp(min=0)), 0)
        return Batch(inputs, targets, step <= end)

    def pairs(self, n: int, generator: torch.Generator) -> list[tuple[str, str]]:
        """Draw `n` questions and answers as text."""
        drawn = self.sample(n, generator)
        return [(self.question_of(drawn.inputs[:, i]), self.text(drawn.targets[:, i])) for i in range(n)]

    def batch(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` new questions of the training side."""
        return self._one_side(n, generator, held_out=False)

    def held_out(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` new questions of the held-out side."""
        return self._one_side(n, generator, held_out=True)

    def is_held_out(self, batch: Batch) -> Tensor:
        """Return the side of two numbers, whichever comes first."""
        a, b = added(batch.inputs)
        return is_held_out(torch.stack([a.minimum(b), a.maximum(b)]))

    def split(self, text: str) -> list[str]:
        """Return the symbols in the order of reading or writing; a text without a plus is a sum."""
        return list(text[::-1] if self.options.reversed and "+" not in text else text)

    def text(self, targets: Tensor) -> str:
        """Return a written sum as people read it."""
        written = super().text(targets)
        return written[::-1] if self.options.reversed else written

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show question and answer, and say in which order the digits are written."""
        shown = super().show(example, output)
        if not self.options.reversed:
            return shown
        why = "as one adds on paper: each digit then needs its own column and a carry, no more"
        written = ", ".join(shown.truth[::-1])
        note = f"The sum is written from its last digit on, {why}. {shown.truth} is written {written}; ■ ends it."
        return replace(shown, note=note)

    def parse_text(self, text: str) -> Tensor:
        """Return a typed question, with blanks in front."""
        found = re.fullmatch(rf"\s*([0-9]{{1,{self.seq_len}}})\s*\+\s*([0-9]{{1,{self.seq_len}}})\s*", short(text))
        if not found:
            raise ConfigError(
                f"Type two numbers of 1 to {self.seq_len} digits with a plus between, such as 7+12, not “{text[:20]}”."
            )
        return self.typed("+".join(str(int(number)) for number in found.groups()))

    def baselines(self) -> tuple[Baseline, ...]:
        """Return guessing, having read nothing, adding without carrying, and adding."""
        unread, columns = _measured(self.seq_len, self.options.reversed)
        return (
            Baseline("chance", "guessing", math.log(11), 0.0, "Eleven symbols at each place: hardly ever all right."),
            Baseline("memoryless", "having read nothing", *unread,
                     "How often each digit stands at each place, counted on training sums.", counted=POSITIONS),
            Baseline("other", "without carrying", *columns,
                     "Each digit from the two above it, counted on training sums; carries are left to chance.",
                     counted=2000),
            Baseline("optimum", "exact", 0.0, 1.0, "The sum follows from the numbers."),
        )  # fmt: skip


def digits(numbers: Tensor, places: int) -> Tensor:
    """Return the digits of numbers ``(n,)`` as symbols ``(places, n)``, ones first; 0 where a number has no more."""
    power = 10 ** torch.arange(places)[:, None]
    return torch.where((numbers >= power) | (power == 1), ZERO + numbers // power % 10, 0)


def added(inputs: Tensor) -> tuple[Tensor, Tensor]:
    """Return the two numbers of each question ``(time, n)``."""
    step, plus = torch.arange(len(inputs))[:, None], (inputs == PLUS).long().argmax(dim=0)
    place = torch.where(step < plus, plus - 1 - step, len(inputs) - 1 - step).clamp(min=0)
    worth = torch.where(inputs > 0, (inputs - ZERO) * 10**place, 0)
    return (worth * (step < plus)).sum(dim=0), (worth * (step > plus)).sum(dim=0)


@once_for_each(16)
def _measured(seq_len: int, last_first: bool) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return loss and metric without reading and without carrying: counted on training, measured on held-out sums."""
    unread = position_losses(Addition(seq_len, AdditionOptions(reversed=last_first)))
    task = Addition(seq_len)
    training, held_out = task.batch(20_000, seeded(0, "columns")), task.held_out(2000, seeded(0, "columns"))
    counts = torch.full((PLUS, PLUS, task.output_size), 0.01, dtype=torch.float64)
    one, other = (digits(numbers, task.answer_steps) for numbers in added(training.inputs))
    seen = tuple(part[training.mask] for part in (one, other, training.targets))
    counts.index_put_(seen, torch.ones(1).double(), accumulate=True)
    one, other = (digits(numbers, task.answer_steps) for numbers in added(held_out.inputs))
    outputs = counts.log()[one, other]
    return unread, (task.loss(outputs, held_out).item(), task.metric(outputs, held_out).item())
