"""The base of tasks in which the network first reads and then writes, step by step."""

import math
from abc import abstractmethod
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rnncore.seeding import generator as seeded
from rnncore.settings import setting
from rnncore.tasks.base import Batch, Reported, Task, TaskOptions


class AttentionOptions(TaskOptions):
    """Whether the writing network may look back at what was read."""

    attention: bool = setting(
        False, group="task", label="Attention",
        help="At each step of writing, the network looks at all that it has read and weighs what matters now "
        "(Bahdanau, 2015). Without, everything must pass through one state.",
    )  # fmt: skip


class WritingTask(Task):
    """A task of the types one-to-many and encoder-decoder.

    Inputs ``(time, batch)`` or ``(time, batch, features)`` are read whole; all examples have the same number of steps
    (blanks stand in front of shorter ones and are read like any symbol). Targets ``(answer_steps, batch)`` or
    ``(answer_steps, batch, features)`` are written one step after the other; `mask` says which count. While training,
    each step is fed the right step before it (teacher forcing: Williams and Zipser, 1989); in use, the network is fed
    what it wrote itself.
    """

    input_steps: int
    stretches: ClassVar[bool] = False

    @property
    def total_steps(self) -> int:
        """Steps of reading and of writing."""
        return self.input_steps + self.answer_steps

    @property
    def attention(self) -> bool:
        """Whether the network may look back; see `AttentionOptions`."""
        return bool(getattr(self.options, "attention", False))

    def feed(self, targets: Tensor) -> Tensor:
        """Return written steps as numbers for the next: ``(...)`` to ``(..., feed_size)``; here symbols, one-hot."""
        return F.one_hot(targets, self.feed_size).float()

    @abstractmethod
    def choose(self, outputs: Tensor, generator: torch.Generator) -> Tensor:
        """Return what is written, given one step's outputs ``(batch, outputs)``."""


class SymbolTask(WritingTask):
    """A writing task whose answers are symbols: the metric is the share of answers without any fault.

    Where the likeliest symbol is written, feeding the right ones and feeding its own make the same first fault, so a
    flawless answer is flawless in both.
    """

    loss_kind = "cross_entropy"
    writes_symbols = True
    reported = {
        "characters": Reported("symbols right, truth fed", "Each symbol is predicted after the right ones before it."),
        "characters_free": Reported(
            "symbols right, on its own", "It is fed what it wrote itself: one slip shifts what follows."
        ),
        "exact_free": Reported("flawless answers, on its own", "Answers without a single wrong symbol."),
    }

    def choose(self, outputs: Tensor, generator: torch.Generator) -> Tensor:
        """Return the likeliest symbol."""
        return outputs.argmax(dim=-1)

    def metric(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Return the share of answers that are right at every step that counts."""
        wrong = outputs.argmax(dim=-1) != batch.targets
        if batch.mask is not None:
            wrong = wrong & batch.mask
        return (~wrong.any(dim=0)).float().mean()

    def report(self, model: nn.Module, held_out: Batch) -> dict[str, float]:
        """Return the shares of symbols right with the right ones fed and with its own, and of flawless answers.

        All are NaN where the network, fed what it wrote itself, no longer gives finite numbers.
        """
        network: Any = model
        outputs, _ = network.answer(held_out)
        alone = network.write(held_out.inputs, self, seeded(0, "symbols"))
        right = held_out.targets
        counts = held_out.mask if held_out.mask is not None else torch.ones_like(right, dtype=torch.bool)
        fed, free = outputs.argmax(dim=-1) == right, alone.targets == right
        found = {
            "characters": fed[counts].float().mean().item(),
            "characters_free": free[counts].float().mean().item(),
            "exact_free": (free | ~counts).all(dim=0).float().mean().item(),
        }
        return found if alone.outputs.isfinite().all() else dict.fromkeys(found, math.nan)
