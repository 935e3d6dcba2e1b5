"""The states of a network over one example, without its gates: a third of the work, for what is asked all the time."""

import numpy as np
import torch
from torch import Tensor

from rnncore.cells import Cell
from rnncore.cells.fast import Floats, layer_of
from rnncore.networks.sequence_model import SequenceModel, cells_of

States = dict[str, Floats]


@torch.no_grad()
def read_states(model: SequenceModel, inputs: Tensor) -> list[list[States]]:
    """Return the states after each step of one example's inputs, by layer and direction: ``(steps, hidden)`` each.

    Those of the direction that reads from the end stand in the order of the example all the same. Each layer runs as
    its cell's `fast` does, in NumPy where there is such a one.
    """
    x: Floats = np.ascontiguousarray(model.encode(inputs)[:, 0].float().numpy())
    found = []
    for layer in model.layers:
        parts = [_backward(cell, x) if d else _forward(cell, x) for d, cell in enumerate(cells_of(layer))]
        found.append(parts)
        x = np.concatenate([part["h"] for part in parts], axis=1)
    return found


def _backward(cell: Cell, x: Floats) -> States:
    return {name: np.ascontiguousarray(values[::-1]) for name, values in _forward(cell, x[::-1]).items()}


def _forward(cell: Cell, x: Floats) -> States:
    if not cell.recurrent:  # no step needs another's result
        read = torch.from_numpy(np.ascontiguousarray(x))[:, None]
        done = cell.fused(read, cell.initial_state(1))
        if done is not None:
            return {"h": done[0][:, 0].numpy()}
    layer = layer_of(cell)
    project = layer.projection()
    parts = {
        name: part for name, part in zip(cell.state_names, layer.state, strict=True) if part.shape == layer.h.shape
    }
    found = {name: np.empty((len(x), cell.hidden_size), np.float32) for name in parts}
    for step, row in enumerate(x):
        layer.step(project(row))
        for name, part in parts.items():
            found[name][step] = part
    return found
