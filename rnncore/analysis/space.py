"""States as points of a space: principal components, paths of examples through it, and the states nearest to one."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from rnncore.analysis.decay import Floats
from rnncore.analysis.states import Network, Place, in_pieces, lengths_of, one_of, states
from rnncore.tasks import Batch
from rnncore.tasks.base import Remembered
from rnncore.training.held_out import held_out

FITTED, DRAWN = 200, 40  # examples that the components are fitted on, and those whose paths are drawn
MOST_DIMENSIONS = 3
MOST_POINTS = 2400  # states drawn: of longer sequences some steps are left out
NEAREST = 8


@dataclass(frozen=True, eq=False)
class Axes:
    """Principal components of states: their mean, the directions ``(hidden, dimensions)``, and their shares."""

    mean: Tensor
    directions: Tensor
    shares: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Paths:
    """The states of some examples as points in the same few dimensions.

    Attributes
    ----------
    points
        ``(states, dimensions)``.
    example, step
        Of each point: its example, and the step after which it is the state, both counted from 0.
    text
        What was read or written there.
    remembered, answer
        What is to be remembered of its example: a class, or a number; and its right answer.
    remembered_name
        In a few words.
    symbols
        Whether the inputs are symbols, not numbers.
    shares
        Share of the variance of the states that each dimension has, at the update that the axes are from.
    """

    points: Floats
    example: tuple[int, ...]
    step: tuple[int, ...]
    text: tuple[str, ...]
    remembered: tuple[str | float, ...]
    answer: tuple[str, ...]
    remembered_name: str
    symbols: bool
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Neighbour:
    """A state of another example: how far away it is, whose, and after which step; counted from 0."""

    distance: float
    example: int
    step: int
    text: str
    question: str
    remembered: str | float


def principal(path: Tensor, dimensions: int = MOST_DIMENSIONS) -> Axes:
    """Return the directions in which ``states (n, hidden)`` vary most, by a singular value decomposition.

    The sign of each is that which makes its largest part positive, so that the same states give the same picture.
    """
    mean = path.mean(dim=0)
    _, values, rows = torch.linalg.svd(path - mean, full_matrices=False)
    directions = rows[:dimensions].T
    largest = directions.gather(0, directions.abs().argmax(dim=0, keepdim=True))
    total = values.square().sum().clamp(min=1e-300)
    shares = (values.square() / total)[:dimensions].tolist()
    return Axes(mean, directions * largest.sign(), tuple(shares))


@torch.no_grad()
def paths(network: Network, place: Place, axes_of: Network) -> Paths | None:
    """Return the states of some held-out examples along axes fitted to those of a network; None if not finite.

    The axes are those of `axes_of`, the network at its last update, so that motion through training means something.
    """
    task, batch = network.task, _examples(network)
    found, lengths = task.remembered(batch), lengths_of(task, batch)
    fitted = _all_states(axes_of, place, batch)
    here = fitted if axes_of is network else _all_states(network, place, batch)
    if not (fitted.isfinite().all() and here.isfinite().all()):
        return None
    there = torch.arange(len(here))[:, None] < lengths
    axes = principal(fitted[there].double())
    drawn = min(DRAWN, batch.size)
    steps = _spread(len(here), max(2, MOST_POINTS // drawn))
    places = [(i, t) for i in range(drawn) for t in steps if t < int(lengths[i])]
    example, step = (torch.tensor(column) for column in zip(*places, strict=True))
    points = (here[step, example].double() - axes.mean) @ axes.directions
    texts = [_texts(network, one_of(batch, i, task)) for i in range(drawn)]
    answers = [task.show(batch.select(slice(i, i + 1), task.many_to_one)).truth for i in range(drawn)]
    return Paths(
        points.numpy(), tuple(example.tolist()), tuple(step.tolist()), tuple(texts[i][t] for i, t in places),
        tuple(_value(found, i) for i, _ in places), tuple(answers[i] for i, _ in places), found.name,
        not batch.inputs.is_floating_point(), axes.shares,
    )  # fmt: skip


@torch.no_grad()
def nearest(network: Network, place: Place, example: int, step: int) -> list[Neighbour]:
    """Return the states of other held-out examples that are nearest to one, the nearest of each example."""
    task, batch = network.task, _examples(network)
    found, lengths = task.remembered(batch), lengths_of(task, batch)
    path = _all_states(network, place, batch)
    example = example % batch.size
    step = min(step, int(lengths[example]) - 1)
    apart = (path - path[step, example]).double().norm(dim=-1)
    apart[(torch.arange(len(path))[:, None] >= lengths) | ~apart.isfinite()] = torch.inf
    apart[:, example] = torch.inf
    closest, at = apart.min(dim=0)
    neighbours = []
    for i in closest.argsort()[:NEAREST].tolist():
        if closest[i] < torch.inf:
            shown = task.show(batch.select(slice(i, i + 1), task.many_to_one))
            text = _texts(network, one_of(batch, i, task))[int(at[i])]
            neighbours.append(Neighbour(float(closest[i]), i, int(at[i]), text, shown.question, _value(found, i)))
    return neighbours


def _examples(network: Network) -> Batch:
    batch = held_out(network.config, network.task)
    return batch.select(slice(0, FITTED), network.task.many_to_one)


def _all_states(network: Network, place: Place, batch: Batch) -> Tensor:
    model, task = network.build(), network.task
    return torch.cat([states(model, task, piece, place, network.config.seed)
                      for _, piece in in_pieces(network.config, task, batch)], dim=1)  # fmt: skip


def _texts(network: Network, one: Batch) -> tuple[str, ...]:
    """Return what stands at each step of an example; steps of writing are counted behind an arrow."""
    read = network.task.steps(one.inputs)
    return (*read, *(f"→{number}" for number in range(1, network.task.answer_steps + 1)))


def _value(found: Remembered, i: int) -> str | float:
    return found.classes[int(found.values[i])] if found.classes else float(found.values[i])


def _spread(length: int, most: int) -> Sequence[int]:
    return sorted(set(torch.linspace(0, length - 1, min(length, most)).round().int().tolist()))
