"""Save and load runs: one safetensors file with weights, optimiser, generators, history and config. Never pickle."""

import json
import math
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, Field
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from rnncore.config import RunConfig
from rnncore.errors import CheckpointError, ConfigError
from rnncore.fingerprint import fingerprint
from rnncore.history import HELD_OUT_COLUMNS, UPDATE_COLUMNS, History
from rnncore.measures import Divergence
from rnncore.race import MAX_CELLS
from rnncore.run import Run
from rnncore.training import SLOTS

FORMAT = "rnn-playground-1"
MAX_BYTES = 32 * 2**20
LONG_TEXT = 4000  # characters; a longer text stands once in a file, however many runs share it


class _Meta(BaseModel):
    """What a file says about one run, beside its tensors."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    config: dict[str, str | int | float | bool | None]
    texts: dict[str, str] = {}  # settings whose text stands once in the file, by its fingerprint
    step: int
    seconds: float = Field(ge=0, le=1e9)
    events: list[tuple[int, str, float | None]]
    divergence: tuple[int, float | None, float | None, float] | None
    good_step: int | None = None  # the update that the weights are of, where that is not `step`


def save(runs: Sequence[Run]) -> bytes:
    """Return a file with everything needed to go on training these runs as if nothing had happened.

    A run that has diverged is saved with its last good weights, to which it can be rewound after loading.
    """
    tensors: dict[str, Tensor] = {}
    metas, texts = [], {}
    for i, run in enumerate(runs):
        tensors |= {f"{i}.{name}": tensor.contiguous() for name, tensor in _tensors(run).items()}
        meta = _meta(run)
        for name, value in list(meta.config.items()):
            if isinstance(value, str) and len(value) > LONG_TEXT:
                meta.texts[name] = fingerprint(value)
                texts[meta.texts[name]] = meta.config.pop(name)
        metas.append(meta.model_dump())
    written = {"runs": json.dumps(metas, allow_nan=False), "texts": json.dumps(texts, ensure_ascii=False)}
    return save_tensors(tensors, {"format": FORMAT, **written})


def load(data: bytes, max_bytes: int | None = MAX_BYTES) -> list[Run]:
    """Return the runs of a file made by `save`; `max_bytes` None takes a file of any size.

    Raises
    ------
    CheckpointError
        The file is too large, damaged, or not one of ours; the message says which.
    """
    if max_bytes is not None and len(data) > max_bytes:
        raise CheckpointError(f"The file has {len(data):,} bytes; at most {max_bytes // 2**20} MB can be loaded.")
    metadata = read_metadata(data)
    if metadata.get("format") != FORMAT:
        raise CheckpointError("This file was not saved by this playground: choose one that 'Save' made here.")
    try:
        metas = _metas(metadata)
        tensors = load_tensors(data)
        if not 1 <= len(metas) <= MAX_CELLS:
            raise CheckpointError(f"The file holds {len(metas)} runs; 1 to {MAX_CELLS} can be loaded.")
        return [_run(meta, _part(tensors, f"{i}.")) for i, meta in enumerate(metas)]
    except (SafetensorError, ConfigError, LookupError, ValueError, TypeError, RuntimeError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0][:160]
        raise CheckpointError(f"The file is damaged or was changed, so nothing was loaded ({reason}).") from None


def read_configs(data: bytes) -> list[RunConfig]:
    """Return only the configs of a file, so that limits can be checked before anything is built."""
    try:
        return [RunConfig.from_flat(meta.config) for meta in _metas(read_metadata(data))]
    except (ConfigError, LookupError, ValueError, TypeError, RecursionError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0][:160]
        raise CheckpointError(f"The file is damaged or was not saved here, so nothing was loaded ({reason}).") from None


def read_metadata(data: bytes) -> dict[str, str]:
    """Return the strings in the header of a safetensors file: an 8-byte length, then JSON with them in it."""
    try:
        (length,) = struct.unpack("<Q", data[:8])
        found = json.loads(data[8 : 8 + min(length, MAX_BYTES)])["__metadata__"]
        return {str(key): str(value) for key, value in found.items()}
    except (struct.error, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise CheckpointError(
            "This is not a file of this playground: expected one that 'Save' made here (ending in .safetensors)."
        ) from None


def _metas(metadata: dict[str, str]) -> list[_Meta]:
    """Return what the file says about each run, long texts put back in their places."""
    texts = json.loads(metadata.get("texts", "{}"))
    metas = [_Meta.model_validate(meta) for meta in json.loads(metadata["runs"])]
    for meta in metas:
        meta.config.update({name: str(texts[mark]) for name, mark in meta.texts.items()})
    return metas


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
        good_step=run.good_step if blown else None,
    )


def _tensors(run: Run) -> dict[str, Tensor]:
    kept = run._good if run.divergence else run._snapshot()
    return {
        **{f"model.{name}": value for name, value in kept.model.items()},
        **{f"optimizer.{i}.{key}": value for i, slots in kept.optimizer.items()
           for key, value in slots.items()},
        **{f"generator.{name}": state for name, state in kept.generators.items()},
        "history.updates": torch.from_numpy(run.history.updates.rows().copy()),
        "history.held_out": torch.from_numpy(run.history.held_out.rows().copy()),
    }  # fmt: skip


def _run(meta: _Meta, tensors: dict[str, Tensor]) -> Run:
    if not 0 <= (good_step := meta.step if meta.good_step is None else meta.good_step) <= meta.step:
        raise ValueError("the last good update comes after the last one")
    run = Run(RunConfig.from_flat(meta.config))
    weights = _part(tensors, "model.")
    _check_numbers(weights)
    run.model.load_state_dict(weights)
    slots = _slots(run, _part(tensors, "optimizer."), started=good_step > 0)
    run.optimizer.load_state_dict(slots)
    for name, g in run.generators.items():
        g.set_state(tensors[f"generator.{name}"])
    updates, held_out = tensors["history.updates"].numpy(), tensors["history.held_out"].numpy()
    _check_history(meta, updates, held_out)
    run.history = History(updates, held_out)
    run.step, run.seconds, run.events = meta.step, meta.seconds, list(meta.events)
    if meta.divergence:
        step, loss, norm, lr = meta.divergence
        run.divergence = Divergence(step, _or_nan(loss), _or_nan(norm), lr)
    run.restored(good_step)
    return run


def _slots(run: Run, tensors: dict[str, Tensor], *, started: bool) -> dict[int, dict[str, Any]]:
    """Return the optimiser's state as PyTorch keeps it, after checking that nothing is missing or misshapen."""
    _check_numbers(tensors)
    parameters = list(run.model.parameters())
    keys = SLOTS[run.config.optimizer]
    expected = {
        f"{i}.{key}": torch.Size([]) if key == "step" else parameter.shape
        for i, parameter in enumerate(parameters if started else []) for key in keys
    }  # fmt: skip
    if {name: value.shape for name, value in tensors.items()} != expected:
        raise ValueError("the optimiser's state does not fit the network")
    return {i: {key: tensors[f"{i}.{key}"] for key in keys} for i in range(len(parameters)) if expected}


def _check_numbers(tensors: dict[str, Tensor]) -> None:
    for name, value in tensors.items():
        if value.dtype != torch.float32 or not value.isfinite().all():
            raise ValueError(f"'{name[:40]}' holds numbers that are not finite, or of the wrong kind")


def _check_history(meta: _Meta, updates: np.ndarray, held_out: np.ndarray) -> None:
    if updates.shape != (meta.step, len(UPDATE_COLUMNS)) or not 0 <= meta.step <= 100_000:
        raise ValueError("the history does not fit the number of updates")
    if held_out.ndim != 2 or held_out.shape[1] != len(HELD_OUT_COLUMNS):
        raise ValueError("the held-out history has the wrong shape")
    if not updates.dtype == held_out.dtype == np.float32:
        raise ValueError("the history holds numbers of the wrong kind")
    steps = held_out[:, 0]
    if not (np.isfinite(updates).all() and np.isfinite(held_out[:, [0, 1, 2, 4]]).all()):
        raise ValueError("the history holds numbers that are not finite")
    if not len(steps):
        if meta.step and not meta.divergence:  # only a network that blew up at once was never measured
            raise ValueError("the held-out history is empty")
    elif (np.diff(steps) < 0).any() or steps[0] < 0 or steps[-1] > meta.step:
        raise ValueError("the held-out history is out of order")


def _or_nan(x: float | None) -> float:
    return math.nan if x is None else x
