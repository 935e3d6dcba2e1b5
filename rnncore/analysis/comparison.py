"""Comparisons of a network with a reference line or another network: what the held-out examples leave open."""

import math
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from rnncore.tasks import Baseline
from rnncore.training.views import RunView

Z = 1.959964  # a normal variable lies within so many standard deviations with a probability of 95 %
MOST_BLOCKS, FEWEST_BLOCKS = 20, 3
SHORTEST_BLOCK = 4


@dataclass(frozen=True)
class Comparison:
    """A network and a reference line on the held-out examples, in the unit of what the task is judged by.

    `value` and `bar` are the network's and the line's mean error, `half_width` that of the 95 % interval of their
    difference, `examples` the number of held-out examples behind it.
    """

    value: float
    bar: float
    half_width: float
    examples: int

    @property
    def gain(self) -> float:
        """By how much the network is better; negative where it is worse."""
        return self.bar - self.value

    @property
    def verdict(self) -> Literal["better", "worse", "open"]:
        """The better of the two; open where the interval of the difference holds zero."""
        if not abs(self.gain) > self.half_width:
            return "open"
        return "better" if self.gain > 0 else "worse"


def compare(run: RunView, line: Baseline) -> Comparison | None:
    """Compare a run's latest held-out measurement with a reference line; None if one of them has no figure.

    Where the line's errors are known for each held-out example, the two are paired, example by example: for real
    series, pictures and voices. Else the line is a number. One that follows by arithmetic, or was counted on all that
    can occur (every word, the whole held-out text), is exact, and the uncertainty is that of the network's own mean.
    One that was measured on n other examples has an error of its own, which is added as if its errors spread like the
    network's: the interval grows by a quarter at most. What no interval covers is another seed of the same network.
    """
    by = run.task.judged_by
    value, bar = run.held(by), line.metric if by == "metric" else line.loss
    return None if bar is None or value is None else Comparison(value, bar, spread(run, line), run.held_out)


def near_enough(run: RunView) -> Comparison | None:
    """Compare how often a network is wrong by more than its task's tolerance with a guess without a memory.

    Window by window, for forecasts of a real series; None for all others. `value` and `bar` are shares.
    """
    task = run.task
    if task.closeness is None or run.example is None or run.held_loss is None:
        return None
    wrong = (~(run.scores[0].double() <= task.closeness.tolerance)).double()  # what is no number is not right
    guess = (task.closeness.errors[run.example] > task.closeness.tolerance).double()
    width = half_width(wrong - guess, torch.ones_like(wrong), run.place)
    return Comparison(float(wrong.mean()), float(guess.mean()), width, run.held_out)


def between(run: RunView, other: RunView) -> Comparison:
    """Compare two networks' latest held-out measurements; `bar` is the other's. Both have the same examples."""
    by, (totals, counts), (others, _) = run.task.judged_by, run.scores, other.scores
    reach = 1 if run.task.many_to_one else run.task.seq_len
    width = half_width((totals - others).double(), counts.double(), run.place, reach)
    value, bar = (each.held(by) for each in (run, other))
    return Comparison(math.nan if value is None else value, math.nan if bar is None else bar, width, run.held_out)


def spread(run: RunView, line: Baseline | None = None) -> float:
    """Return the half-width of the 95 % interval of a run's mean error, or of its difference from a line."""
    totals, counts = run.scores
    totals, counts = totals.double(), counts.double()
    if line is not None and line.errors is not None and run.example is not None:
        totals = totals - line.errors[run.example].double() * counts
    own = half_width(totals, counts, run.place, 1 if run.task.many_to_one else run.task.seq_len)
    return own if line is None or line.counted is None else own * math.sqrt(1 + run.held_out / line.counted)


def half_width(totals: Tensor, counts: Tensor, place: Tensor | None = None, reach: int = 1) -> float:
    """Return the half-width of the 95 % interval of ``totals.sum() / counts.sum()``.

    Examples are independent unless `place` says where each lies in a series. Neighbours there resemble each other, and
    windows even overlap, so what is counted as independent are at most 20 stretches of the series, each of 4 places
    and twice the `reach` of a window's answers or more, but no fewer than 3: batch means, with Student's t. The error
    of the ratio is linearised, since examples can hold different numbers of answers.

    Parameters
    ----------
    totals, counts
        Per example, the sum of its errors and the number of its answers: ``(examples,)``.
    place
        ``(examples,)`` int64, or None.
    reach
        How many places the answers of one window cover.

    Returns
    -------
    float
        Infinite where fewer than two independent values are left.
    """
    if place is not None and len(place):
        first, span = int(place.min()), int(place.max() - place.min()) + 1
        blocks = max(FEWEST_BLOCKS, min(MOST_BLOCKS, span // max(SHORTEST_BLOCK, 2 * reach)))
        index = (place - first) * blocks // span
        totals, counts = (torch.zeros(blocks, dtype=v.dtype).index_add(0, index, v) for v in (totals, counts))
    answered = counts > 0
    totals, counts = totals[answered], counts[answered]
    n = len(totals)
    if n < 2:
        return math.inf
    rest = totals - counts * (totals.sum() / counts.sum())
    error = math.sqrt(float(rest.square().sum()) * n / (n - 1)) / float(counts.sum())
    return student(n - 1) * error if math.isfinite(error) else math.inf


def student(freedom: int) -> float:
    """Return Student's t for 95 %, two-sided; after Cornish and Fisher, within 0.3 %."""
    if freedom in (few := {1: 12.706, 2: 4.303, 3: 3.182}):
        return few[freedom]
    z = Z
    return (
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    )
