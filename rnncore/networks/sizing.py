"""The size of a network before it is built, and sizes that make a comparison fair."""

from collections.abc import Sequence
from typing import Any

import torch

from rnncore.caching.by_text import CacheByText, without_texts
from rnncore.config import RunConfig
from rnncore.networks.build import build_network
from rnncore.networks.sequence_model import count_parameters
from rnncore.seeding import generator

LARGEST_WIDTH = 1024


def parameters(config: RunConfig) -> int:
    """Return the number of weights of the network that a config describes, without allocating it."""
    sizes = {name: getattr(config, name) for name in _SIZE_FIELDS}
    return _COUNTS.get("", without_texts({**config.options, **sizes}), lambda: _count(config, sizes))


_SIZE_FIELDS = ("task", "cell", "hidden_size", "num_layers", "bidirectional", "bias", "window", "seq_len")
_COUNTS: CacheByText[int] = CacheByText(256)


def _count(config: RunConfig, sizes: dict[str, Any]) -> int:
    smallest = RunConfig.model_validate({**sizes, "options": config.options})
    task = smallest.build_task()
    with torch.device("meta"):
        return count_parameters(build_network(smallest, task, generator(config.seed, "size")))  # not the global one


def equal_parameters(configs: Sequence[RunConfig]) -> list[RunConfig]:
    """Widen the smaller networks until each has about as many weights as the largest of them.

    At equal width an LSTM has four times the weights of a plain cell, so comparing them says little about
    the cells. Each returned config has the `hidden_size` whose weight count is nearest to the largest one's.
    """
    goal = max(parameters(config) for config in configs)
    return [_nearest(config, goal) for config in configs]


def _nearest(config: RunConfig, goal: int) -> RunConfig:
    low, high = config.hidden_size, config.hidden_size
    while high < LARGEST_WIDTH and parameters(config.with_(hidden_size=high)) < goal:
        low, high = high, min(2 * high, LARGEST_WIDTH)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if parameters(config.with_(hidden_size=middle)) < goal else (low, middle)
    sizes = (config.with_(hidden_size=width) for width in (low, high))
    return min(sizes, key=lambda c: abs(parameters(c) - goal))
