"""Recurrent cells: one file each, one time step each. `CELLS["lstm"](input_size, hidden_size)` builds one."""

import sys

from rnncore.cells.base import CELLS, Cell

CELLS.discover(sys.modules[__name__])

__all__ = ["CELLS", "Cell"]
