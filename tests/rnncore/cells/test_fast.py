"""Cells for a single stream: the fast layer that a class names, and the one that runs any cell."""

import numpy as np
import pytest
import torch
from torch import Tensor

from rnncore.cells import CELLS
from rnncore.cells.fast import Layer, layer_of
from rnncore.cells.gru import GRU
from rnncore.seeding import generator

NAMES = [name for name in CELLS if CELLS[name].recurrent]
INPUTS, HIDDEN = 3, 5


class SquaredGRU(GRU):
    """A GRU that reads its inputs squared: as a new file might add one, which is no matrix times x."""

    def project(self, x: Tensor) -> Tensor:
        return super().project(x * x)


def made(kind, **options):
    return kind(INPUTS, HIDDEN, generator=generator(0, "init"), **options)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", [*(CELLS[name] for name in NAMES), SquaredGRU], ids=lambda kind: kind.__name__)
def test_a_layer_does_what_its_cell_does(kind, bias):
    cell = made(kind, bias=bias)
    layer, state = layer_of(cell), cell.initial_state(1)
    contributions, project = layer.contributions(), layer.projection()
    x = torch.randn(6, INPUTS, generator=generator(1, "inputs"))
    with torch.no_grad():
        for symbol in range(INPUTS):
            state = cell(torch.eye(INPUTS)[symbol][None], state)
            layer.step(contributions[symbol])
            np.testing.assert_allclose(layer.state, [part[0].numpy() for part in state], atol=1e-6)
        for row in x:
            state = cell(row[None], state)
            layer.step(project(row.numpy()))
            np.testing.assert_allclose(layer.state, [part[0].numpy() for part in state], atol=1e-6)
    assert layer.h is layer.state[0]


def test_the_common_cells_are_fast_and_what_derives_from_them_is_not_taken_for_them():
    fast = {name for name in NAMES if type(layer_of(made(CELLS[name]))) is not Layer}
    assert fast >= {"rnn", "lstm", "gru"} and not fast & {"rnn_relu", "rnn_sigmoid"}
    assert type(layer_of(made(SquaredGRU))) is Layer
