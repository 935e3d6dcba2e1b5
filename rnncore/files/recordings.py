"""Recordings: finished runs in small files, to be looked at and not to be trained on; one safetensors file, no pickle.

Beside a saved model, whose numbers are all kept (`checkpoints`), a recording lacks the optimiser's state, and its
weights and its history are rounded. The last held-out measurement and the answers are those of the rounded weights, so
that they are of the network that one is shown. Of small networks it also has weights from during training.
"""

import json
import math
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from rnncore.config import RunConfig
from rnncore.files.fitting import MAX_UPDATES, check_finite, check_forms, check_history, shapes
from rnncore.files.sealed import Opened, Part, Unfit, opened, read_json, refusals_told, seal
from rnncore.training.history import HELD_OUT_COLUMNS, UPDATE_COLUMNS, Columns, History
from rnncore.training.race import MAX_CELLS
from rnncore.training.run import Run

FORMAT = "rnn-playground-recording-1"
LARGE = 4096  # numbers; a larger matrix is kept in 8 bits a number, anything smaller in 16
HEALTH_UPDATES = 100  # updates whose gradient norms `Run.health` looks at
FEWEST_BETWEEN, MOST_BETWEEN = 2, 5  # milestones; of a single one there is little to see


def save(runs: Sequence[Run], between: int = 0) -> bytes:
    """Return a recording of runs that have not diverged.

    Parameters
    ----------
    between
        Bytes that the weights at milestones between start and end may take, the latest of them that fit.
    """
    tensors: dict[str, Tensor] = {}
    steps_between = _between(runs, between)
    for i, run in enumerate(runs):
        updates, held_out = run.history.updates, run.history.held_out
        steps = held_out["step"].astype(int)
        tensors |= {f"{i}.weight.{name}": kept for name, weight in run.model.state_dict().items()
                    for name, kept in _rounded(name, weight).items()}  # fmt: skip
        tensors |= {
            f"{i}.loss": torch.from_numpy(updates["loss"].copy()).half(),
            f"{i}.grad_norm": torch.from_numpy(updates["grad_norm"][-HEALTH_UPDATES:].copy()),
            f"{i}.held_out": torch.from_numpy(held_out.rows().copy()),
            f"{i}.seconds": torch.from_numpy(np.where(steps, updates["seconds"][np.maximum(steps, 1) - 1], 0)),
        }
        if steps_between:
            tensors[f"{i}.milestones"] = torch.tensor(steps_between, dtype=torch.int32)
            tensors |= {f"{i}.milestone.{name}": kept for name, kept in _stacked(run, steps_between).items()}
    configs = [run.config.flat() for run in runs]
    return seal(tensors, {"format": FORMAT, "configs": json.dumps(configs, allow_nan=False)})


def load(data: bytes) -> list[Run]:
    """Return the runs of a recording; they cannot be trained on.

    Raises
    ------
    CheckpointError
        The file is damaged or no recording; the message says which.
    """
    with refusals_told("The recording"):
        file = opened(data, FORMAT, ("configs",))
        configs = _configs(file)
        expected: dict[str, tuple[str, tuple[int, ...]]] = {}
        for i, config in enumerate(configs):
            expected |= {f"{i}.{name}": form for name, form in _forms(config, file.parts, f"{i}.").items()}
        check_forms(file.parts, expected)
        tensors = file.tensors()
        check_finite({name: kept for name, kept in tensors.items() if not name.endswith(".held_out")})
        return [_run(config, _part(tensors, f"{i}.")) for i, config in enumerate(configs)]


def read_configs(data: bytes) -> list[RunConfig]:
    """Return only the configs of a recording's runs, which takes a hundredth of the time."""
    with refusals_told("The recording"):
        return _configs(opened(data, FORMAT, ("configs",)))


def _configs(file: Opened) -> list[RunConfig]:
    found = read_json(file.metadata.get("configs", "null"), most=1000, depth=2)
    if not isinstance(found, list) or not 1 <= len(found) <= MAX_CELLS or not all(isinstance(c, dict) for c in found):
        raise Unfit(f"it does not hold 1 to {MAX_CELLS} runs")
    return [RunConfig.from_flat(config) for config in found]


def _forms(config: RunConfig, parts: Mapping[str, Part], prefix: str) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Return the kind and shape of each tensor of one run; how long its history is, the file says within bounds."""

    def rows(name: str, most: int) -> int:
        part = parts.get(prefix + name)
        count = part.shape[0] if part is not None and part.shape else 0
        if not 1 <= count <= most:
            raise Unfit("its history has a length that cannot be")
        return count

    updates = rows("loss", MAX_UPDATES)
    measured = rows("held_out", updates + 1)
    forms: dict[str, tuple[str, tuple[int, ...]]] = {
        "loss": ("F16", (updates,)),
        "grad_norm": ("F32", (min(updates, HEALTH_UPDATES),)),
        "held_out": ("F32", (measured, len(HELD_OUT_COLUMNS))),
        "seconds": ("F32", (measured,)),
    }
    stacks: dict[str, tuple[int, ...]] = {"weight": ()}
    if f"{prefix}milestones" in parts:
        stacks["milestone"] = (rows("milestones", MOST_BETWEEN),)
        forms["milestones"] = ("I32", stacks["milestone"])
    for name, shape in shapes(config).items():
        small = len(shape) < 2 or math.prod(shape) <= LARGE
        for kind, stack in stacks.items():
            forms[f"{kind}.{name}"] = ("F16" if small else "I8", (*stack, *shape))
            if not small:
                forms[f"{kind}.{name}.scale"] = ("F32", (*stack, *shape[:-1], 1))
    return forms


def _between(runs: Sequence[Run], most: int) -> list[int]:
    """Return the latest milestones before the end whose weights take at most so many bytes, rounded; few are none."""
    each = sum(kept.nbytes for run in runs for name, weight in run.model.state_dict().items()
               for kept in _rounded(name, weight).values())  # fmt: skip
    steps = sorted(set.intersection(*(set(run.milestones) for run in runs)) - {0, runs[0].step})
    count = min(MOST_BETWEEN, len(steps), most // each)
    return steps[-count:] if count >= FEWEST_BETWEEN else []


def _stacked(run: Run, steps: Sequence[int]) -> dict[str, Tensor]:
    """Return the weights at milestones, rounded, one tensor ``(milestones, ...)`` a weight."""
    names = [name for name, _ in run.model.named_parameters()]
    rounded = [{name: kept for each, weight in zip(names, run.milestones[step], strict=True)
                for name, kept in _rounded(each, weight).items()} for step in steps]  # fmt: skip
    return {name: torch.stack([each[name] for each in rounded]) for name in rounded[0]}


def _rounded(name: str, weight: Tensor) -> dict[str, Tensor]:
    """Return a weight in 16 bits a number; or in 8, as multiples of a 127th of the largest number of each row."""
    if weight.dim() < 2 or weight.numel() <= LARGE:
        return {name: weight.half()}
    scale = weight.abs().amax(dim=-1, keepdim=True).clamp(min=1e-12) / 127
    return {name: (weight / scale).round().to(torch.int8), f"{name}.scale": scale}


def _weights(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the weights as real numbers again."""
    scales = {name: kept for name, kept in tensors.items() if name.endswith(".scale")}
    return {name: kept.float() * scales.get(f"{name}.scale", 1.0)
            for name, kept in tensors.items() if name not in scales}  # fmt: skip


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): kept for name, kept in tensors.items() if name.startswith(prefix)}


def _run(config: RunConfig, tensors: dict[str, Tensor]) -> Run:
    check_history(len(tensors["loss"]), np.empty((0, 0)), tensors["held_out"].numpy(), measured=True)
    run = Run(config)
    run.model.load_state_dict(_weights(_part(tensors, "weight.")))
    run.step = len(tensors["loss"])
    outputs, _ = run._answer()
    measured = Columns(HELD_OUT_COLUMNS, tensors["held_out"].numpy())
    measured["loss"][-1] = run.task.loss(outputs, run.held_out)
    measured["metric"][-1] = run.task.metric(outputs, run.held_out)
    run.history = _history(config, {name: tensors[name].numpy() for name in ("loss", "grad_norm", "seconds")}, measured)
    run.seconds = float(run.history.updates["seconds"][-1])
    run.copies.forget()  # nobody goes back to a state that nobody trains on from
    if "milestones" in tensors:
        _keep_between(run, tensors["milestones"].tolist(), _weights(_part(tensors, "milestone.")))
    return run


def _keep_between(run: Run, steps: Sequence[int], stacks: Mapping[str, Tensor]) -> None:
    if steps[0] < 1 or steps[-1] >= run.step or sorted(set(steps)) != steps:
        raise Unfit("its weights are of updates that cannot be")
    names = [name for name, _ in run.model.named_parameters()]
    for i, step in enumerate(steps):
        run.milestones[step] = [stacks[name][i] for name in names]


def _history(config: RunConfig, kept: Mapping[str, np.ndarray], measured: Columns) -> History:
    """Return the history from what was kept of it; what was not is missing (NaN), or lies between what was measured."""
    n = len(kept["loss"])
    columns = {name: np.full(n, math.nan, np.float32) for name in UPDATE_COLUMNS}
    columns["loss"] = kept["loss"].astype(np.float32)
    columns["grad_norm"][-len(kept["grad_norm"]) :] = kept["grad_norm"]
    columns["clip_norm"][:] = config.clip_norm
    columns["seconds"] = np.interp(np.arange(1, n + 1), measured["step"], kept["seconds"]).astype(np.float32)
    return History(np.stack([columns[name] for name in UPDATE_COLUMNS], axis=1), measured.rows())
