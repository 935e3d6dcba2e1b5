"""The step, the value and the unit that are looked at, with every number of that step."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from playground.inside.cell.settings import CellView
from rnncore.analysis.cell_network import CellNetwork
from rnncore.analysis.equations import Named, equations, names_of
from rnncore.analysis.sums import Sum, sum_of
from rnncore.caching.once import once_for_each
from rnncore.cells import CELLS
from rnncore.number_text import number

KEPT = 8  # networks whose values are in memory, each a few megabytes at most
DIGITS = 4  # behind the point
MOST = 9999.5  # from here on numbers are written as powers of ten


@dataclass(frozen=True, eq=False)
class Moment:
    """What is looked at.

    Attributes
    ----------
    network, values
        The network, and its values at every step.
    at, unit
        The step and the unit, counted from 0.
    name
        The value, by the name of its equation.
    """

    network: CellNetwork
    values: list[Named]
    at: int
    name: str
    unit: int

    @property
    def now(self) -> Named:
        """The values at the step."""
        return self.values[self.at]

    @property
    def key(self) -> str:
        """The name of the value among those of the step: a new state has a dash."""
        return self.key_of(self.name)

    def key_of(self, name: str) -> str:
        """Return the name of an equation's value among those of the step."""
        return f"{name}'" if name in CELLS[self.network.cell].state_names else name

    @cached_property
    def names(self) -> list[str]:
        """The names of all equations, in their order."""
        return [equation.name for equation in equations(self.network.cell)]

    @cached_property
    def all_now(self) -> Named:
        """The values at the step, and the weights by the names that equations have for them."""
        return {**names_of(self.network.cell, self.network.weights), **self.now}

    @cached_property
    def sum(self) -> Sum:
        """The sum that made the number."""
        return sum_of(self.network.cell, self.all_now, self.name, self.unit)

    @property
    def finite(self) -> bool:
        """Whether all numbers of the step are finite."""
        return all(np.isfinite(value).all() for value in self.now.values())


def moment(view: CellView, network: CellNetwork) -> Moment:
    """Return what a view looks at in a network; what lies outside is moved to the nearest that there is."""
    values = _unrolled(_Same(network.fingerprint, network))
    names = [equation.name for equation in equations(network.cell)]
    name = view.value if view.value in names else CELLS[network.cell].state_names[0]
    return Moment(network, values, min(view.step, len(values)) - 1, name, min(view.unit, network.hidden_size) - 1)


@dataclass(frozen=True)
class _Same:
    """A network, the same as another one that has the same numbers."""

    fingerprint: str
    network: CellNetwork = field(compare=False)


@once_for_each(KEPT)
def _unrolled(same: _Same) -> list[Named]:
    """Return a network's values at every step, kept while somebody goes through them step by step."""
    return same.network.unrolled()


def digits(value: float) -> str:
    """Return a number with four digits behind the point, as lecture notes print them."""
    return f"{value + 0.0:.{DIGITS}f}" if abs(value) < MOST else number(value)


def brief(value: float) -> str:
    """Return a number with at most four digits behind the point: 0.7, not 0.7000."""
    written = digits(round(value, DIGITS) + 0.0)
    return written.rstrip("0").rstrip(".") if "." in written and abs(value) < MOST else written
