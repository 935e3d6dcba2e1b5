"""Replies: what a network answers to one example of a visitor's own, and how it goes on with a text."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rnncore.errors import ConfigError
from rnncore.networks import build
from rnncore.seeding import generator
from rnncore.tasks import TASKS, Batch, Shown
from rnncore.tasks.language.vocabulary import Vocabulary
from rnncore.tasks.shuffle import as_read
from rnncore.text.language import LanguageModel
from rnncore.text.sampling import Writing, write
from rnncore.training.run import Run


@dataclass(frozen=True)
class Reply:
    """A network's answer to one example.

    Attributes
    ----------
    answers
        One answer, or one for each step that was read; empty if the network no longer gives finite numbers.
    steps
        What was read at each step, where each has an answer of its own; else empty.
    sure
        How probable the network holds each of its answers; empty where it names no probabilities.
    likely
        Where one answer of several is asked for: each with its probability, the likeliest first.
    shown
        What the network made, to be seen or heard; None where it makes nothing.
    """

    answers: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    sure: tuple[float, ...] = ()
    likely: tuple[tuple[str, float], ...] = ()
    shown: Shown | None = None


@torch.no_grad()
def reply(run: Run, inputs: Tensor) -> Reply:
    """Return what the network answers to inputs ``(time, 1)`` or ``(time, 1, features)``; one pass over them."""
    task, model = run.task, run.model
    if not all(weights.isfinite().all() for weights in model.parameters()):
        return Reply()
    if task.writes:
        read = as_read(inputs, run.config.shuffle, run.config.seed)
        written = build.write(model, task, read, generator(run.config.seed, "writing"))
        if not written.outputs.isfinite().all():
            return Reply()
        shown = task.show(Batch(inputs, written.targets), written.targets[:, 0])
        return Reply((shown.answer or "",), shown=shown)
    inputs = as_read(inputs, run.config.shuffle, run.config.seed)
    outputs = model(inputs)
    if not outputs.isfinite().all():
        return Reply()
    if task.loss_kind == "mse":
        return Reply((task.value_text(outputs[0]),))
    if task.many_to_one:
        shares = outputs[0].softmax(dim=-1)
        order = shares.argsort(descending=True, stable=True).tolist()
        likely = tuple((task.answers[i], float(shares[i])) for i in order)
        return Reply((likely[0][0],), sure=(likely[0][1],), likely=likely)
    each, steps = outputs[:, 0], task.steps(inputs)
    if task.loss_kind == "binary":
        return Reply(tuple(_set(row, task.answers) for row in each.tolist()), steps)
    sure, best = each.softmax(dim=-1).max(dim=-1)
    return Reply(tuple(task.answers[i] for i in best.tolist()), steps, tuple(sure.tolist()))


def _set(logits: list[float], names: tuple[str, ...]) -> str:
    return " ".join(name for name, logit in zip(names, logits, strict=True) if logit > 0) or "none"


def continuation(run: Run, writing: Writing) -> str:
    """Return how a network that learns a text goes on after an opening; no generator of the run is drawn from.

    The text ends early where the network no longer gives finite numbers.

    Raises
    ------
    ConfigError
        The run learns no text, its network reads backwards too, or the opening has characters that it has never seen.
    """
    task = run.task
    if task.ask_kind != "opening":
        texts = " or ".join(kind.label for kind in TASKS.values() if kind.ask_kind == "opening")
        raise ConfigError(f"{task.label} writes no text: choose the task {texts}.")
    if run.config.bidirectional:
        raise ConfigError(
            "A network that reads in both directions needs to see what comes next, so it cannot write: switch Both "
            "directions off and press Reset."
        )
    language = LanguageModel(run.config, Vocabulary(task.vocabulary), run.model)
    with np.errstate(all="ignore"):
        return "".join(each.character for each in write(language, writing))
