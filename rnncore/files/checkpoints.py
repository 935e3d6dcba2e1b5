"""Save and load runs: one safetensors file with weights, optimiser, generators, history and config. Never pickle."""

import json
import math
from collections.abc import Sequence
from mmap import mmap
from typing import Any

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor

from rnncore.config import RunConfig
from rnncore.errors import CheckpointError
from rnncore.files.fingerprint import fingerprint
from rnncore.files.fitting import MAX_UPDATES, check_finite, check_forms, check_history, history_forms, of_run
from rnncore.files.sealed import Opened, Unfit, opened, read_json, refusals_told, seal
from rnncore.training.history import History
from rnncore.training.optimizer import SLOTS
from rnncore.training.race import MAX_CELLS
from rnncore.training.run import LIVE, Run
from rnncore.training.run_state import Divergence

FORMAT = "rnn-playground-1"
MAX_BYTES = 64 * 2**20  # four networks of a million weights with Adam and 100,000 updates have 58 MB
MAX_EVENTS = 10_000  # changes during a run
LONG_TEXT = 4000  # characters; a longer text stands once in a file, however many runs share it


class _Meta(BaseModel):
    """A run in a file, beside its tensors."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    config: dict[str, str | int | float | bool | None]
    texts: dict[str, str] = {}  # settings whose text stands once in the file, by its fingerprint
    step: int
    seconds: float = Field(ge=0, le=1e9)
    events: list[tuple[int, str, float | None]]
    divergence: tuple[int, float | None, float | None, float] | None
    good_step: int | None = None  # the update that the weights are of, where that is not `step`

    @property
    def good(self) -> int:
        """The update that the weights are of."""
        return self.step if self.good_step is None else self.good_step


def save(runs: Sequence[Run]) -> bytes:
    """Return a file with everything needed to go on training these runs as if nothing had happened.

    A run that has diverged is saved with its last good weights, to which it can be rewound after loading.
    """
    tensors: dict[str, Tensor] = {}
    metas = []
    for i, run in enumerate(runs):
        tensors |= {f"{i}.{name}": tensor.contiguous() for name, tensor in _tensors(run).items()}
        meta = _meta(run)
        for name, value in list(meta.config.items()):
            if isinstance(value, str) and len(value) > LONG_TEXT:
                mark = meta.texts[name] = fingerprint(value)
                tensors[f"text.{mark}"] = torch.frombuffer(
                    bytearray(value.encode("utf-8", "surrogatepass")), dtype=torch.uint8
                )
                meta.config.pop(name)
        metas.append(meta.model_dump())
    return seal(tensors, {"format": FORMAT, "runs": json.dumps(metas, allow_nan=False)})


def load(data: bytes | mmap, max_bytes: int | None = MAX_BYTES, *, aside: bool = False) -> list[Run]:
    """Return the runs of a file made by `save`.

    Parameters
    ----------
    data
        The file, in memory or on disk.
    max_bytes
        The most bytes it may have; None for any.
    aside
        Whether each network leaves memory as soon as it is read (`Copies.put_aside`), so that not all of them and the
        file are there at once.

    Raises
    ------
    CheckpointError
        The file is too large, damaged, or not one of ours; the message says which.
    """
    check_size(len(data), max_bytes)
    with refusals_told():
        file = opened(data, FORMAT, ("runs", "texts"))
        metas = _metas(file)
        configs = [RunConfig.from_flat(meta.config) for meta in metas]
        _check_forms(file, metas, configs)
        runs = []
        file.let_go()
        for i, (meta, config) in enumerate(zip(metas, configs, strict=True)):
            runs.append(_run(meta, config, file.tensors(f"{i}.")))
            if aside:
                runs[-1].copies.put_aside()
            file.let_go()
        return runs


def check_size(size: int, max_bytes: int | None = MAX_BYTES) -> None:
    """Refuse a file of more bytes than can be loaded."""
    if max_bytes is not None and size > max_bytes:
        raise CheckpointError(f"The file has {size:,} bytes; at most {max_bytes // 2**20} MB can be loaded.")


def read_configs(data: bytes | mmap) -> list[RunConfig]:
    """Return only the configs of a file, so that limits can be checked before anything is built."""
    with refusals_told():
        return [RunConfig.from_flat(meta.config) for meta in _metas(opened(data, FORMAT, ("runs", "texts")))]


def _metas(file: Opened) -> list[_Meta]:
    """Return what the file says about each run, long texts put back in their places."""
    if "runs" not in file.metadata:
        raise Unfit("its list of runs is missing")
    found = read_json(file.metadata["runs"], most=MAX_CELLS * (4 * MAX_EVENTS + 500), depth=4)
    if not isinstance(found, list) or not 1 <= len(found) <= MAX_CELLS:
        raise Unfit(f"it does not hold 1 to {MAX_CELLS} runs")
    old = read_json(file.metadata.get("texts", "{}"), most=100, depth=1)  # of earlier versions
    metas = [_Meta.model_validate(_checked(meta)) for meta in found]
    for meta in metas:
        for name, mark in meta.texts.items():
            text = old[mark] if isinstance(old, dict) and mark in old else file.text(f"text.{mark}")
            if not isinstance(text, str) or fingerprint(text) != mark:
                raise Unfit("a text in it is not the one that its settings name")
            meta.config[name] = text
    return metas


def _checked(meta: Any) -> dict[str, Any]:
    """Return what a file says about a run if it is of the right form, so that pydantic has little to complain of."""
    if not isinstance(meta, dict) or not isinstance(meta.get("config"), dict) or len(meta["config"]) > 200:
        raise Unfit("what it says about a run has another form")
    events = meta.get("events")
    if not isinstance(events, list) or len(events) > MAX_EVENTS or not all(map(_is_event, events)):
        raise Unfit("its list of changes during the run has another form")
    numbers = (meta.get("step"), meta.get("good_step") or 0)
    if not all(type(number) is int and 0 <= number <= MAX_UPDATES for number in numbers):
        raise Unfit(f"its number of updates is none from 0 to {MAX_UPDATES:,}")
    return meta


def _is_event(event: Any) -> bool:
    return (
        isinstance(event, list)
        and len(event) == 3
        and type(event[0]) is int
        and 0 <= event[0] <= MAX_UPDATES
        and event[1] in LIVE
        and (event[2] is None or type(event[2]) in (int, float))
    )


def _check_forms(file: Opened, metas: list[_Meta], configs: list[RunConfig]) -> None:
    """Refuse a file whose tensors are not those of its configs, before any network is built or tensor read."""
    expected: dict[str, tuple[str, tuple[int, ...]]] = {}
    for i, (meta, config) in enumerate(zip(metas, configs, strict=True)):
        if meta.good > meta.step:
            raise Unfit("the last good update comes after the last one")
        own = {name.removeprefix(f"{i}."): part for name, part in file.parts.items() if name.startswith(f"{i}.")}
        forms = {**of_run(config, started=meta.good > 0), **history_forms(own, meta.step)}
        expected |= {f"{i}.{name}": form for name, form in forms.items()}
    texts = {name for name in file.parts if name.startswith("text.")}
    if texts - {f"text.{mark}" for meta in metas for mark in meta.texts.values()}:
        raise Unfit("it has parts that its settings do not need")
    check_forms({name: part for name, part in file.parts.items() if name not in texts}, expected)


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
        events=run.events[-MAX_EVENTS:],
        divergence=(blown.step, finite(blown.loss), finite(blown.grad_norm), blown.lr) if blown else None,
        good_step=run.good_step if blown else None,
    )


def _tensors(run: Run) -> dict[str, Tensor]:
    kept = run.copies.good if run.divergence else run.copies.now()
    return {
        **{f"model.{name}": value for name, value in kept.model.items()},
        **{f"optimizer.{i}.{key}": value for i, slots in kept.optimizer.items()
           for key, value in slots.items()},
        **{f"generator.{name}": state for name, state in kept.generators.items()},
        "history.updates": torch.from_numpy(run.history.updates.rows().copy()),
        "history.held_out": torch.from_numpy(run.history.held_out.rows().copy()),
    }  # fmt: skip


def _run(meta: _Meta, config: RunConfig, tensors: dict[str, Tensor]) -> Run:
    check_finite({name: value for name, value in tensors.items() if not name.startswith("history.")})
    updates, held_out = tensors["history.updates"].numpy(), tensors["history.held_out"].numpy()
    # only a network that blew up at once was never measured
    check_history(meta.step, updates, held_out, measured=bool(meta.step) and not meta.divergence)
    run = Run(config)
    run.model.load_state_dict(_part(tensors, "model."))
    run.optimizer.load_state_dict(_slots(run, _part(tensors, "optimizer.")))
    for name, g in run.generators.items():
        g.set_state(tensors[f"generator.{name}"])
    run.history = History(updates, held_out)
    run.step, run.seconds, run.events = meta.step, meta.seconds, list(meta.events)
    if meta.divergence:
        step, loss, norm, lr = meta.divergence
        run.divergence = Divergence(step, _or_nan(loss), _or_nan(norm), lr)
    run.restored(meta.good)
    return run


def _slots(run: Run, tensors: dict[str, Tensor]) -> dict[int, dict[str, Any]]:
    """Return the optimiser's state as PyTorch keeps it."""
    count = len(list(run.model.parameters())) if tensors else 0
    return {i: {key: tensors[f"{i}.{key}"] for key in SLOTS[run.config.optimizer]} for i in range(count)}


def _or_nan(x: float | None) -> float:
    return math.nan if x is None else x
