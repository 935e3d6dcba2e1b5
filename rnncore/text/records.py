"""A study's course as a small file: its losses and its samples, without its weights."""

import json

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors

from rnncore.errors import CheckpointError
from rnncore.history import History
from rnncore.text.study import Sample, Study

FORMAT = "rnn-playground-study-1"


def save(study: Study) -> bytes:
    """Return the losses of every update, the held-out losses and the samples as a file."""
    tensors = {
        "updates": torch.from_numpy(study.history.updates.rows().copy()),
        "held_out": torch.from_numpy(study.history.held_out.rows().copy()),
    }
    samples = [(sample.step, sample.text) for sample in study.samples]
    return save_tensors(tensors, {"format": FORMAT, "seconds": str(study.seconds), "samples": json.dumps(samples)})


def restore(study: Study, path: str) -> None:
    """Let a fresh study look as it did when its file was saved; its network stays as it is.

    Raises
    ------
    CheckpointError
        The file is damaged or not one of these.
    """
    try:
        with safe_open(path, "pt") as file:
            meta = file.metadata() or {}
        if meta.get("format") != FORMAT:
            raise CheckpointError("This file holds no recorded study.")
        with open(path, "rb") as raw:
            tensors = load_tensors(raw.read())
        history = History(tensors["updates"].numpy(), tensors["held_out"].numpy())
        samples = [Sample(step, text) for step, text in json.loads(meta["samples"])]
        seconds = float(meta["seconds"])
    except (SafetensorError, OSError, LookupError, ValueError, TypeError) as error:
        raise CheckpointError(f"The recorded study is damaged, so it was not loaded ({str(error)[:160]}).") from None
    study.history, study.samples, study.seconds, study.step = history, samples, seconds, len(history)
