"""Tasks on one long real series: windows of it, split by time."""

from abc import abstractmethod
from dataclasses import replace

import torch
from torch import Tensor

from rnncore.errors import ConfigError
from rnncore.tasks.base import Batch, Task


class WindowTask(Task):
    """A task whose examples are windows of a series, the earlier part for training, the later part held out.

    `setup` of a subclass calls `split`; `as_batch` turns windows into a batch. No window crosses the border,
    so nothing that is scored on the held-out side was ever seen. Held-out windows are drawn without
    replacement for as long as there are enough of them, then all over again.
    """

    examples_name = "windows"
    training_windows: Tensor
    held_out_windows: Tensor

    def split(self, training: Tensor, held_out: Tensor) -> None:
        """Cut both parts into all their windows of ``seq_len + 1``: ``(windows, seq_len + 1)`` each.

        Raises
        ------
        ConfigError
            If one of them is shorter than a window.
        """
        shortest = min(len(training), len(held_out))
        if self.seq_len >= shortest:
            raise ConfigError(
                f"'seq_len' must be under {shortest} for this series, the length of its shorter part, "
                f"not {self.seq_len}: choose less, or a longer series."
            )
        self.training_windows = training.unfold(0, self.seq_len + 1, 1)
        self.held_out_windows = held_out.unfold(0, self.seq_len + 1, 1)

    @abstractmethod
    def as_batch(self, windows: Tensor) -> Batch:
        """Return windows ``(batch, seq_len + 1)`` as a batch."""

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` windows from both sides, each window equally likely."""
        first = len(self.training_windows)
        index = torch.randint(0, first + len(self.held_out_windows), (n,), generator=generator)
        later = index >= first
        windows = torch.where(
            later[:, None],
            self.held_out_windows[(index - first).clamp(min=0)],
            self.training_windows[index.clamp(max=first - 1)],
        )
        return self.as_batch(windows)

    def batch(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` random windows of the training part."""
        index = torch.randint(0, len(self.training_windows), (n,), generator=generator)
        return self.as_batch(self.training_windows[index])

    def held_out(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` windows of the held-out part, none twice while there are others left."""
        available = len(self.held_out_windows)
        rounds = [torch.randperm(available, generator=generator) for _ in range(-(-n // available))]
        place = torch.cat(rounds)[:n]
        return replace(self.as_batch(self.held_out_windows[place]), place=place, number=place)
