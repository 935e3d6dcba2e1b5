"""Copies: what is kept of a network in training beside the network itself, and the network while it is put aside."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Generator, Tensor, nn

from rnncore.training.optimizer import Optimizer
from rnncore.training.shelf import SMALL, Shelf, Spool, size_of

ASIDE, GOOD = "aside", "good"


@dataclass
class Snapshot:
    """All that decides how training goes on: weights, optimiser's state, states of the generators."""

    model: dict[str, Tensor]
    optimizer: dict[int, dict[str, Tensor]]
    generators: dict[str, Tensor]


class Copies:
    """Copies of a network, small ones in memory and large ones in a file.

    Parameters
    ----------
    model, optimizer, generators
        What is copied, as it is at each moment.

    Attributes
    ----------
    milestones
        Weights by update, in the order of `model.parameters()`.
    good_step
        The update whose state `keep_as_good` kept last.
    """

    def __init__(self, model: nn.Module, optimizer: Optimizer, generators: Mapping[str, Generator]) -> None:
        self._model, self._optimizer, self._generators = model, optimizer, generators
        self._spool = Spool()
        self._kept, self.milestones = Shelf[str](self._spool), Shelf[int](self._spool)
        self.good_step = 0

    def weights(self) -> list[Tensor]:
        """Return the weights themselves, not a copy."""
        return [parameter.detach() for parameter in self._model.parameters()]

    def now(self) -> Snapshot:
        """Return a copy of the present state."""
        return copy.deepcopy(self._state())

    def keep_as_good(self, step: int) -> None:
        """Keep the present state as one to go back to, in place of the last one."""
        self._kept[GOOD], self.good_step = vars(self._state()), step

    @property
    def good(self) -> Snapshot:
        """A copy of the state to go back to."""
        return Snapshot(**self._kept[GOOD])

    def forget(self) -> None:
        """Forget all copies: of a run that nobody trains on from."""
        self._kept.clear()
        self.milestones.clear()

    @property
    def memory(self) -> int:
        """Bytes of copies in memory."""
        return self._kept.memory + self.milestones.memory

    @property
    def in_file(self) -> int:
        """Bytes of copies in the file."""
        return self._spool.end

    @property
    def aside(self) -> bool:
        """Whether the network has left memory."""
        return ASIDE in self._kept

    def put_aside(self) -> None:
        """Take weights and optimiser's state out of memory; a small network stays, since it holds next to nothing.

        Until they are taken back the network answers nothing: its weights are empty.
        """
        weights = self.weights()
        if self.aside or size_of(weights) < SMALL:
            return
        self._kept[ASIDE] = {"weights": weights, "slots": self._optimizer.slots}
        self._optimizer.slots = {}
        for parameter in self._model.parameters():
            parameter.data, parameter.grad = torch.empty(0), None

    def take_back(self) -> None:
        """Bring back what `put_aside` took out, if it did."""
        if not self.aside:
            return
        found = self._kept.pop(ASIDE)
        self._optimizer.slots = found["slots"]
        for parameter, weights in zip(self._model.parameters(), found["weights"], strict=True):
            parameter.data = weights

    def _state(self) -> Snapshot:
        return Snapshot(
            model=dict(self._model.state_dict()),
            optimizer=self._optimizer.state_dict(),
            generators={name: generator.get_state() for name, generator in self._generators.items()},
        )
