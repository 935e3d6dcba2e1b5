"""Linear probes: how much of what is to be remembered can be read back from a state, so and so many steps later.

A probe is a linear map from a state to what was read at an earlier step, fitted by least squares (Alain and Bengio,
2016). What it reads back is in the state and can be had by one matrix; what it does not may still be there otherwise.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rnncore.analysis.comparison import Z
from rnncore.analysis.decay import Floats
from rnncore.analysis.states import Network, Place, examples, in_pieces, lengths_of, states
from rnncore.networks.sequence_model import SequenceModel
from rnncore.seeding import generator
from rnncore.tasks import Batch, Task
from rnncore.tasks.base import Remembered

FITTED, TESTED = 800, 400  # examples
LEAST_EXAMPLES = 200
MOST_STEPS = 120_000  # of all examples together, for a network of 64 units: a second or two
LADDER = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)  # steps later
RIDGES = tuple(10.0**power for power in range(-7, 2))  # times the mean variance of a unit
RESAMPLES = 400


@dataclass(frozen=True, eq=False)
class Probe:
    """How well one thing can be read back from the state of one network.

    Attributes
    ----------
    name, classes
        What is to be remembered; its classes, empty where it is a number.
    lags
        Steps since it was read.
    score, low, high
        At each of them, on examples that the probe was not fitted on: the share read back rightly with its 95 %
        interval by Wilson (1927); of numbers R^2, 1 - squared error / variance, with the middle 95 % of R^2 over
        resamples of these examples (the bootstrap of Efron, 1979).
    chance
        What the commonest class gives; 0 for numbers, the R^2 of their mean.
    fitted, tested
        How many examples the probe was fitted on, and how many it was tested on.
    """

    name: str
    classes: tuple[str, ...]
    lags: tuple[int, ...]
    score: Floats
    low: Floats
    high: Floats
    chance: float
    fitted: int
    tested: int

    @property
    def finite(self) -> bool:
        """Whether the states were finite numbers."""
        return bool(np.isfinite(self.score).all())

    @property
    def says_something(self) -> bool:
        """Whether what is to be remembered is not the same in all examples."""
        return bool(len(self.lags))


@torch.no_grad()
def probe(network: Network, place: Place) -> Probe:
    """Return how well the task's thing to remember can be read back from a network's states, by steps since.

    Fitted on training examples, tested on held-out ones, which are never trained on.
    """
    config, task = network.config, network.task
    steps = task.total_steps * max(1.0, config.hidden_size / 64)
    size = min(1.0, max(LEAST_EXAMPLES / FITTED, MOST_STEPS / steps / (FITTED + TESTED)))
    fit = examples(config, round(size * FITTED), "probe fitted", training=True)
    test = examples(config, round(size * TESTED), "probe tested")
    classes, (fitted, tested) = told_apart(task.remembered(fit), task.remembered(test))
    sides = (fit, fitted), (test, tested)
    later = _later([lengths_of(task, batch) - 1 - found.steps for batch, found in sides])
    if not varied(fitted) or not varied(tested):
        return Probe(fitted.name, classes, (), *(np.empty(0),) * 3, math.nan, fit.size, test.size)
    model, seeded = network.build(), generator(config.seed, "probe resampled")
    kept = [_states_later(network, model, place, *side, later) for side in sides]
    rows = []
    for i, lag in enumerate(later):
        there = [_reaches(task, *side, lag) for side in sides]
        values = [found.values[these] for (_, found), these in zip(sides, there, strict=True)]
        x, others = (path[i, these] for path, these in zip(kept, there, strict=True))
        rows.append(_score(x, values[0], others, values[1], len(classes), seeded))
    score, low, high = np.array(rows, np.float64).T.reshape(3, -1)
    chance = float((tested.values == fitted.values.mode().values).double().mean()) if classes else 0.0
    return Probe(fitted.name, classes, tuple(later), score, low, high, chance, fit.size, test.size)


def told_apart(fitted: Remembered, tested: Remembered) -> tuple[tuple[str, ...], tuple[Remembered, Remembered]]:
    """Return the classes of both, and both numbered by them."""
    classes = tuple(dict.fromkeys((*fitted.classes, *tested.classes)))
    if not classes:
        return (), (fitted, tested)

    def again(found: Remembered) -> Remembered:
        number = torch.tensor([classes.index(name) for name in found.classes])
        return Remembered(found.name, found.steps, number[found.values], classes)

    return classes, (again(fitted), again(tested))


def varied(found: Remembered) -> bool:
    """Return whether what is to be remembered differs between examples."""
    return bool((found.values != found.values[0]).any())


def read_back(states: Tensor, values: Tensor, others: Tensor, classes: int) -> Tensor:
    """Fit a linear probe to ``states (examples, units)`` and return what it says of `others`.

    ``(others, classes)`` numbers of which the largest is the class, or ``(others,)`` numbers for 0 `classes`. Least
    squares with a ridge (Hoerl and Kennard, 1970), of several the one with the smallest squared error on examples left
    out one at a time, which has a closed form (Allen, 1974): the residual over 1 - leverage.
    """
    wanted = torch.nn.functional.one_hot(values, classes).double() if classes else values.double()[:, None]
    x, centre = states.double(), states.double().mean(dim=0)
    mean = wanted.mean(dim=0)
    u, s, vt = torch.linalg.svd(x - centre, full_matrices=False)
    projected, variance = u.T @ (wanted - mean), s.square().sum() / max(1, x.shape[1])
    best, weights = math.inf, torch.zeros(x.shape[1], wanted.shape[1], dtype=torch.float64)
    for ridge in RIDGES if variance > 0 else ():
        shrunk = s.square() / (s.square() + ridge * variance)
        leverage = (u.square() * shrunk).sum(dim=1) + 1 / len(x)
        rest = (wanted - mean - u @ (shrunk[:, None] * projected)) / (1 - leverage).clamp(min=1e-6)[:, None]
        error = float(rest.square().sum())
        if error < best:
            best, weights = error, vt.T @ ((s / (s.square() + ridge * variance))[:, None] * projected)
    said = (others.double() - centre) @ weights + mean
    return said if classes else said[:, 0]


def wilson(right: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson, 1927)."""
    share, z = right / n, Z**2 / n
    middle, half = (share + z / 2) / (1 + z), math.sqrt(share * (1 - share) * z + z**2 / 4) / (1 + z)
    return max(0.0, middle - half), min(1.0, middle + half)


def _later(left: list[Tensor]) -> list[int]:
    """Return distances in wider and wider steps, and the greatest, that half of the examples of either side have."""
    most = max(0, min(int(each.median()) for each in left))
    return sorted({lag for lag in LADDER if lag <= most} | {most})


def _reaches(task: Task, batch: Batch, found: Remembered, lag: int) -> Tensor:
    return found.steps + lag < lengths_of(task, batch)


def _states_later(
    network: Network, model: SequenceModel, place: Place, batch: Batch, found: Remembered, later: list[int]
) -> Tensor:
    """Return the states so many steps after the thing to remember was read: ``(lags, batch, units)``."""
    pieces = []
    for here, piece in in_pieces(network.config, network.task, batch):
        path = states(model, network.task, piece, place, network.config.seed)
        at = found.steps[here] + torch.tensor(later)[:, None]
        pieces.append(path[at.clamp(max=len(path) - 1), torch.arange(piece.size)])
    return torch.cat(pieces, dim=1)


def _score(
    states: Tensor, fitted: Tensor, others: Tensor, tested: Tensor, classes: int, seeded: torch.Generator
) -> tuple[float, float, float]:
    if not (states.isfinite().all() and others.isfinite().all()):
        return math.nan, math.nan, math.nan
    said = read_back(states, fitted, others, classes)
    if classes:
        right, n = int((said.argmax(dim=1) == tested).sum()), len(said)
        return right / n, *wilson(right, n)
    true = tested.double()
    errors, spread = (true - said).square(), (true - true.mean()).square()
    drawn = torch.randint(0, len(true), (RESAMPLES, len(true)), generator=seeded)
    again = 1 - errors[drawn].mean(dim=1) / spread[drawn].mean(dim=1).clamp(min=1e-300)
    low, high = torch.quantile(again, torch.tensor([0.025, 0.975], dtype=torch.float64)).tolist()
    return 1 - float(errors.mean() / spread.mean()), low, high
