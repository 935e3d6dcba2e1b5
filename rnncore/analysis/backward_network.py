"""Backpropagation through a layer that is given as plain data, such as that of a worked example."""

from collections.abc import Collection
from typing import Any, NamedTuple

import torch

from rnncore.analysis.backward import Backward, backward
from rnncore.analysis.cell_network import CellNetwork
from rnncore.analysis.objective import squared_errors
from rnncore.cells import CELLS, Cell
from rnncore.cells.base import State
from rnncore.config import RunConfig
from rnncore.networks.sequence_model import SequenceModel, cells_of
from rnncore.seeding import generator
from rnncore.tasks import Batch

LEARNING_RATE, CLIP_NORM = 0.1, 1.0
LECTURE_FIXED = frozenset(
    {"bias_hh", "readout.weight", "readout.bias"}
)  # lectures have one bias, and their output is h


class _Sizes(NamedTuple):
    input_size: int
    output_size: int
    many_to_one: bool = False


class OneLayer(SequenceModel):
    """A network of one layer with an answer at every step, whose first state need not be 0.

    Parameters
    ----------
    network
        Its weights, and the state in which it starts.
    fixed
        Parameters that are not learned.
    """

    def __init__(self, network: CellNetwork, fixed: Collection[str] = ()) -> None:
        options: dict[str, Any] = {"window": network.window} if network.window else {}
        config = RunConfig(cell=network.cell, hidden_size=network.hidden_size, bias="bias_ih" in network.weights,
                           **options)  # fmt: skip
        if network.readout is None:
            raise ValueError("a network without a read-out has no answers")
        weight, bias = map(torch.from_numpy, network.readout)
        super().__init__(config, _Sizes(network.inputs.shape[1], len(weight)), generator(0, "replaced"))
        self.double()
        (cell,) = cells_of(self.layers[0])
        cell.load_state_dict({name: torch.from_numpy(value) for name, value in network.weights.items()})
        self.readout.load_state_dict({"weight": weight, "bias": bias})
        self.start = tuple(torch.from_numpy(network.start[name])[None] for name in CELLS[network.cell].state_names)
        for name, parameter in (*cell.named_parameters(), *self.named_parameters()):
            if name in fixed:
                parameter.requires_grad_(False)

    def first_state(self, cell: Cell, batch: int) -> State:
        """Return the state in which it starts, that of a batch of one."""
        return self.start


def backward_of_network(
    network: CellNetwork, fixed: Collection[str] = (), *, truncate: int = 0, clip_norm: float = CLIP_NORM
) -> Backward:
    """Return backpropagation through a layer and its example: the loss is the sum of (y_t - target_t)^2.

    The update is plain gradient descent with `LEARNING_RATE`. `fixed` names parameters that are not learned.
    """
    if network.targets is None:
        raise ValueError("a network without targets has no loss")
    inputs, targets = (torch.from_numpy(each)[:, None] for each in (network.inputs, network.targets))
    config = RunConfig(cell=network.cell, optimizer="sgd", momentum=0.0, lr=LEARNING_RATE, clip_norm=clip_norm)
    return backward(
        OneLayer(network, fixed), Batch(inputs, targets), squared_errors(targets), config, truncate=truncate
    )
