"""Optimisers and learning-rate schedules."""

import math

import torch
from torch import nn

from rnncore.config import Optimizer, RunConfig, Schedule


def build_optimizer(config: RunConfig, model: nn.Module) -> torch.optim.Optimizer:
    """Return the optimiser that the config names, over all weights of the model.

    Adam (Kingma and Ba, 2015) and AdamW (Loshchilov and Hutter, 2019) with betas 0.9 and 0.999, AdamW with
    weight decay 0.01; SGD with the config's momentum; RMSprop (Hinton, 2012) with smoothing 0.99: PyTorch's
    defaults. The fused kernels compute the same with fewer calls, which is most of a small network's cost.
    """
    name: Optimizer = config.optimizer
    parameters = list(model.parameters())
    if name == "adam":
        return torch.optim.Adam(parameters, lr=config.lr, fused=True)
    if name == "adamw":
        return torch.optim.AdamW(parameters, lr=config.lr, fused=True)
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=config.lr, momentum=config.momentum, fused=True)
    return torch.optim.RMSprop(parameters, lr=config.lr)


def schedule_factor(schedule: Schedule, progress: float) -> float:
    """Return what the learning rate is multiplied with when `progress` (0 to 1) of the run is done."""
    if schedule == "linear":
        return 1 - progress
    if schedule == "cosine":
        return 0.5 * (1 + math.cos(math.pi * progress))
    return 1.0
