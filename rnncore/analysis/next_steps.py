"""Ideas worth trying after a race that has ended, judged from its own measurements; best first."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from rnncore.analysis.comparison import between, compare
from rnncore.analysis.rivals import has_learned
from rnncore.cells import CELLS
from rnncore.config import all_settings
from rnncore.tasks import TASKS
from rnncore.tasks.goals import guess
from rnncore.training.race import MAX_CELLS
from rnncore.training.run import Run
from rnncore.training.views import RunView

Kind = Literal["more", "order", "longer", "shorter", "cell", "attention", "equal", "seed"]
LONGER, SHORTER = (2, 1.5), (0.5, 0.75)  # times the length; the second where the first is refused
ANOTHER = 1.25  # times the length, or one part in so many: less is hardly another length
LAST_PART = 0.1  # of the updates, in which a loss must still fall
FEWEST = 4  # measurements that show a direction
FALLS = 0.03  # of what is left above the best possible loss
UNEQUAL = 1.5  # times the weights


@dataclass(frozen=True)
class Idea:
    """Something to try: what it changes, and whose measurements speak for it.

    Attributes
    ----------
    kind
        More updates, the steps in their order, another length, one more cell, attention, equal parameters, or another
        seed.
    changes
        Settings to be changed, by name; `cell` names all cells of the race.
    run, other
        The network that it is about, and one that it is compared with.
    fall
        How the network's loss was still falling when it ended.
    filler
        Nothing that was measured asks for it: to be taken only where there is too little else.
    """

    kind: Kind
    changes: dict[str, Any]
    run: RunView
    other: RunView | None = None
    fall: "Fall | None" = None
    filler: bool = False


@dataclass(frozen=True)
class Fall:
    """A loss that was still falling: from what to what over the last so many updates."""

    updates: int
    before: float
    after: float


def ideas(runs: Sequence[Run], *, equal: bool, more: int) -> Iterator[Idea]:
    """Yield what is worth trying after a race in which no network moves any more, the most fitting first.

    Where a network has learned the task, something harder comes first; where none has, what may help it. There can
    be several ideas of one kind, the later ones in case that the first is refused. Networks that diverged have no say.

    Parameters
    ----------
    runs
        The networks of the race.
    equal
        Whether they were given equally many weights.
    more
        How many updates one can add at once.
    """
    views = [run.view(1) for run in runs]
    yield from _ideas(views, {run.number: falling(run) for run in runs}, equal, more)


def _ideas(runs: Sequence[RunView], falls: Mapping[int, Fall | None], equal: bool, more: int) -> Iterator[Idea]:
    ended = sorted((run for run in runs if run.divergence is None and run.held_loss is not None), key=error)
    if not ended:
        return
    first = ended[0]

    def go_on(run: RunView, *, filler: bool = False) -> Idea:
        return Idea("more", {"steps": first.step + more}, run, fall=falls[run.number], filler=filler)

    learned = [run for run in ended if has_learned(run)]
    rest = [run for run in ended if run not in learned]
    going = [go_on(run) for run in rest if falls[run.number]][:1]
    if first.config.shuffle != "none":
        yield Idea("order", {"shuffle": "none"}, first)
    if learned:
        yield from _other_length(learned[0], "longer")
        yield from _gates(runs, rest)
        yield from _equal(rest, equal, first)
        yield from going
    else:
        yield from going
        if is_short(first):
            yield go_on(first)
        yield from _gates(runs, rest)
        yield from _other_length(first, "longer" if first.task.longer == "richer" else "shorter")
    yield from _attention(rest)
    yield from _equal(rest, equal, first)
    yield from (_seed(first, each) for each in ended[1:2] if between(first, each).verdict == "open")
    if not rest:
        yield from _cells(runs, first, _simplest(first))
    yield _seed(first)
    yield from _cells(runs, first, [name for name in CELLS if name not in first.task.fails])
    yield go_on(first, filler=True)


def error(run: RunView) -> float:
    """Return a network's latest held-out error, in what its task is judged by."""
    value = run.held(run.task.judged_by)
    return math.nan if value is None else value


def falling(run: Run) -> Fall | None:
    """Return by how much a network's held-out loss was still falling when it ended; None if it was not.

    Through the measurements of its last tenth, at least four, a straight line is laid. It must fall by more than they
    scatter around it, and by a noticeable part of what is left above the best possible loss, to where it never was.
    """
    held, best = run.history.held_out, [line.loss for line in run.task.reference_lines if line.kind == "optimum"]
    first = min(int(np.searchsorted(held["step"], (1 - LAST_PART) * run.step)), len(held) - FEWEST)
    if first < 0:
        return None
    step, loss = (held[name][first:].astype(float) for name in ("step", "loss"))
    slope, start = np.polyfit(step, loss, 1)
    fall = -slope * (step[-1] - step[0])
    left = abs(loss[-1] - (best[0] or 0.0 if best else 0.0))
    if fall <= max(np.std(loss - slope * step - start), FALLS * left) or loss[-1] >= held["loss"][: first + 1].min():
        return None
    return Fall(int(step[-1] - step[0]), float(loss[0]), float(loss[-1]))


def is_short(run: RunView) -> bool:
    """Return whether a run had fewer updates than its task's recommended one."""
    return run.step < int(all_settings(run.config.task)["steps"].default)


def failed(runs: Sequence[RunView]) -> bool:
    """Return whether none of these networks is better than a guess."""
    found = [compare(run, guess(run.task)) for run in runs]
    return all(each is None or each.verdict != "better" for each in found)


def _other_length(run: RunView, kind: Literal["longer", "shorter"]) -> Iterator[Idea]:
    """Yield other lengths within the task's range, unless they make no other problem or hardly another length."""
    if run.task.longer == "same":
        return
    now, (low, high) = run.config.seq_len, TASKS[run.config.task].seq_len_range
    factors = LONGER if kind == "longer" else SHORTER
    for other in dict.fromkeys(min(max(round(factor * now), low), high) for factor in factors):
        if not 1 / ANOTHER < other / now < ANOTHER:
            yield Idea(kind, {"seq_len": other}, run)


def _gates(runs: Sequence[RunView], rest: Sequence[RunView]) -> Iterator[Idea]:
    """Yield a cell with gates where none was in the race and a network has not learned the task."""
    if rest and not any(CELLS[run.config.cell].gated for run in runs):
        gated = [name for name in CELLS if CELLS[name].gated]
        yield from _cells(runs, rest[0], [name for name in gated if name not in rest[0].task.fails] or gated)


def _simplest(run: RunView) -> list[str]:
    """Return the first cell without gates, and the first without a memory unless the network writes: from a state."""
    plain = [name for name in CELLS if not CELLS[name].gated]
    kinds = (True,) if run.task.writes else (True, False)
    return [next(name for name in plain if CELLS[name].recurrent == recurrent) for recurrent in kinds]


def _cells(runs: Sequence[RunView], about: RunView, names: Sequence[str]) -> Iterator[Idea]:
    """Yield races with one more cell, while there is room for it."""
    cells = [run.config.cell for run in runs]
    if len(cells) < MAX_CELLS:
        yield from (Idea("cell", {"cell": ",".join([*cells, name])}, about) for name in names if name not in cells)


def _attention(rest: Sequence[RunView]) -> Iterator[Idea]:
    """Yield looking back at what was read, for a task that offers it and a network that has not learned it."""
    if rest and rest[-1].config.options.get("attention") is False:
        yield Idea("attention", {"attention": True}, rest[-1])


def _equal(rest: Sequence[RunView], equal: bool, first: RunView) -> Iterator[Idea]:
    """Yield equal parameters where the first did better than one that is much smaller and has not learned the task."""
    small = min(rest, key=lambda run: run.parameters, default=first)
    ratio = first.parameters / small.parameters
    if not equal and ratio >= UNEQUAL and not failed([first]) and between(first, small).verdict == "better":
        yield Idea("equal", {"equal": True}, first, small)


def _seed(first: RunView, other: RunView | None = None) -> Idea:
    """Return other weights and other data; `other` is a network that cannot be told apart from the first."""
    return Idea("seed", {"seed": (first.config.seed + 1) % 2**31}, first, other)
