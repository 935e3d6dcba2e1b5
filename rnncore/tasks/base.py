"""The base of every task: batches, a held-out side, baselines, and how to show one example."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, Literal

import torch
from pydantic import BaseModel, ConfigDict
from torch import Tensor, nn
from torch.nn import functional as F

from rnncore.registry import Registry
from rnncore.tasks.asked import Asked
from rnncore.tasks.baseline import Baseline as Baseline
from rnncore.tasks.baseline import Reported as Reported
from rnncore.tasks.batch import Batch as Batch
from rnncore.tasks.batch import join
from rnncore.tasks.remembered import Remembered as Remembered
from rnncore.tasks.remembered import first_marked, inputs_at
from rnncore.tasks.sequence_type import SequenceType as SequenceType
from rnncore.tasks.series.closeness import Closeness
from rnncore.tasks.shown import Clip as Clip
from rnncore.tasks.shown import Drawing as Drawing
from rnncore.tasks.shown import Painting as Painting
from rnncore.tasks.shown import Picture as Picture
from rnncore.tasks.shown import Shown as Shown
from rnncore.tasks.shown import Sound as Sound
from rnncore.tasks.shown import Track as Track
from rnncore.tasks.sides import is_held_out


class TaskOptions(BaseModel):
    """Base of a task's own settings; declare fields with `rnncore.settings.setting`."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Task(Asked, ABC):
    """A generator of sequence problems.

    Parameters
    ----------
    seq_len
        Length of the problem in steps; each task says what exactly it counts.
    options
        The task's own settings, an instance of its `Options`; None takes the defaults.

    Notes
    -----
    Held-out examples never occur in training. For generated data every possible input belongs to exactly
    one side, decided by a hash of the input itself (one in eight is held out) unless the task overrides
    `is_held_out`; tasks on real data split by time and override `batch` and `held_out`.

    Attributes
    ----------
    data
        Where the examples come from, as one sentence.
    beats
        Names of the reference lines that the recommended set-up beats on held-out examples: with a loss lower by a
        twentieth or more and a better metric, as far as the line states them. The optimum is none of them; empty where
        nobody can be beaten.
    fails
        Which cell, at the recommended settings, is known to fail, and what it was measured to do instead.
    keywords
        Other words under which a person may look for it, separated by blanks.
    answers
        What each class is called, for tasks that classify.
    forecasts
        Whether it forecasts one number after others of the same kind; `unit_label` then names the unit of `in_units`.
    answer_steps
        Steps of the longest answer that a network writes; 0 where it answers what it reads in place.
    feed_size
        Numbers that describe one written step to the next, as `feed` makes them.
    writes_symbols
        Whether the network writes symbols, one after the other, each with a probability.
    symbols
        These symbols by number; the first, empty, ends an answer.
    closeness
        When a forecast counts as right, measured on the data; None where nothing of the kind was measured.
    judged_by
        What a network is compared with the reference lines by: the loss, unless the metric is an error in the unit of
        the data. A share of right answers can stand still while a network learns.
    stretches
        Whether the same problem exists at other lengths, so that a trained network can be tested there.
    reported
        What each of the further measures of `report` is called, by its name there.
    longer
        What a greater `seq_len` makes of the problem: ``harder``, since there is more to remember; ``richer``, since
        there is more to go by; or ``same``.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    order: ClassVar[int] = 100
    keywords: ClassVar[str]
    question: ClassVar[str]
    summary: ClassVar[str]
    sequence_type: ClassVar[SequenceType]
    loss_kind: ClassVar[Literal["mse", "cross_entropy", "binary", "density"]]
    loss_label: ClassVar[str]
    metric_label: ClassVar[str]
    metric_unit: ClassVar[str] = "share"
    metric_higher_is_better: ClassVar[bool] = True
    seq_len_label: ClassVar[str] = "Sequence length"
    seq_len_range: ClassVar[tuple[int, int]] = (4, 1000)
    recommended: ClassVar[Mapping[str, Any]] = {}
    reported: ClassVar[Mapping[str, Reported]] = {}
    data: ClassVar[str] = "Made here by a generator, new for every batch."
    beats: ClassVar[tuple[str, ...]] = ()
    fails: ClassVar[Mapping[str, str]] = {}
    answers: ClassVar[tuple[str, ...]] = ()
    forecasts: ClassVar[bool] = False
    unit_label: ClassVar[str] = ""
    next_name: ClassVar[str] = "answer"
    writes_symbols: ClassVar[bool] = False
    symbols: tuple[str, ...] = ()
    closeness: Closeness | None = None
    held_out_size: int = 128
    examples_name: ClassVar[str] = "examples"
    stretches: ClassVar[bool] = True
    longer: ClassVar[Literal["harder", "richer", "same"]] = "harder"
    judged_by: ClassVar[Literal["loss", "metric"]] = "loss"
    Options: ClassVar[type[TaskOptions]] = TaskOptions

    input_size: int
    output_size: int
    answer_steps: int = 0
    feed_size: int = 0

    def __init__(self, seq_len: int, options: TaskOptions | None = None) -> None:
        self.seq_len = seq_len
        self.options: Any = options if options is not None else self.Options()
        self.setup()

    def setup(self) -> None:
        """Prepare what depends on the settings: sizes, data."""

    @property
    def many_to_one(self) -> bool:
        """True if there is one answer per sequence, after its last step."""
        return self.sequence_type is SequenceType.MANY_TO_ONE

    @property
    def writes(self) -> bool:
        """True if the network writes its answer step by step after it has read everything."""
        return self.sequence_type.writes

    @property
    def attention(self) -> bool:
        """True if the network may look back at what it read before each step that it writes."""
        return False

    @property
    def total_steps(self) -> int:
        """Number of steps that the network runs through, padding included."""
        return self.seq_len

    def feed(self, targets: Tensor) -> Tensor:
        """Return written steps as numbers for the next: ``(...)`` to ``(..., feed_size)``."""
        raise NotImplementedError(f"{self.name} writes no answers")

    def choose(self, outputs: Tensor, generator: torch.Generator) -> Tensor:
        """Return what is written, given one step's outputs ``(batch, outputs)``."""
        raise NotImplementedError(f"{self.name} writes no answers")

    @abstractmethod
    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` examples from everything that can occur, training and held-out side alike."""

    def batch(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` training examples."""
        return self._one_side(n, generator, held_out=False)

    def held_out(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` examples that training can never see."""
        return self._one_side(n, generator, held_out=True)

    def _one_side(self, n: int, generator: torch.Generator, *, held_out: bool) -> Batch:
        surplus = 10 if held_out else 1.25
        found: list[Batch] = []
        while sum(b.size for b in found) < n:
            drawn = self.sample(int(n * surplus) + 8, generator)
            found.append(drawn.select(torch.nonzero(self.is_held_out(drawn) == held_out)[:, 0], self.many_to_one))
        joined = found[0] if len(found) == 1 else join(found, self.many_to_one)
        return joined.select(slice(0, n), self.many_to_one)

    def is_held_out(self, batch: Batch) -> Tensor:
        """Return which examples belong to the held-out side: ``(batch,)`` bool; the same input, the same side."""
        return is_held_out(batch.inputs)

    def in_units(self, values: Tensor) -> Tensor:
        """Return inputs, targets or outputs in the unit of the data, which `unit_label` names; float64."""
        return values.double()

    def value_text(self, output: Tensor) -> str:
        """Return an answer that is one number as it is written on a page."""
        return f"{float(output):.2f}"

    def marks(self, inputs: Tensor) -> Tensor | None:
        """Return the steps ``(time, batch)`` bool that the answer depends on, where the task marks some; else None."""
        return None

    def remembered(self, batch: Batch) -> Remembered:
        """Return the thing to remember of each example: the input at its first marked step, else the first input."""
        marks = self.marks(batch.inputs)
        name = "the first marked input" if marks is not None else "the first input"
        steps = torch.zeros(batch.size, dtype=torch.int64) if marks is None else first_marked(marks)
        return inputs_at(name, batch.inputs, steps, self.steps)

    @property
    def right_within(self) -> str:
        """The distance within which an answer counts as right, and the reason; empty where there is none."""
        return ""

    def loss(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Return the mean loss over all answers that count; natural logarithms."""
        outputs, targets = self.counted(outputs, batch)
        if self.loss_kind == "mse":
            return F.mse_loss(outputs, targets)
        if self.loss_kind == "binary":
            return F.binary_cross_entropy_with_logits(outputs, targets)
        return F.cross_entropy(outputs, targets)

    def metric(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Return the task's metric; here the share of right answers."""
        outputs, targets = self.counted(outputs, batch)
        if self.loss_kind == "binary":
            return ((outputs > 0) == (targets > 0.5)).all(dim=-1).float().mean()
        return (outputs.argmax(dim=-1) == targets).float().mean()

    def report(self, model: nn.Module, held_out: Batch) -> dict[str, float]:
        """Return further measures of a trained network, by name; taken at the end of a run, since they cost more."""
        return {}

    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return one loss per answer: ``(answers, ...)`` to ``(answers,)``."""
        if self.loss_kind == "mse":
            return (outputs - targets).pow(2).flatten(1).mean(dim=1)
        if self.loss_kind == "binary":
            return F.binary_cross_entropy_with_logits(outputs, targets, reduction="none").flatten(1).mean(dim=1)
        return F.cross_entropy(outputs, targets, reduction="none")

    def scores(self, outputs: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return, per example, the sum of its errors and the number of its answers: ``(batch,)`` both.

        The first summed up, divided by the second summed up, is what the task is judged by: here the loss.
        """
        each = self.losses(*self.counted(outputs, batch))
        if self.many_to_one:
            return each, torch.ones_like(each)
        owner = torch.arange(batch.size).expand(len(batch.targets), -1)
        owner = owner.flatten() if batch.mask is None else owner[batch.mask]
        zeros = torch.zeros(batch.size)
        return zeros.index_add(0, owner, each), zeros.index_add(0, owner, torch.ones_like(each))

    def counted(self, outputs: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return the outputs and targets that count, examples (and steps) in one dimension."""
        if self.many_to_one:
            return outputs, batch.targets
        if batch.mask is not None:
            return outputs[batch.mask], batch.targets[batch.mask]
        return outputs.flatten(0, 1), batch.targets.flatten(0, 1)

    @cached_property
    def reference_lines(self) -> tuple[Baseline, ...]:
        """The reference lines, kept once they have been asked for."""
        return self.baselines()

    @abstractmethod
    def baselines(self) -> tuple[Baseline, ...]:
        """Return the reference lines: chance, the best memory-less guess, the optimum where known."""

    @abstractmethod
    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Describe a batch of one example and, if given, the network's output for it.

        `output` has no batch axis: ``(outputs,)`` or ``(time, outputs)``, and no gradient. Where the network writes,
        it is what it wrote, in the form of the targets.
        """


TASKS: Registry[Task] = Registry("task")
