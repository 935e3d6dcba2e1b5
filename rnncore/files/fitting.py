"""The numbers in a file against those that a config needs; nothing is built to find out."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from rnncore.config import RunConfig
from rnncore.files.sealed import Part, Unfit
from rnncore.networks.build import build_network
from rnncore.seeding import generator
from rnncore.training.history import HELD_OUT_COLUMNS, UPDATE_COLUMNS, Columns
from rnncore.training.optimizer import SLOTS

Shape = tuple[int, ...]
MAX_UPDATES = 100_000
GENERATOR = (torch.Generator().get_state().numel(),)


def shapes(config: RunConfig) -> dict[str, Shape]:
    """Return the names and shapes of a config's weights, in the order of its parameters."""
    plain = config.with_(init="default")  # the start does not matter, and takes time
    task = plain.built_task
    _ = task.input_size, task.output_size  # whatever a task reads or makes for these is not for the next lines alone
    with torch.device("meta"):
        model = build_network(plain, task, generator(0, "size"))
    return {name: tuple(weight.shape) for name, weight in model.named_parameters()}


def of_run(config: RunConfig, *, started: bool) -> dict[str, tuple[str, Shape]]:
    """Return the kind and shape of each tensor that a saved run has beside its history."""
    weights = shapes(config)
    purposes = ("data", "dropout", "order") if config.shuffle == "new" else ("data", "dropout")
    slots = {
        f"optimizer.{i}.{key}": ("F32", () if key == "step" else shape)
        for i, shape in enumerate(weights.values()) for key in SLOTS[config.optimizer] if started
    }  # fmt: skip
    return {
        **{f"model.{name}": ("F32", shape) for name, shape in weights.items()},
        **slots,
        **{f"generator.{purpose}": ("U8", GENERATOR) for purpose in purposes},
    }


def check_forms(parts: Mapping[str, Part], expected: Mapping[str, tuple[str, Shape]]) -> None:
    """Refuse parts that are missing, too many, or of another kind or shape."""
    for name, (dtype, shape) in expected.items():
        part = parts.get(name)
        if part is None:
            raise Unfit(f"'{name[:60]}' is missing")
        if (part.dtype, part.shape) != (dtype, shape):
            raise Unfit(f"'{name[:60]}' does not fit the settings in the file")
    if len(parts) > len(expected):
        raise Unfit("it has parts that its settings do not need")


def history_forms(parts: Mapping[str, Part], step: int) -> dict[str, tuple[str, Shape]]:
    """Return the kinds and shapes that the history of so many updates has; of held-out rows, at most one an update."""
    held_out = parts.get("history.held_out")
    rows = held_out.shape[0] if held_out is not None and held_out.shape else 0
    if rows > step + 1:
        raise Unfit("it was measured more often than there were updates")
    return {
        "history.updates": ("F32", (step, len(UPDATE_COLUMNS))),
        "history.held_out": ("F32", (rows, len(HELD_OUT_COLUMNS))),
    }


def check_finite(tensors: Mapping[str, Tensor]) -> None:
    """Refuse numbers that are not finite, and sums of squares below zero."""
    for name, value in tensors.items():
        if value.is_floating_point() and not value.isfinite().all():
            raise Unfit(f"'{name[:60]}' holds numbers that are not finite")
        if name.endswith(("_sq", "square_avg")) and value.numel() and value.min() < 0:
            raise Unfit("the optimiser's state holds squares below zero")
        if name.startswith("optimizer.") and name.endswith(".step") and not 1 <= float(value) <= MAX_UPDATES:
            raise Unfit("the optimiser's state has a number of updates that cannot be")


def check_history(step: int, updates: np.ndarray, held_out: np.ndarray, *, measured: bool) -> None:
    """Refuse a history that no run can have; `measured` says that it was measured at least once."""
    measurements = Columns(HELD_OUT_COLUMNS, held_out)
    finite = [np.isfinite(measurements[name]).all() for name in HELD_OUT_COLUMNS if name != "update_ratio"]
    if not (np.isfinite(updates).all() and all(finite)):
        raise Unfit("the history holds numbers that are not finite")
    steps = measurements["step"]
    if not len(steps):
        if measured:
            raise Unfit("the held-out history is empty")
    elif (np.diff(steps) < 0).any() or steps[0] < 0 or steps[-1] > step or (steps % 1).any():
        raise Unfit("the held-out history is out of order")
