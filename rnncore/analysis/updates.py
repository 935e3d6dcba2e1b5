"""One update of a copy of a network: the gradient clipped, the weights changed, the loss measured again."""

import copy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from rnncore.analysis.objective import Objective
from rnncore.config import RunConfig
from rnncore.networks.sequence_model import SequenceModel
from rnncore.tasks import Batch
from rnncore.training.optimizer import Optimizer

Floats = npt.NDArray[np.float64]
Slots = dict[int, dict[str, Tensor]]
PLAIN = "plain"


@dataclass(frozen=True, eq=False)
class Clipped:
    """The gradient of all parameters together.

    Attributes
    ----------
    norm
        Its length.
    threshold
        The greatest length allowed; 0 allows any.
    scale
        What it is multiplied by: threshold / norm where the norm is greater, else 1 (Pascanu, Mikolov and Bengio,
        2013).
    gradients
        By parameter, not yet scaled.
    """

    norm: float
    threshold: float
    scale: float
    gradients: dict[str, Tensor]


@dataclass(frozen=True, eq=False)
class Update:
    """One update.

    Attributes
    ----------
    rule
        Name of the optimiser; ``plain`` is gradient descent, w - lr * gradient.
    lr
        Learning rate.
    change
        Length of the change of all parameters together.
    loss
        Of the same example after it, measured.
    weights
        Parameters after it, by name.
    """

    rule: str
    lr: float
    change: float
    loss: float
    weights: dict[str, Floats]


def clipped(model: SequenceModel, batch: Batch, objective: Objective, threshold: float) -> Clipped:
    """Return the gradient of the loss by all parameters, from one pass back through the whole network."""
    parameters = {name: value for name, value in model.named_parameters() if value.requires_grad}
    outputs, _ = model.answer(batch)
    loss = objective.total(objective.each(outputs))
    found = torch.autograd.grad(loss, [*parameters.values()], allow_unused=True, materialize_grads=True)
    norm = torch.stack([each.norm() for each in found]).norm().item()
    scale = threshold / norm if threshold and norm > threshold else 1.0
    return Clipped(norm, threshold, scale, dict(zip(parameters, found, strict=True)))


def updates(
    model: SequenceModel, batch: Batch, objective: Objective, gradient: Clipped, config: RunConfig, slots: Slots | None
) -> tuple[Update, ...]:
    """Return an update by plain gradient descent, and by the optimiser of a config if that is another.

    Both go as far as the config's learning rate says. `slots` is what the optimiser keeps per parameter; None where
    that is not known, so that only gradient descent can be told.
    """
    plain = config.with_(optimizer="sgd", momentum=0.0)
    found = [_update(PLAIN, model, batch, objective, gradient, plain, None)]
    if slots is not None and (config.optimizer, bool(config.momentum)) != ("sgd", False):
        found.append(_update(config.optimizer, model, batch, objective, gradient, config, slots))
    return tuple(found)


def _update(
    rule: str, model: SequenceModel, batch: Batch, objective: Objective, gradient: Clipped, config: RunConfig,
    slots: Slots | None,
) -> Update:  # fmt: skip
    changed = copy.deepcopy(model)
    parameters = dict(changed.named_parameters())
    for name, value in gradient.gradients.items():
        parameters[name].grad = value * gradient.scale
    optimizer = Optimizer(config, changed)
    optimizer.parameters = [each for each in parameters.values() if each.requires_grad]
    if slots:
        optimizer.load_state_dict({i: {key: _as_kept(key, part) for key, part in kept.items()}
                                   for i, kept in slots.items()})  # fmt: skip
    optimizer.step()
    with torch.no_grad():
        loss = objective.total(objective.each(changed.answer(batch)[0])).item()
    change = nn.utils.parameters_to_vector([
        new.detach() - old for new, old in zip(changed.parameters(), model.parameters(), strict=True)
    ]).norm().item()  # fmt: skip
    weights = {name: value.detach().numpy() for name, value in parameters.items() if value.requires_grad}
    return Update(rule, config.lr, change, loss, weights)


def _as_kept(name: str, value: Tensor) -> Tensor:
    """Return what an optimiser keeps in the precision of the copy; the number of its steps stays as it is."""
    return value.clone() if name == "step" else value.double()
