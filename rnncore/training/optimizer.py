"""Optimisers and learning-rate schedules."""

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.adam import adam
from torch.optim.rmsprop import rmsprop
from torch.optim.sgd import sgd

from rnncore.config import RunConfig, Schedule

# What each rule keeps per weight, by PyTorch's names.
SLOTS = {
    "adam": ("step", "exp_avg", "exp_avg_sq"),
    "adamw": ("step", "exp_avg", "exp_avg_sq"),
    "sgd": ("momentum_buffer",),
    "rmsprop": ("step", "square_avg"),
}


class Optimizer:
    """PyTorch's update rules without PyTorch's optimiser objects.

    The rules are `torch.optim`'s own functions and the state has its names, so `state_dict` moves to and from
    `torch.optim.Adam`, `AdamW`, `SGD` and `RMSprop`. Their objects import PyTorch's compiler at the first call,
    90 MB that nothing here uses, and cost as much as a small network's forward pass.

    Adam (Kingma and Ba, 2015) and AdamW (Loshchilov and Hutter, 2019) with betas 0.9 and 0.999, AdamW with
    weight decay 0.01; SGD with the config's momentum; RMSprop (Hinton, 2012) with smoothing 0.99: PyTorch's
    defaults.

    Parameters
    ----------
    config
        Names the rule and its momentum.
    model
        Whose weights are updated.
    """

    def __init__(self, config: RunConfig, model: nn.Module) -> None:
        self.rule, self.lr, self.momentum = config.optimizer, config.lr, config.momentum
        self.parameters = list(model.parameters())
        self.slots: dict[str, list[Tensor]] = {}

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Change every weight once, by its gradient and `lr`, and forget the gradients, which take as much room."""
        if not self.slots:
            self.slots = {name: [self._zero(name, p) for p in self.parameters] for name in SLOTS[self.rule]}
        weights: list[Tensor] = list(self.parameters)
        gradients = [p.grad if p.grad is not None else torch.zeros_like(p) for p in weights]
        kept = self.slots
        if self.rule in ("adam", "adamw"):
            decay = 0.01 if self.rule == "adamw" else 0.0
            adam(weights, gradients, kept["exp_avg"], kept["exp_avg_sq"], [], kept["step"], fused=True, amsgrad=False,
                 beta1=0.9, beta2=0.999, lr=self.lr, weight_decay=decay, eps=1e-8, maximize=False,
                 decoupled_weight_decay=bool(decay))  # fmt: skip
        elif self.rule == "sgd":
            buffers: list[Tensor | None] = list(kept["momentum_buffer"])
            sgd(weights, gradients, buffers, fused=True, weight_decay=0.0, momentum=self.momentum, lr=self.lr,
                dampening=0.0, nesterov=False, maximize=False)  # fmt: skip
        else:
            rmsprop(weights, gradients, kept["square_avg"], [], [], kept["step"], foreach=False, lr=self.lr,
                    alpha=0.99, eps=1e-8, weight_decay=0.0, momentum=0.0, centered=False)  # fmt: skip
        self.zero_grad()

    @staticmethod
    def _zero(name: str, weight: Tensor) -> Tensor:
        return torch.zeros(()) if name == "step" else torch.zeros_like(weight)

    def state_dict(self) -> dict[int, dict[str, Tensor]]:
        """Return what the rule keeps, by the number of the weight and PyTorch's name; empty before the first step."""
        numbers = range(len(self.parameters)) if self.slots else ()
        return {i: {name: kept[i] for name, kept in self.slots.items()} for i in numbers}

    def load_state_dict(self, state: dict[int, dict[str, Tensor]]) -> None:
        """Take over a state that `state_dict` returned."""
        names: Any = SLOTS[self.rule] if state else ()
        self.slots = {name: [state[i][name].clone() for i in range(len(self.parameters))] for name in names}


def schedule_factor(schedule: Schedule, progress: float) -> float:
    """Return what the learning rate is multiplied with when `progress` (0 to 1) of the run is done."""
    if schedule == "linear":
        return 1 - progress
    if schedule == "cosine":
        return 0.5 * (1 + math.cos(math.pi * progress))
    return 1.0


def update_ratio(before: list[Tensor], after: list[nn.Parameter]) -> float:
    """Return ||new - old|| / ||old|| over all weights."""
    change = sum(float((new.detach() - old).pow(2).sum()) for old, new in zip(before, after, strict=True))
    length = sum(float(old.pow(2).sum()) for old in before)
    return math.sqrt(change / length) if length else math.nan
