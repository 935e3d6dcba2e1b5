"""The limits of one server for each visitor, and how a request that asks for more is brought within them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import torch

from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.errors import LimitError
from rnncore.networks.sizing import parameters
from rnncore.tasks import TASKS
from rnncore.training.optimizer import SLOTS
from rnncore.training.run_state import MILESTONES
from rnncore.training.shelf import SMALL

# Measured on one core of a small cloud server: what a matrix product delivers, and what one time step of the
# fused kernels and of the engine's own loop costs beyond its arithmetic, forward and backward together.
FLOPS_PER_SECOND = 2e10
FUSED_STEP = 40e-6
LOOPED_STEP = 350e-6
FIXED = 100_000  # bytes of a run beside its weights and its history
VALUE_SECONDS = 5e-9  # what one hidden value costs beyond the matrix products: reading, activation, writing
FUSED_VALUES = 20  # numbers per unit and step that PyTorch's LSTM kernel keeps for the pass back
RECORDED, RECORDED_GATED = 6_000, 21_000  # bytes that PyTorch's record of one step takes, as measured: 6, 18 to 23 kB
FITTED = ("hidden_size", "num_layers", "batch_size", "seq_len", "window")  # what gives way to the limits


@dataclass(frozen=True)
class Limits:
    """The most that one process gives away; every figure is a field, so a deployment can change it.

    Attributes
    ----------
    update_seconds
        Longest estimated time of one update of one network: Stop waits for the update in hand.
    measure_seconds
        Longest estimated time of one measurement on the held-out examples.
    update_memory
        Bytes that one update of one network may take while it is computed.
    race_memory
        Bytes that one race may take while it trains, the update in hand included; of what is asked for, not of files
        that were saved with more.
    trace_memory, trace_examples
        Bytes that may be taken where every step is looked at, as on the Gradients page, and on how many examples
        this must be possible at least; None for any.
    parameters
        Weights of one network.
    races, races_per_visitor, races_per_session
        Races that may exist at once: in all, for one browser, for one of its tabs.
    moving
        Races that get processor time at once; the others wait for a place.
    turn_seconds
        How long a race keeps its place while others wait.
    memory
        Bytes of memory for the weights, optimiser states and histories of all races together.
    files
        Bytes of temporary files for what leaves memory.
    """

    update_seconds: float = 0.12
    measure_seconds: float = 1.0
    update_memory: int = 128 * 2**20
    race_memory: int = 68 * 2**20
    trace_memory: int | None = None
    trace_examples: int = 8
    parameters: int = 1_000_000
    races: int = 300
    races_per_visitor: int = 12
    races_per_session: int = 3
    moving: int = 40
    turn_seconds: float = 20.0
    memory: int = 160 * 2**20
    files: int = 4 * 2**30


def update_seconds(config: RunConfig) -> float:
    """Estimate what one update costs on one core: 6 operations per weight, step and example, plus overhead.

    Where a network reads and then writes, either half of its weights takes only its own steps.
    """
    task = config.built_task
    steps, step = task.total_steps, FUSED_STEP if _has_kernel(config.cell) else LOOPED_STEP
    looped = task.answer_steps if task.attention else 0
    arithmetic = 6 * parameters(config) * steps * config.batch_size / FLOPS_PER_SECOND / (2 if task.writes else 1)
    passes = config.num_layers * (2 if config.bidirectional else 1)
    return arithmetic + passes * ((steps - looped) * step + looped * LOOPED_STEP)


def measure_seconds(config: RunConfig) -> float:
    """Estimate what answering all held-out examples costs on one core, which happens every 25 updates."""
    task = config.built_task
    arithmetic = 2 * parameters(config) * task.total_steps / FLOPS_PER_SECOND
    values = _values(config) * CELLS[config.cell].blocks * VALUE_SECONDS
    return task.held_out_size * (arithmetic + values)


@cache
def _has_kernel(cell: str) -> bool:
    """Return whether a whole sequence runs in one kernel: a subclass may inherit `fused` and still answer None."""
    smallest = CELLS[cell](1, 1, generator=torch.Generator())
    return smallest.fused(torch.zeros(1, 1, 1), smallest.initial_state(1)) is not None


def update_memory(config: RunConfig) -> int:
    """Estimate the bytes that one update takes while it is computed: what the pass back needs of every step."""
    fused = CELLS[config.cell].blocks == 4 and _has_kernel(config.cell)
    return _values(config) * config.batch_size * 4 * (FUSED_VALUES if fused else _values_per_unit(config.cell))


def trace_memory(config: RunConfig, examples: int) -> int:
    """Estimate the bytes taken where a network is run step by step and every step is looked at.

    PyTorch records every operation for the way back, which takes its room however few the examples are.
    """
    record = _steps(config) * (RECORDED if CELLS[config.cell].blocks == 1 else RECORDED_GATED)
    return record + examples * _values(config) * 4 * _values_per_unit(config.cell)


def traced_examples(config: RunConfig, memory: int) -> int:
    """Return on how many examples every step can be looked at in so many bytes; 0 where it takes more."""
    record = trace_memory(config, 0)
    return max(0, memory - record) // (trace_memory(config, 1) - record)


def _steps(config: RunConfig) -> int:
    """Return how many steps of cells there are, over all layers and directions."""
    return config.built_task.total_steps * config.num_layers * (2 if config.bidirectional else 1)


def _values(config: RunConfig) -> int:
    """Return how many hidden values there are for one example, over all steps, layers and directions."""
    return _steps(config) * config.hidden_size


def _values_per_unit(cell: str) -> int:
    """Return how many numbers one step keeps per unit, as measured: 10 for a vanilla cell, 24 for a GRU, 31 an LSTM."""
    return 7 * CELLS[cell].blocks + 3


def memory(config: RunConfig) -> int:
    """Estimate the bytes that one run holds while it trains: weights, optimiser's state, small copies.

    Gradients are there only while an update is computed. Copies of large networks, to go back to and to look at, lie
    in a file (`rnncore.training.shelf`).
    """
    weights, slots, milestones = _copies(config)
    good = (1 + slots) * weights
    copies = (good if good < SMALL else 0) + (milestones * weights if weights < SMALL else 0)
    return (1 + slots) * weights + copies + 24 * min(config.steps, 100_000) + FIXED


def memory_aside(config: RunConfig) -> int:
    """Estimate the bytes of one run that stay in memory while its network is put aside."""
    weights, slots, _ = _copies(config)
    return memory(config) - (0 if weights < SMALL else (1 + slots) * weights)


def in_files(config: RunConfig) -> int:
    """Estimate the bytes that one run may come to hold in files."""
    weights, slots, milestones = _copies(config)
    return 0 if weights < SMALL else (1 + 2 * (1 + slots) + milestones) * weights + FIXED


def _copies(config: RunConfig) -> tuple[int, int, int]:
    """Return the bytes of a network's weights, how often the optimiser keeps as many, and copies kept by update."""
    slots = sum(name != "step" for name in SLOTS[config.optimizer])
    return 4 * parameters(config), slots, sum(step <= config.steps for step in MILESTONES)


def check(config: RunConfig, limits: Limits) -> None:
    """Raise `LimitError` if the config asks for more than the limits."""
    count = parameters(config)
    if count > limits.parameters:
        raise LimitError(
            f"This network would have {count:,} weights; the limit here is {limits.parameters:,}: "
            "choose a smaller hidden size or fewer layers."
        )
    seconds = update_seconds(config)
    if seconds > limits.update_seconds:
        raise LimitError(
            f"One update of this network would take about {seconds * 1000:.0f} ms; the limit here is "
            f"{limits.update_seconds * 1000:.0f} ms: choose a smaller batch size, sequence length or hidden size."
        )
    seconds = measure_seconds(config)
    if seconds > limits.measure_seconds:
        raise LimitError(
            f"Measuring this network on its held-out examples would take about {seconds:.1f} s; the limit here is "
            f"{limits.measure_seconds:.1f} s: choose a smaller sequence length or hidden size."
        )
    needed = update_memory(config)
    if needed > limits.update_memory:
        raise LimitError(
            f"One update of this network would take about {needed / 2**20:.0f} MB; the limit here is "
            f"{limits.update_memory / 2**20:.0f} MB: choose a smaller batch size, sequence length or hidden size."
        )


def fit(config: RunConfig, limits: Limits, networks: int = 1) -> tuple[RunConfig, list[str]]:
    """Return the config brought within the limits, and one sentence per setting that had to change.

    Hidden size, then the window, give way to the limit on weights; sequence length, then hidden size and layers to
    those on looking at a network; and batch size before these to those on an update and on the race.

    Parameters
    ----------
    config
        What is asked for.
    limits
        What there is.
    networks
        How many such networks there are in the race.
    """
    fitted = config
    while parameters(fitted) > limits.parameters and fitted.hidden_size > 8:
        fitted = fitted.with_(hidden_size=max(8, int(fitted.hidden_size * 0.8)))
    while parameters(fitted) > limits.parameters and fitted.window > 1:
        fitted = fitted.with_(window=int(fitted.window * 0.8))
    low = TASKS[config.task].seq_len_range[0]
    least = {"batch_size": 8, "seq_len": max(low, 16), "hidden_size": 8, "num_layers": 1}
    smaller = ("batch_size", "seq_len", "hidden_size", "num_layers")
    rules: tuple[tuple[Callable[[RunConfig, Limits], bool], tuple[str, ...]], ...] = (
        (_too_long_to_look_at, smaller[1:]),
        (_too_heavy, smaller),
        (partial(_too_much_together, networks), smaller),
    )
    for too_much, names in rules:
        for name in names:
            while too_much(fitted, limits) and getattr(fitted, name) > least[name]:
                fitted = fitted.with_(**{name: max(least[name], int(getattr(fitted, name) * 0.8))})
    changed = [name for name in FITTED
               if getattr(config, name) != getattr(fitted, name)]  # fmt: skip
    return fitted, [
        f"{RunConfig.model_fields[name].title} {getattr(config, name):,} is more than this server gives "
        f"for this set-up: {getattr(fitted, name):,} is used."
        for name in changed
    ]


def _too_heavy(config: RunConfig, limits: Limits) -> bool:
    return update_seconds(config) > limits.update_seconds or update_memory(config) > limits.update_memory


def _too_much_together(networks: int, config: RunConfig, limits: Limits) -> bool:
    return networks * memory(config) + update_memory(config) > limits.race_memory


def _too_long_to_look_at(config: RunConfig, limits: Limits) -> bool:
    long = limits.trace_memory is not None and traced_examples(config, limits.trace_memory) < limits.trace_examples
    return long or measure_seconds(config) > limits.measure_seconds
