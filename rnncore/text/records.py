"""A study's course as a small file: its losses and its samples, without its weights."""

import json
import math
from pathlib import Path
from typing import Any

import torch

from rnncore.files.fitting import MAX_UPDATES, check_forms, check_history, history_forms
from rnncore.files.sealed import Part, Unfit, opened, read_bytes, read_json, refusals_told, seal
from rnncore.text.study import Sample, Study
from rnncore.training.history import History

FORMAT = "rnn-playground-study-1"


def save(study: Study) -> bytes:
    """Return the losses of every update, the held-out losses and the samples as a file."""
    tensors = {
        "updates": torch.from_numpy(study.history.updates.rows().copy()),
        "held_out": torch.from_numpy(study.history.held_out.rows().copy()),
    }
    samples = [(sample.step, sample.text) for sample in study.samples]
    return seal(tensors, {"format": FORMAT, "seconds": str(study.seconds), "samples": json.dumps(samples)})


def restore(study: Study, path: str) -> None:
    """Let a fresh study look as it did when its file was saved; its network stays as it is.

    Raises
    ------
    CheckpointError
        The file is damaged or not one of these.
    """
    with refusals_told("The recorded study"):
        file = opened(read_bytes(Path(path)), FORMAT, ("seconds", "samples"))
        step = _rows(file.parts.get("updates"))
        named = {f"history.{name}": part for name, part in file.parts.items()}
        check_forms(named, history_forms(named, step))
        tensors = file.tensors()
        updates, held_out = tensors["updates"].numpy(), tensors["held_out"].numpy()
        check_history(step, updates[:, :1], held_out[:, [0, 1, 1, 1, 1]], measured=True)
        samples = _samples(read_json(file.metadata.get("samples", "null"), most=2000, depth=2))
        seconds = float(file.metadata["seconds"])
        if not 0 <= seconds <= 1e9 or math.isnan(seconds):
            raise Unfit("its time cannot be")
    study.history, study.samples, study.seconds, study.step = History(updates, held_out), samples, seconds, step


def _rows(part: Part | None) -> int:
    if part is None or len(part.shape) != 2 or not 1 <= part.shape[0] <= MAX_UPDATES:
        raise Unfit("its history is missing or of another form")
    return part.shape[0]


def _samples(found: Any) -> list[Sample]:
    def sound(each: Any) -> bool:
        return isinstance(each, list) and len(each) == 2 and type(each[0]) is int and isinstance(each[1], str)

    if not isinstance(found, list) or not all(map(sound, found)):
        raise Unfit("its samples are missing or of another form")
    return [Sample(step, text) for step, text in found]
