"""Learning a long text: contiguous streams, the state carried from piece to piece, one learning-rate cycle."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn
from torch.nn import functional as F

from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.randomness import generator
from rnncore.text.language import LanguageModel
from rnncore.text.vocabulary import Vocabulary
from rnncore.training import Optimizer

HELD_OUT = 0.1
WARM_UP = 0.1  # of all updates, in which the learning rate rises


class Recipe(BaseModel):
    """How a language model is trained.

    AdamW with one cycle of the learning rate (up to `lr` over the first tenth, down to 0 on a cosine), the
    gradient's norm clipped at `clip_norm`, and at the end the average of the weights over the last part of the run
    (Polyak and Juditsky, 1992), each update weighing `1 - average`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cell: str
    hidden_size: int = Field(ge=1, le=2048)
    num_layers: int = Field(2, ge=1, le=4)
    dropout: float = Field(0.2, ge=0, lt=1)
    epochs: int = Field(12, ge=1, le=1000)
    batch_size: int = Field(64, ge=1)
    seq_len: int = Field(128, ge=1)
    lr: float = Field(3e-3, gt=0)
    clip_norm: float = Field(1.0, gt=0)
    average: float = Field(0.995, ge=0, lt=1)
    forget_bias: float = 1.0
    seed: int = 0

    def config(self) -> RunConfig:
        """Return the network's part."""
        return RunConfig(task="text", cell=self.cell, hidden_size=self.hidden_size, num_layers=self.num_layers,
                         dropout=self.dropout, forget_bias=self.forget_bias, optimizer="adamw", lr=self.lr,
                         batch_size=self.batch_size, seq_len=self.seq_len, clip_norm=self.clip_norm,
                         seed=self.seed)  # fmt: skip


@dataclass(frozen=True)
class Progress:
    """Where the training stands: update, epoch, training loss in nats, seconds, and the model as it is."""

    step: int
    steps: int
    loss: float
    seconds: float
    language: LanguageModel


def split(text: str) -> tuple[str, str]:
    """Return the first nine tenths of a text, for training, and the last tenth, held out."""
    border = int(len(text) * (1 - HELD_OUT))
    return text[:border], text[border:]


def streams(numbers: Tensor, batch_size: int) -> Tensor:
    """Cut a text into `batch_size` stretches side by side, ``(time, batch)``; what does not fill them is left out."""
    length = len(numbers) // batch_size
    return numbers[: length * batch_size].view(batch_size, length).T.contiguous()


def one_cycle(progress: float) -> float:
    """Return what the learning rate is multiplied with when `progress` (0 to 1) of the run is done (Smith, 2018)."""
    if progress < WARM_UP:
        return progress / WARM_UP
    return 0.5 * (1 + math.cos(math.pi * (progress - WARM_UP) / (1 - WARM_UP)))


def learn(recipe: Recipe, text: str, every: int = 100) -> Iterator[Progress]:
    """Train a model on the first nine tenths of a text and report every so many updates, and at the end.

    Matrix products are done in bfloat16, sums and weights in float32. The last report's model has the averaged
    weights.
    """
    training, _ = split(text)
    language = LanguageModel.build(recipe.config(), Vocabulary(text), generator(recipe.seed, "init"))
    model, drawn = language.model, generator(recipe.seed, "dropout")
    data = streams(language.vocabulary.encode(training), recipe.batch_size)
    pieces = (len(data) - 1) // recipe.seq_len
    if not pieces:
        raise ConfigError(f"The text is too short for {recipe.batch_size} streams of {recipe.seq_len} characters.")
    spare = len(data) - 1 - pieces * recipe.seq_len  # each epoch begins a little further on
    steps, step, began = pieces * recipe.epochs, 0, time.perf_counter()
    optimizer = Optimizer(recipe.config(), model)
    average = [parameter.detach().clone() for parameter in model.parameters()]
    places = generator(recipe.seed, "data")
    for _ in range(recipe.epochs):
        states = None
        offset = int(torch.randint(0, spare + 1, (), generator=places))
        for piece in range(pieces):
            start = offset + piece * recipe.seq_len
            x, y = data[start : start + recipe.seq_len], data[start + 1 : start + recipe.seq_len + 1]
            optimizer.lr = recipe.lr * one_cycle(step / steps)
            optimizer.zero_grad()
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits, states = model.carry(x, states, drawn)
            loss = F.cross_entropy(logits.float().flatten(0, 1), y.flatten())
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), recipe.clip_norm)
            optimizer.step()
            states = [tuple(s.detach() for s in state) for state in states]
            step += 1
            with torch.no_grad():
                weight = max(1 - recipe.average, 1 / step)
                for mean, parameter in zip(average, model.parameters(), strict=True):
                    mean.lerp_(parameter, weight)
            if step % every == 0 and step < steps:
                yield Progress(step, steps, loss.item(), time.perf_counter() - began, language)
    with torch.no_grad():
        for mean, parameter in zip(average, model.parameters(), strict=True):
            parameter.copy_(mean)
    yield Progress(step, steps, loss.item(), time.perf_counter() - began, language)
