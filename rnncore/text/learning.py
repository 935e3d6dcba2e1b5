"""Learning a long text: contiguous streams, the state carried from piece to piece, one learning-rate cycle."""

import math
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from pydantic import BaseModel, ConfigDict
from torch import Tensor, nn
from torch.nn import functional as F

from rnncore.cells.base import State
from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.seeding import generator
from rnncore.settings import setting
from rnncore.tasks.language.vocabulary import Vocabulary
from rnncore.text.language import LanguageModel
from rnncore.training.optimizer import Optimizer
from rnncore.training.run_state import Divergence

HELD_OUT = 0.1
EXPLODED = 1000.0  # times the first loss
WARM_UP = 0.1  # of all updates, in which the learning rate rises


class Recipe(BaseModel):
    """The training of a language model.

    AdamW with one cycle of the learning rate (up to `lr` over the first tenth, down to 0 on a cosine), the
    gradient's norm clipped at `clip_norm`, and at the end the average of the weights over the last part of the run
    (Polyak and Juditsky, 1992), each update weighing `1 - average`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    cell: str = setting("gru", label="Cell", help="The kind of recurrent unit.")
    hidden_size: int = setting(128, ge=1, le=1024, label="Hidden size", help="Units per layer.")
    num_layers: int = setting(2, ge=1, le=4, label="Layers", help="Recurrent layers stacked on one another.")
    dropout: float = setting(0.2, ge=0, le=0.9, label="Dropout", help="Share of values switched off between layers.")
    epochs: int = setting(12, ge=1, le=1000, label="Epochs", help="Passes over the text.")
    batch_size: int = setting(64, ge=1, le=512, label="Batch size", help="Stretches of the text read side by side.")
    seq_len: int = setting(128, ge=4, le=500, label="Length of a piece", help="Characters read between updates.")
    lr: float = setting(3e-3, ge=1e-6, le=10, label="Learning rate", help="The largest of the cycle.")
    clip_norm: float = setting(1.0, ge=0, le=1000, label="Clip gradients at", help="Longest gradient; 0 does not clip.")
    average: float = setting(0.995, ge=0, le=0.9999, label="Average", help="Weight of the past in the mean weights.")
    forget_bias: float = setting(1.0, ge=-5, le=10, label="Forget bias", help="Added to an LSTM's forget gate.")
    seed: int = setting(0, ge=0, le=2**31 - 1, label="Seed", help="Number from which all chance is drawn.")

    def config(self) -> RunConfig:
        """Return the network's part."""
        shared = self.model_dump(exclude={"epochs", "average"})
        return RunConfig.from_flat({"task": "text", "optimizer": "adamw", **shared})


@dataclass(frozen=True)
class Progress:
    """The state of training: updates done and to do, training loss in nats, seconds, and the model as it is.

    `divergence` is what was measured when training blew up; nothing comes after that.
    """

    step: int
    steps: int
    loss: float
    seconds: float
    language: LanguageModel
    divergence: Divergence | None = None


def split(text: str) -> tuple[str, str]:
    """Return the first nine tenths of a text, for training, and the last tenth, held out."""
    border = int(len(text) * (1 - HELD_OUT))
    return text[:border], text[border:]


def characters_needed(batch_size: int, seq_len: int) -> int:
    """Return how long a text must be at least: its training part fills all streams, its held-out part predicts one."""
    count = max(11, batch_size * (seq_len + 1) * 10 // 9 - 2)  # of ten, one is held out: nothing comes after it
    while not fits(count, batch_size, seq_len):
        count += 1
    return count


def fits(count: int, batch_size: int, seq_len: int) -> bool:
    """Return whether a text of so many characters is long enough."""
    training = int(count * (1 - HELD_OUT))
    return count - training >= 2 and training // batch_size > seq_len


def check_length(text: str, config: RunConfig) -> None:
    """Refuse a text that is too short for the streams, and say what would do.

    Raises
    ------
    ConfigError
        It is too short.
    """
    if not fits(len(text), config.batch_size, config.seq_len):
        needed = characters_needed(config.batch_size, config.seq_len)
        raise ConfigError(
            f"The text is too short: it has {len(text):,} characters, and {config.batch_size} streams (batch_size) of "
            f"pieces of {config.seq_len} characters (seq_len) need {needed:,}, a tenth of them held out. Take a longer "
            "text, or smaller settings."
        )


def streams(numbers: Tensor, batch_size: int) -> Tensor:
    """Cut a text into `batch_size` stretches side by side, ``(time, batch)``; what does not fill them is left out."""
    length = len(numbers) // batch_size
    return numbers[: length * batch_size].view(batch_size, length).T.contiguous()


def one_cycle(progress: float) -> float:
    """Return what the learning rate is multiplied with when `progress` (0 to 1) of the run is done (Smith, 2018)."""
    if progress < WARM_UP:
        return progress / WARM_UP
    return 0.5 * (1 + math.cos(math.pi * (progress - WARM_UP) / (1 - WARM_UP)))


class Learner:
    """A network that learns one text, update by update: contiguous streams, the state carried from piece to piece.

    Each pass over the text begins a little further on than the last, by a drawn offset.

    Parameters
    ----------
    language
        The network; it is changed in place.
    text
        What it learns from, more than `batch_size * seq_len` characters.
    config
        Batch size, length of a piece, update rule, clipping and seed.
    half
        Matrix products in bfloat16, sums and weights in float32: faster for large networks. Not for two threads at
        once: PyTorch's cache of converted weights is one for all, and losses then differ in their last digits.

    Raises
    ------
    ConfigError
        The text is too short.
    """

    def __init__(self, language: LanguageModel, text: str, config: RunConfig, *, half: bool = False) -> None:
        self.language, self.config, self._half = language, config, half
        small = torch.uint8 if len(language.vocabulary) <= 256 else torch.int64  # a class may learn a long text at once
        self._data = streams(language.vocabulary.encode(text).to(small), config.batch_size)
        self.pieces = (len(self._data) - 1) // config.seq_len  # updates per pass over the text
        if self.pieces < 1:
            raise ConfigError(
                f"{len(text):,} characters to learn from are too few for {config.batch_size} streams of "
                f"{config.seq_len}: {config.batch_size * (config.seq_len + 1):,} are needed."
            )
        self._dropout, self._places = generator(config.seed, "dropout"), generator(config.seed, "data")
        self.optimizer = Optimizer(config, language.model)
        self._place = self._offset = 0
        self._states: list[State] | None = None

    def update(self, lr: float) -> tuple[float, float]:
        """Learn the next piece; return its loss in nats per character and the gradient's norm before clipping."""
        x, y = self._next()
        model, optimizer = self.language.model, self.optimizer
        optimizer.lr = lr
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self._half):
            logits, states = model.carry(x, self._states, self._dropout)
        loss = F.cross_entropy(logits.float().flatten(0, 1), y.flatten())
        loss.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), self.config.clip_norm or math.inf)
        optimizer.step()
        self._states = [tuple(s.detach() for s in state) for state in states]
        return loss.item(), norm.item()

    def _next(self) -> tuple[Tensor, Tensor]:
        seq_len = self.config.seq_len
        if self._place == 0:
            self._states = None
            spare = len(self._data) - 1 - self.pieces * seq_len
            self._offset = int(torch.randint(0, spare + 1, (), generator=self._places))
        start = self._offset + self._place * seq_len
        self._place = (self._place + 1) % self.pieces
        piece = self._data[start : start + seq_len + 1].long()
        return piece[:-1], piece[1:]


def exploded(loss: float, norm: float, first: float) -> bool:
    """Return whether training has blown up: loss or gradient are no numbers, or the loss is 1,000 times its first."""
    return not (math.isfinite(loss) and math.isfinite(norm)) or loss > EXPLODED * first


def learn(recipe: Recipe, text: str, every: int = 100, stop: threading.Event | None = None) -> Iterator[Progress]:
    """Train a model on the first nine tenths of a text and report every so many updates, and at the end.

    Matrix products are done in bfloat16. The last report's model has the averaged weights.

    Parameters
    ----------
    recipe, text
        How, and what.
    every
        Updates between reports.
    stop
        Ends the training after the update in hand once it is set.

    Raises
    ------
    ConfigError
        The text is too short.
    """
    check_length(text, recipe.config())
    training, _ = split(text)
    language = LanguageModel.build(recipe.config(), Vocabulary(text), generator(recipe.seed, "init"))
    learner = Learner(language, training, recipe.config(), half=True)
    steps, began, first, blown = learner.pieces * recipe.epochs, time.perf_counter(), 0.0, None
    average = [parameter.detach().clone() for parameter in language.model.parameters()]
    for step in range(1, steps + 1):
        lr = recipe.lr * one_cycle((step - 1) / steps)
        loss, norm = learner.update(lr)
        first = first or loss
        if exploded(loss, norm, first):
            blown = Divergence(step, loss, norm, lr)
            break
        with torch.no_grad():
            weight = max(1 - recipe.average, 1 / step)
            for mean, parameter in zip(average, language.model.parameters(), strict=True):
                mean.lerp_(parameter, weight)
        if stop is not None and stop.is_set():
            break
        if step % every == 0 and step < steps:
            yield Progress(step, steps, loss, time.perf_counter() - began, language)
    with torch.no_grad():
        for mean, parameter in zip(average, language.model.parameters(), strict=True):
            parameter.copy_(mean)
    yield Progress(step, steps, loss, time.perf_counter() - began, language, blown)
