"""The networks of the Memory page: of this tab's race or of a recorded one, at the update that is looked at."""

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar

from playground.inside.memory.settings import NOW, MemoryView
from playground.live import measurements
from playground.live.measurements import RunWeights
from playground.live.process import page_turn, pool
from playground.race import own_race, recorded, untrained
from playground.race.setup import Setup, View
from rnncore.analysis.states import Network
from rnncore.caching.once import Latest
from rnncore.pool.entry import Entry
from rnncore.training.views import RaceView

MOST_KEPT = 400  # results, the largest of them a few hundred kB

T = TypeVar("T")
_kept: Latest[Any] = Latest(MOST_KEPT)


class Kept(NamedTuple):
    """A network at an update.

    Attributes
    ----------
    known
        What tells it from all others in this process: the number of its run, the update, and a mark of its weights.
    """

    cell: str
    network: Network
    known: tuple[int, int, float | None]


class Networks(NamedTuple):
    """All networks of a race.

    Attributes
    ----------
    mine
        Whether they are those of this tab's race.
    step
        The update of the race now.
    updates
        The updates whose weights are there, apart from those of now.
    runs
        The weights of each.
    """

    mine: bool
    step: int
    updates: list[int]
    runs: list[RunWeights]

    def at(self, update: int) -> list[Kept]:
        """Return the networks as they were after an update, or as they are (`NOW`)."""
        return [_at(run, update if update in self.updates else NOW) for run in self.runs]


def race(setup: Setup) -> Entry[RaceView] | None:
    """Return this tab's race if it is of the set-up's task, else the recorded one, else one that nobody has trained."""
    mine = own_race.entry()
    if mine is not None and mine.view().config.task == setup.config.task:
        return mine
    return recorded.race(plain(setup)) or untrained.race(plain(setup))


def plain(setup: Setup) -> Setup:
    """Return the networks of a set-up without this page's way of looking, as recorded races are known."""
    return Setup(setup.cells, setup.config, View())


def networks(of: Entry[RaceView]) -> Networks:
    """Return the networks of a race as they are at this moment."""
    with page_turn.given_away():
        runs = pool().compute(of, measurements.milestones)
    updates = sorted({0}.union(*(run.milestones for run in runs)))
    return Networks(not of.still, runs[0].step, updates, runs)


def one_of(shown: Sequence[Kept], view: MemoryView) -> Kept:
    """Return the network that is looked at where there is room for one."""
    return shown[min(view.network or len(shown), len(shown)) - 1]


def each(shown: Sequence[Kept], what: Hashable, measure: Callable[[Network], T]) -> list[T]:
    """Return a measurement of every network, made once for all who ask the same; `what` tells it from all others."""
    return measurements.made([partial(_kept.get, (kept.known, what), partial(measure, kept.network)) for kept in shown])


def _at(run: RunWeights, update: int) -> Kept:
    weights = run.now if update == NOW else run.milestones.get(update)
    step = run.step if update == NOW else update
    mark = None if weights is None else float(weights[0].sum())  # a run may pass the same update again
    return Kept(run.config.cell, Network(run.config, weights), (run.number, step, mark))
