"""Measurements that pages share: computed once for all who ask the same, and never while other pages wait."""

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from torch import Tensor

from playground.server import page_turn
from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.decay import Floats
from rnncore.gradients import GradientFlow, gradient_flow
from rnncore.jacobians import jacobian_singular_values, triangle
from rnncore.race import Race
from rnncore.run import Run
from rnncore.tables.kept import Kept as Remembered
from rnncore.tables.kept import without_texts
from rnncore.tasks import TASKS

T = TypeVar("T")
_one_at_a_time = threading.Lock()
_milestones: dict[tuple[int, int, float], GradientFlow] = {}
_flows: Remembered[GradientFlow] = Remembered(128)
_triangles: Remembered[Floats] = Remembered(32)
_stretches: Remembered[Floats] = Remembered(32)
MOST_MILESTONES = 300
TRIANGLE_STEPS = 64  # every step takes a pass back of its own
STRETCH_UNITS, STRETCH_STEPS = 64, 200
# all that decides the network as it starts, and the examples it sees
DECIDES = {"task", "cell", "hidden_size", "num_layers", "bidirectional", "bias", "window", "seq_len", "truncate",
           "init", "gain", "forget_bias", "seed", "shuffle", "options"}  # fmt: skip


def flows(configs: Sequence[RunConfig], *, every_step: bool = False) -> list[GradientFlow]:
    """Return the gradient flow of each network as it starts."""
    return _let_others_go(lambda: [_flow(config, every_step) for config in configs])


def triangles(configs: Sequence[RunConfig]) -> list[Floats]:
    """Return ||d loss_s / d h_t|| of each network as it starts; see `rnncore.jacobians.triangle`."""
    return _let_others_go(lambda: [_triangle(config) for config in configs])


def stretches(configs: Sequence[RunConfig]) -> list[Floats]:
    """Return the singular values of d h_T / d h_t of each network as it starts."""
    return _let_others_go(lambda: [_stretch(config) for config in configs])


def shortened(configs: Sequence[RunConfig]) -> list[RunConfig]:
    """Return configs whose triangle can be afforded: shorter sequences, where they are long."""
    least = TASKS[configs[0].task].seq_len_range[0]
    return [config.with_(seq_len=max(min(config.seq_len, TRIANGLE_STEPS), least)) for config in configs]


def shrunk(configs: Sequence[RunConfig]) -> list[RunConfig]:
    """Return the recurrent ones of the configs, at a size whose singular values can be afforded."""
    return [
        config.with_(hidden_size=min(config.hidden_size, STRETCH_UNITS), seq_len=min(config.seq_len, STRETCH_STEPS))
        for config in configs
        if CELLS[config.cell].recurrent
    ]


class Kept(NamedTuple):
    """A run's weights as they were at one moment, and those it kept at its milestones."""

    run: Run
    now: list[Tensor]
    milestones: Mapping[int, list[Tensor]]


def kept(race: Race) -> list[Kept]:
    """Return the weights of each network of a race; nobody may train it meanwhile, but it is a moment only."""
    return [Kept(run, run.weights(), run.milestones) for run in race.runs]


def of_now(weights: Sequence[Kept]) -> list[GradientFlow]:
    """Return the gradient flow of each network as its weights were when they were kept."""
    return _let_others_go(lambda: [gradient_flow(each.run.config, weights=each.now) for each in weights])


def along(weights: Kept) -> dict[int, GradientFlow]:
    """Return the gradient flow at every milestone of a run, by update; each is measured once."""
    run, kept = weights.run, weights.milestones
    found = ((step, kept.get(step)) for step in sorted(kept))  # a run that goes back drops the later ones
    return _let_others_go(lambda: {step: _milestone(run, step, then) for step, then in found if then is not None})


def _milestone(run: Run, step: int, weights: list[Tensor]) -> GradientFlow:
    known = (run.number, step, float(weights[0].sum()))  # a run that went back may pass the same update again
    if known not in _milestones:
        _milestones[known] = gradient_flow(run.config, weights=weights)
        while len(_milestones) > MOST_MILESTONES:
            _milestones.pop(next(iter(_milestones)))
    return _milestones[known]


def _let_others_go(measure: Callable[[], T]) -> T:
    with page_turn.given_away(), _one_at_a_time:
        return measure()


def _key(config: RunConfig) -> tuple[Hashable, Hashable]:
    """Return what decides a measurement, with the hash of a long text in its place: a table can have megabytes."""
    fields = {name: getattr(config, name) for name in sorted(DECIDES - {"options"})}
    return without_texts(fields), without_texts(config.options)


def _deciding(config: RunConfig) -> RunConfig:
    """Return a config without all that is not in its key."""
    return RunConfig.model_validate({name: getattr(config, name) for name in DECIDES})


def _flow(config: RunConfig, every_step: bool) -> GradientFlow:
    key = (*_key(config), every_step)
    return _flows.get("", key, lambda: gradient_flow(_deciding(config), every_step=every_step))


def _triangle(config: RunConfig) -> Floats:
    return _triangles.get("", _key(config), lambda: triangle(_deciding(config)).astype(np.float32))


def _stretch(config: RunConfig) -> Floats:
    return _stretches.get("", _key(config), lambda: jacobian_singular_values(_deciding(config)))
