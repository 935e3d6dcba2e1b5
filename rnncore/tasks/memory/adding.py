"""The adding problem: remember two marked numbers, far apart, and add them."""

import torch
from torch import Tensor

from rnncore.errors import ConfigError
from rnncore.seeding import generator as seeded
from rnncore.tasks.base import TASKS, Baseline, Batch, Remembered, SequenceType, Shown, Task, Track
from rnncore.tasks.remembered import first_marked
from rnncore.tasks.typed import read_numbers


@TASKS.register("adding")
class Adding(Task):
    """Add the two marked numbers of a sequence.

    Inputs ``(time, batch, 2)``: a number from U[0, 1] and a marker, 1 at two steps and 0 elsewhere; one
    marker in the first half, one in the second half but never at the last step. Target ``(batch, 1)``: the
    sum of the two marked numbers. `seq_len` counts the steps. Hochreiter and Schmidhuber (1997), in the
    variant with inputs in [0, 1].
    """

    label = "Adding problem"
    keywords = "memory long-term dependency sum arithmetic numbers regression benchmark toy"
    order = 10
    question = "Add two marked numbers from a long list: who still remembers the first one?"
    summary = "A list of random numbers, two of them marked. After the last one, say the sum of the marked two."
    sequence_type = SequenceType.MANY_TO_ONE
    loss_kind = "mse"
    loss_label = "squared error"
    metric_label = "right within 0.05"
    recommended = {"seq_len": 50, "steps": 1500}
    beats = ("always guessing the mean", "knowing one of the two")
    fails = {
        "rnn": "After 1500 updates its squared error was 0.176, no better than the 0.167 of always guessing the "
        "mean; the gru reached 0.0001, the lstm 0.0005.",
        "feedforward": "The marked numbers mostly lie outside its ten steps: squared error 0.177, no better than the "
        "0.167 of always guessing the mean.",
    }
    ask = "Two numbers from 0 to 1; they are put into a list of others and marked. Such as “0.72 + 0.41”."
    input_size = 2
    output_size = 1
    tolerance = 0.05

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` examples."""
        half = self.seq_len // 2
        values = torch.rand(self.seq_len, n, generator=generator)
        first = torch.randint(0, half, (n,), generator=generator)
        second = torch.randint(half, self.seq_len - 1, (n,), generator=generator)
        marks, each = torch.zeros(self.seq_len, n), torch.arange(n)
        marks[first, each] = 1
        marks[second, each] = 1
        return Batch(torch.stack([values, marks], dim=-1), (values[first, each] + values[second, each])[:, None])

    def parse_text(self, text: str) -> Tensor:
        """Return a list of numbers in which the two that were typed are marked; the others stay the same."""
        values = read_numbers(text.replace("+", " "), 2)
        if len(values) != 2 or not all(0 <= value <= 1 for value in values):
            raise ConfigError("Type two numbers from 0 to 1 with a plus between, such as 0.72 + 0.41.")
        inputs = self.sample(1, seeded(0, "question")).inputs
        inputs[inputs[:, 0, 1] == 1, 0, 0] = torch.tensor(values)
        return inputs

    def steps(self, inputs: Tensor) -> tuple[str, ...]:
        """Return the numbers, the marked ones with a star."""
        return tuple(f"{value:.2f}{'*' if mark else ''}" for value, mark in inputs[:, 0].tolist())

    def marks(self, inputs: Tensor) -> Tensor:
        """Return the two marked steps."""
        return inputs[..., 1] > 0

    def remembered(self, batch: Batch) -> Remembered:
        """Return the first marked number."""
        steps = first_marked(self.marks(batch.inputs))
        return Remembered("the first marked number", steps, batch.inputs[steps, torch.arange(batch.size), 0])

    def metric(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Return the share of sums that are right within 0.05."""
        return ((outputs - batch.targets).abs() <= self.tolerance).float().mean()

    def baselines(self) -> tuple[Baseline, ...]:
        """Return guessing the mean, knowing one number, and the exact sum."""
        # |U1 + U2 - 1| <= e has probability 1 - (1 - e)^2 under the triangular density
        near_mean = 1 - (1 - self.tolerance) ** 2
        return (
            Baseline(
                "memoryless",
                "always guessing the mean",
                1 / 6,
                near_mean,
                "The last step is never marked, so without memory the best guess is 1.0, the mean sum; "
                "its squared error is the variance of two uniform numbers, 2 x 1/12 = 1/6.",
            ),
            Baseline(
                "other",
                "knowing one of the two",
                1 / 12,
                2 * self.tolerance,
                "Knowing one number exactly leaves the variance of the other, 1/12.",
            ),
            Baseline("optimum", "exact", 0.0, 1.0, "The sum is determined by the input."),
        )

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show the two marked numbers and their sum."""
        values, marks = example.inputs[:, 0].unbind(-1)
        first, second = (int(i) for i in marks.nonzero()[:, 0])
        truth = float(example.targets)
        shown = round(float(values[first]), 2)  # the second is shown as the rest, so that the rounded line adds up
        answer = None if output is None else float(output)
        return Shown(
            question=f"{shown:.2f} + {abs(round(truth, 2) - shown):.2f}",
            truth=f"{truth:.2f}",
            answer=None if answer is None else f"{answer:.2f}",
            right=None if answer is None else abs(answer - truth) <= self.tolerance,
            tracks=(Track("number", "input", tuple(values.tolist()), marked=(first, second)),),
        )
