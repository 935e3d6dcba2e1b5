"""Interventions: what a network answers when its state is set to zero, held, or exchanged for that of another example.

What an answer loses by it was in that state, and what stays came by another way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from rnncore.analysis.decay import Floats
from rnncore.analysis.states import Network, one_of
from rnncore.cells import Cell
from rnncore.cells.base import State
from rnncore.networks.build import write
from rnncore.networks.sequence_model import SequenceModel, Trace, cells_of
from rnncore.seeding import generator
from rnncore.tasks import Batch, Task
from rnncore.training.held_out import held_out

MOST_PLACES = 40  # steps at which the same is tried, one copy of the example for each
KNOWS, GONE = 0.5, 1 / 3  # probability of who knows the right answer; what is left of it where it is forgotten
Kind = Literal["zero", "remove", "freeze", "swap"]


@dataclass(frozen=True)
class Change:
    """A change of a network's state after some step.

    Attributes
    ----------
    kind
        ``zero`` sets the states of all layers to 0 once; ``swap`` puts in those of another example; ``remove`` holds
        one unit at 0 from that step on and ``freeze`` at its value there. A unit is its h and its c.
    step
        Counted from 0.
    unit, layer
        Which unit is held, of which layer, -1 for the last.
    other
        Number of the held-out example whose states are put in.
    """

    kind: Kind
    step: int
    unit: int = 0
    layer: int = -1
    other: int = 0


@dataclass(frozen=True)
class Answer:
    """What a network says of one example, and how good that is: see `Cut.score_name`."""

    text: str
    right: bool | None
    score: float


@dataclass(frozen=True, eq=False)
class Cut:
    """An answer before and after a change of the state.

    Attributes
    ----------
    question, truth
        The example.
    read
        What stands at each of its steps.
    before, after
        The answers.
    places, scores
        Steps, counted from 0, and the score had the same been done after each of them.
    probable
        Whether a score is the probability of the right answer, its mean where there are several; else it is the loss.
    """

    question: str
    truth: str
    read: tuple[str, ...]
    before: Answer
    after: Answer
    places: tuple[int, ...]
    scores: Floats
    probable: bool


@torch.no_grad()
def cut(network: Network, example: int, change: Change) -> Cut:
    """Return a network's answer to a held-out example with and without a change, and with it at other steps.

    A bidirectional network's other direction is left as it is, and so are the layers that write.
    """
    task, batch = network.task, held_out(network.config, network.task)
    number = example % batch.size
    one, alone = batch.select(slice(number, number + 1), task.many_to_one), one_of(batch, number, task)
    others = _other_states(network, one_of(batch, change.other, task)) if change.kind == "swap" else {}
    steps = min([len(alone.inputs), *(len(path[0]) for path in others.values())])
    step = min(change.step, steps - 1)
    places = sorted({step, *torch.linspace(0, steps - 1, min(MOST_PLACES, steps)).round().int().tolist()})
    rows = one.select(torch.zeros(1 + len(places), dtype=torch.int64), task.many_to_one)
    at = torch.tensor([len(one.inputs), *places])  # the first row is never changed
    model = edited(network, change, at, others)
    scores = _scores(task, model, rows)
    before, after = (_answer(network, edited(network, change, at[row : row + 1], others), one, scores[row])
                     for row in (0, 1 + places.index(step)))  # fmt: skip
    shown = task.show(one)
    return Cut(shown.question, shown.truth, task.steps(alone.inputs), before, after, tuple(places),
               scores[1:].double().numpy(), task.loss_kind in ("cross_entropy", "binary"))  # fmt: skip


def telling_step(found: Sequence[Cut], start: int) -> int:
    """Return the first step, counted from 0, at which a change tells what networks remember; not before `start`.

    `found` is that change after `start`. It is `start` itself if all answers change there; else the first step that
    leaves most of the networks that know the answer a third of its probability; else the first that costs the middle
    one at least half of the most that any step costs it.
    """
    if all(each.before.text != each.after.text for each in found):
        return start
    places, before = np.array(found[0].places), np.array([each.before.score for each in found])[:, None]
    scores = np.stack([each.scores for each in found])
    knows = before[:, 0] >= KNOWS
    if found[0].probable and knows.any():
        gone = (scores < GONE * before)[knows].mean(axis=0) > 0.5  # more than half of them
        if (gone & (places >= start)).any():
            return int(places[gone & (places >= start)][0])
    worse = before - scores if found[0].probable else scores - before
    cost = np.where(places >= start, np.median(np.nan_to_num(worse, posinf=0.0), axis=0), 0.0)
    return int(places[cost >= cost.max() / 2][0]) if cost.max() > 0 else start


def edited(network: Network, change: Change, at: Tensor, others: dict[int, State]) -> SequenceModel:
    """Return a network that changes its states by itself, in one pass, after step ``at (batch,)`` of each example.

    `others` has the states to put in, by layer: one tensor ``(steps, hidden)`` for each name.
    """
    model = network.build()
    layers = len(model.layers)
    for number, layer in enumerate(model.layers):
        if change.kind in ("zero", "swap") or number == change.layer % layers:
            cell = cells_of(layer)[0]
            cell.step = _Edited(cell, change, at, others.get(number, ()))  # type: ignore[method-assign]
    return model


class _Edited:
    """The step of a cell, after which its state is changed; counts the steps by itself, so it serves one pass."""

    def __init__(self, cell: Cell, change: Change, at: Tensor, others: State) -> None:
        self._step: Callable[[Tensor, State], State] = cell.step
        self._change, self._at, self._others = change, at, others
        self._unit = min(change.unit, cell.hidden_size - 1)
        self._count = 0
        self._held: State = ()

    def __call__(self, projected: Tensor, state: State) -> State:
        state = self._step(projected, state)
        here, since = self._at == self._count, self._at <= self._count
        kind, unit, count = self._change.kind, self._unit, self._count
        self._count += 1
        if kind == "zero":
            return tuple(torch.where(here[:, None], 0.0, values) for values in state)
        if kind == "swap":
            return tuple(torch.where(here[:, None], other[min(count, len(other) - 1)], values)
                         for values, other in zip(state, self._others, strict=True))  # fmt: skip
        if not self._held:
            self._held = tuple(torch.zeros_like(values[:, unit]) for values in state)
        if kind == "freeze":
            self._held = tuple(torch.where(here, values[:, unit], held)
                               for values, held in zip(state, self._held, strict=True))  # fmt: skip
        changed = []
        for values, held in zip(state, self._held, strict=True):
            values = values.clone()
            values[:, unit] = torch.where(since, held, values[:, unit])
            changed.append(values)
        return tuple(changed)


def _other_states(network: Network, one: Batch) -> dict[int, State]:
    """Return the states after each step of an example, by layer: ``(steps, hidden)`` for each name."""
    traces: list[Trace] = []
    network.build().read(one.inputs, traces=traces)
    return {trace.layer: tuple(torch.stack([values[0] for values in path]) for path in zip(*trace.states, strict=True))
            for trace in traces if trace.direction == 0}  # fmt: skip


def _scores(task: Task, model: SequenceModel, rows: Batch) -> Tensor:
    """Return the mean probability of the right answers of each row, or its mean loss; where it writes, these fed."""
    outputs, _ = model.answer(rows, traces=[])
    each = task.losses(*task.counted(outputs, rows))
    if task.loss_kind in ("cross_entropy", "binary"):
        each = (-each).exp()
    if task.many_to_one:
        return each
    owner = torch.arange(rows.size).expand(len(rows.targets), -1)
    owner = owner.flatten() if rows.mask is None else owner[rows.mask]
    zeros = torch.zeros(rows.size)
    return zeros.index_add(0, owner, each) / zeros.index_add(0, owner, torch.ones_like(each))


def _answer(network: Network, model: SequenceModel, one: Batch, score: Tensor) -> Answer:
    """Return what an edited network that has not read yet says; what is drawn at random, alike in all of them."""
    task = network.task
    if task.writes:
        said = write(model, task, one.inputs, generator(network.config.seed, "writing"), []).targets
    else:
        said = model.answer(one, traces=[])[0]
    shown = task.show(one, said[0] if task.many_to_one else said[:, 0])
    return Answer(shown.answer or "", shown.right, float(score))
