"""Save and load runs: one safetensors file with weights, optimiser, generators, history and config. Never pickle."""

import json
import math
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, ValidationError
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from rnncore.config import RunConfig
from rnncore.errors import CheckpointError, ConfigError
from rnncore.history import HELD_OUT_COLUMNS, UPDATE_COLUMNS, History
from rnncore.measures import Divergence
from rnncore.race import MAX_CELLS
from rnncore.run import Run

FORMAT = "rnn-playground-1"
MAX_BYTES = 32 * 2**20


class _Meta(BaseModel):
    """What a file says about one run, beside its tensors."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    config: dict[str, str | int | float | bool | None]
    step: int
    seconds: float
    events: list[tuple[int, str, float | None]]
    divergence: tuple[int, float | None, float | None, float] | None


def save(runs: Sequence[Run]) -> bytes:
    """Return a file with everything needed to go on training these runs as if nothing had happened."""
    tensors: dict[str, Tensor] = {}
    metas = []
    for i, run in enumerate(runs):
        tensors |= {f"{i}.{name}": tensor.contiguous() for name, tensor in _tensors(run).items()}
        metas.append(_meta(run).model_dump())
    return save_tensors(tensors, {"format": FORMAT, "runs": json.dumps(metas, allow_nan=False)})


def load(data: bytes) -> list[Run]:
    """Return the runs of a file made by `save`.

    Raises
    ------
    CheckpointError
        The file is too large, damaged, or not one of ours; the message says which.
    """
    if len(data) > MAX_BYTES:
        raise CheckpointError(
            f"The file has {len(data) / 2**20:.0f} MB; at most {MAX_BYTES // 2**20} MB can be loaded."
        )
    metadata = _metadata(data)
    if metadata.get("format") != FORMAT:
        raise CheckpointError("This file was not saved by this playground: choose one that 'Save' made here.")
    try:
        metas = [_Meta.model_validate(meta) for meta in json.loads(metadata["runs"])]
        tensors = load_tensors(data)
        if not 1 <= len(metas) <= MAX_CELLS:
            raise CheckpointError(f"The file holds {len(metas)} runs; 1 to {MAX_CELLS} can be loaded.")
        return [_run(meta, _part(tensors, f"{i}.")) for i, meta in enumerate(metas)]
    except (SafetensorError, ValidationError, ConfigError, KeyError, ValueError, TypeError, RuntimeError) as error:
        reason = str(error).splitlines()[0][:160]
        raise CheckpointError(f"The file is damaged or was changed, so nothing was loaded ({reason}).") from None


def read_configs(data: bytes) -> list[RunConfig]:
    """Return only the configs of a file, so that limits can be checked before anything is built."""
    try:
        return [RunConfig.from_flat(_Meta.model_validate(m).config) for m in json.loads(_metadata(data)["runs"])]
    except (ValidationError, ConfigError, KeyError, ValueError, TypeError) as error:
        reason = str(error).splitlines()[0][:160]
        raise CheckpointError(f"The file is damaged or was not saved here, so nothing was loaded ({reason}).") from None


def _metadata(data: bytes) -> dict[str, str]:
    """Read the header of a safetensors file: an 8-byte length, then JSON with our strings in it."""
    try:
        (length,) = struct.unpack("<Q", data[:8])
        found = json.loads(data[8 : 8 + min(length, MAX_BYTES)])["__metadata__"]
        return {str(key): str(value) for key, value in found.items()}
    except (struct.error, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise CheckpointError(
            "This is not a file of this playground: expected one that 'Save' made here (ending in .safetensors)."
        ) from None


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def _meta(run: Run) -> _Meta:
    blown = run.divergence

    def finite(x: float) -> float | None:
        return x if math.isfinite(x) else None

    return _Meta(
        config=run.config.flat(),
        step=run.step,
        seconds=run.seconds,
        events=run.events,
        divergence=(blown.step, finite(blown.loss), finite(blown.grad_norm), blown.lr) if blown else None,
    )


def _tensors(run: Run) -> dict[str, Tensor]:
    state = run.optimizer.state_dict()["state"]
    return {
        **{f"model.{name}": value for name, value in run.model.state_dict().items()},
        **{f"optimizer.{i}.{key}": value for i, slots in state.items() for key, value in slots.items()
           if isinstance(value, Tensor)},
        **{f"generator.{name}": g.get_state() for name, g in run.generators.items()},
        "history.updates": torch.from_numpy(run.history.updates.rows().copy()),
        "history.held_out": torch.from_numpy(run.history.held_out.rows().copy()),
    }  # fmt: skip


def _run(meta: _Meta, tensors: dict[str, Tensor]) -> Run:
    run = Run(RunConfig.from_flat(meta.config))
    run.model.load_state_dict(_part(tensors, "model."))
    slots: dict[int, dict[str, Any]] = {}
    parameters = list(run.model.parameters())
    for name, value in _part(tensors, "optimizer.").items():
        number, key = name.split(".")
        if value.shape not in (parameters[int(number)].shape, torch.Size([])):
            raise ValueError("the optimiser's state does not fit the network")
        slots.setdefault(int(number), {})[key] = value
    run.optimizer.load_state_dict({**run.optimizer.state_dict(), "state": slots})
    for name, g in run.generators.items():
        g.set_state(tensors[f"generator.{name}"])
    updates, held_out = tensors["history.updates"].numpy(), tensors["history.held_out"].numpy()
    _check_history(meta, updates, held_out)
    run.history = History(updates, held_out)
    run.step, run.seconds, run.events = meta.step, meta.seconds, list(meta.events)
    if meta.divergence:
        step, loss, norm, lr = meta.divergence
        run.divergence = Divergence(step, _or_nan(loss), _or_nan(norm), lr)
    run.restored()
    return run


def _check_history(meta: _Meta, updates: np.ndarray, held_out: np.ndarray) -> None:
    if updates.shape != (meta.step, len(UPDATE_COLUMNS)) or not 0 <= meta.step <= 100_000:
        raise ValueError("the history does not fit the number of updates")
    if held_out.ndim != 2 or held_out.shape[1] != len(HELD_OUT_COLUMNS) or not len(held_out):
        raise ValueError("the held-out history has the wrong shape")
    steps = held_out[:, 0]
    if not (np.isfinite(updates).all() and np.isfinite(held_out[:, [0, 1, 2, 4]]).all()):
        raise ValueError("the history holds numbers that are not finite")
    if (np.diff(steps) < 0).any() or steps[0] < 0 or steps[-1] > meta.step:
        raise ValueError("the held-out history is out of order")


def _or_nan(x: float | None) -> float:
    return math.nan if x is None else x
