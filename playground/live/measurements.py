"""Measurements that pages share: kept for all who ask the same, and made by the pool's workers in fair turns."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

import numpy as np
from torch import Tensor

from playground.live.process import page_turn, pool, trim_memory
from playground.live.visitor import visitor
from playground.session import state
from rnncore.analysis.decay import Floats
from rnncore.analysis.gradients import GradientFlow, gradient_flow
from rnncore.analysis.jacobians import jacobian_singular_values, triangle
from rnncore.caching.by_text import CacheByText, without_texts
from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.tasks import TASKS
from rnncore.training.limits import trace_memory, traced_examples
from rnncore.training.race import Race

T = TypeVar("T")
_milestones: CacheByText[GradientFlow] = CacheByText(300)
_flows: CacheByText[GradientFlow] = CacheByText(128)
_triangles: CacheByText[Floats] = CacheByText(32)
_stretches: CacheByText[Floats] = CacheByText(32)
MEASURED_MEMORY = 84 * 2**20  # bytes that one measurement may take
FEWEST_EXAMPLES, MOST_EXAMPLES = 8, 32
TRIANGLE_STEPS = 64  # every step takes a pass back of its own
STRETCH_UNITS, STRETCH_STEPS = 64, 200
# all that decides the network as it starts, and the examples it sees
DECIDES = {"task", "cell", "hidden_size", "num_layers", "bidirectional", "bias", "window", "seq_len", "truncate",
           "init", "gain", "forget_bias", "seed", "shuffle", "options"}  # fmt: skip


def flows(configs: Sequence[RunConfig], *, every_step: bool = False) -> list[GradientFlow]:
    """Return the gradient flow of each network as it starts."""
    return _each_flow(configs, lambda count: [partial(_flow, config, every_step, count) for config in configs])


def examples(configs: Sequence[RunConfig]) -> int:
    """Return on how many examples the gradient flow of networks is measured: fewer where each takes much memory."""
    return max(1, min(MOST_EXAMPLES, *(traced_examples(config, MEASURED_MEMORY) for config in configs)))


def triangles(configs: Sequence[RunConfig]) -> list[Floats]:
    """Return ||d loss_s / d h_t|| of each network as it starts; see `rnncore.analysis.jacobians.triangle`."""
    return made([partial(_triangle, config) for config in configs])


def stretches(configs: Sequence[RunConfig]) -> list[Floats]:
    """Return the singular values of d h_T / d h_t of each network as it starts."""
    largest = 2 * max((trace_memory(config, config.hidden_size) for config in configs), default=0)  # in float64
    return made([partial(_stretch, config) for config in configs], largest)


def shortened(configs: Sequence[RunConfig]) -> list[RunConfig]:
    """Return configs whose triangle can be afforded: shorter sequences, where they are long."""
    least = TASKS[configs[0].task].seq_len_range[0]
    return [config.with_(seq_len=max(min(config.seq_len, TRIANGLE_STEPS), least)) for config in configs]


def shrunk(configs: Sequence[RunConfig]) -> list[RunConfig]:
    """Return the recurrent ones of the configs, at a size whose singular values can be afforded."""
    low = TASKS[configs[0].task].seq_len_range[0]
    return [
        config.with_(
            hidden_size=min(config.hidden_size, STRETCH_UNITS),
            seq_len=max(low, min(config.seq_len, STRETCH_STEPS // (config.num_layers * (1 + config.bidirectional)))),
        )
        for config in configs
        if CELLS[config.cell].recurrent
    ]


class RunWeights(NamedTuple):
    """The weights of a run as they were after update `step` of its race, and those it kept at its milestones."""

    step: int
    number: int
    config: RunConfig
    now: list[Tensor]
    milestones: Mapping[int, list[Tensor]]


def milestones(race: Race) -> list[RunWeights]:
    """Return the weights of each network of a race; nobody may train it meanwhile, but it is a moment only."""
    return [RunWeights(race.step, run.number, run.config, run.weights(), run.milestones) for run in race.runs]


def of_now(weights: Sequence[RunWeights]) -> list[GradientFlow]:
    """Return the gradient flow of each network as its weights were when they were kept."""
    configs = [each.config for each in weights]
    pairs = [(each.config, each.now) for each in weights]
    return _each_flow(
        configs, lambda count: [partial(gradient_flow, config, batch_size=count, weights=now) for config, now in pairs]
    )


def along(weights: Sequence[RunWeights]) -> list[dict[int, GradientFlow]]:
    """Return the gradient flow at every milestone of each network of a race, by update; each is measured once."""
    configs = [each.config for each in weights]
    wanted = [(each, step) for each in weights for step in sorted(each.milestones)]
    found = _each_flow(configs, lambda count: [partial(_milestone, each, step, count) for each, step in wanted])
    flows: list[dict[int, GradientFlow]] = [{} for _ in weights]
    for (each, step), flow in zip(wanted, found, strict=True):
        if flow is not None:
            flows[weights.index(each)][step] = flow
    return flows


def _milestone(of: RunWeights, step: int, count: int) -> GradientFlow | None:
    weights = of.milestones.get(step)
    if weights is None:  # the run went back, and dropped the later ones
        return None
    known = (of.number, step, float(weights[0].sum()), count)  # it may pass the same update again
    return _milestones.get("", known, lambda: gradient_flow(of.config, batch_size=count, weights=weights))


def _each_flow(configs: Sequence[RunConfig], measures: Callable[[int], Sequence[Callable[[], T]]]) -> list[T]:
    """Return gradient flows of networks of these configs; `measures` is given on how many examples each is measured."""
    count = examples(configs)
    return made(measures(count), max((trace_memory(config, count) for config in configs), default=0))


def made(measures: Sequence[Callable[[], T]], memory: int = 0) -> list[T]:
    """Return measurements that the pool's workers make in this visitor's turns, while other pages go on.

    Those that take much `memory` each are made one after the other: two workers would take it twice.
    """
    ask = partial(pool().ask, state.session_id(), visitor())
    with page_turn.given_away():
        if 2 * memory > MEASURED_MEMORY:
            return [ask(partial(_given_back, measure)).wait() for measure in measures]
        return [each.wait() for each in [ask(measure) for measure in measures]]


def _given_back(measure: Callable[[], T]) -> T:
    """Measure, and return the memory to the system at once: each worker would keep its own."""
    try:
        return measure()
    finally:
        trim_memory()


def _key(config: RunConfig) -> tuple[Hashable, Hashable]:
    """Return what decides a measurement, with the hash of a long text in its place: a table can have megabytes."""
    fields = {name: getattr(config, name) for name in sorted(DECIDES - {"options"})}
    return without_texts(fields), without_texts(config.options)


def _deciding(config: RunConfig) -> RunConfig:
    """Return a config without all that is not in its key."""
    return RunConfig.model_validate({name: getattr(config, name) for name in DECIDES})


def _flow(config: RunConfig, every_step: bool, count: int) -> GradientFlow:
    key = (*_key(config), every_step, count)
    return _flows.get("", key, lambda: gradient_flow(_deciding(config), batch_size=count, every_step=every_step))


def _triangle(config: RunConfig) -> Floats:
    return _triangles.get("", _key(config), lambda: triangle(_deciding(config)).astype(np.float32))


def _stretch(config: RunConfig) -> Floats:
    return _stretches.get("", _key(config), lambda: jacobian_singular_values(_deciding(config)))
