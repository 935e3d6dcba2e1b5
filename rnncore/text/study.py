"""Study: a language model that learns a text, live, with held-out loss and a record of samples."""

import copy
import math
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F

from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.networks.sequence_model import count_parameters
from rnncore.seeding import generator
from rnncore.tasks import Baseline
from rnncore.tasks.language.text import frequency_baselines
from rnncore.tasks.language.vocabulary import Vocabulary
from rnncore.text.copied import longest_copy
from rnncore.text.language import LanguageModel, bits
from rnncore.text.learning import Learner, check_length, exploded, split, streams
from rnncore.text.sampling import Writing, check_opening, write
from rnncore.training.copies import Copies
from rnncore.training.history import History
from rnncore.training.limits import FIXED
from rnncore.training.run_state import Divergence, Status, next_number
from rnncore.training.views import POINTS, LearningView, last

SAMPLED_AT = (0, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000)
ADAM = 2  # numbers that Adam keeps per weight
MEASURED = (32, 256)  # streams of so many held-out characters each
RISEN = 1.02  # times the lowest held-out loss
PIECE = 32  # steps of a measurement at a time


@dataclass(frozen=True)
class Sample:
    """A model's text after so many updates; shorter than asked for where it no longer gave finite numbers."""

    step: int
    text: str


@dataclass(frozen=True, eq=False)
class StudyView(LearningView):
    """A study at one moment.

    Attributes
    ----------
    steps, lr
        After how many updates it ends, and its learning rate.
    writing
        The opening of its samples, and how their characters are drawn.
    samples
        What it has written so far.
    goes_on
        Whether it went on from a trained model; `first_loss` is the held-out loss that it began with.
    characters
        How many characters it learns.
    held_out
        The characters on which it is measured.
    """

    steps: int
    lr: float
    writing: Writing
    samples: tuple[Sample, ...]
    goes_on: bool
    first_loss: float
    characters: int
    held_out: str

    @property
    def has_turned(self) -> bool:
        """Whether held-out loss has risen by more than a fiftieth since its lowest value."""
        return self.lowest is not None and (self.held_loss or 0.0) > RISEN * self.lowest.loss


def held_out_part(text: str) -> str:
    """Return the characters on which a study is measured: the beginning of the text's last tenth."""
    count, length = MEASURED
    return split(text)[1][: count * length + 1]


def measured_every(step: int) -> int:
    """Return after how many updates held-out loss is measured at this stage: often at first, when it falls fast."""
    return 1 if step <= 10 else 10 if step <= 100 else 20 if step <= 300 else 100


@torch.no_grad()
def measure(language: LanguageModel, held_out: str) -> float:
    """Return the mean of -ln p over held-out characters, in nats, read as streams side by side.

    Each of up to 32 streams begins without a memory and carries it to its end, which costs a little more than one
    long pass (`LanguageModel.nats`) and takes a hundredth of its time.
    """
    count = max(1, min(MEASURED[0], (len(held_out) - 1) // MEASURED[1]))
    numbers = language.vocabulary.encode(held_out)
    length = (len(numbers) - 1) // count
    x, y = streams(numbers[:-1], count)[:length], streams(numbers[1:], count)[:length]
    total, states = 0.0, None
    for at in range(0, length, PIECE):  # what every step takes is held for one piece at a time
        logits, states = language.model.carry(x[at : at + PIECE], states)
        total += F.cross_entropy(logits.flatten(0, 1), y[at : at + PIECE].flatten(), reduction="sum").item()
    return total / y.numel()


class Study:
    """A network and the text it learns, as the pool advances it: one update at a time.

    The first nine tenths of the text are learned, the last is held out. Same config, text and beginning: the same
    losses, bit for bit on the same machine.

    Parameters
    ----------
    config
        The network, where it begins from scratch, and how it is trained.
    text
        What it learns.
    writing
        The opening of the samples, and how their characters are drawn.
    begin
        A trained model to go on from, which stays as it is; its vocabulary must cover the text.

    Raises
    ------
    ConfigError
        The text is too short, or has characters that `begin` does not know, or the opening has.
    """

    def __init__(self, config: RunConfig, text: str, writing: Writing, begin: LanguageModel | None = None) -> None:
        self.number = next_number()
        self.writing, self.begin = writing, begin
        check_length(text, config)
        if begin is None:
            language = LanguageModel.build(config, Vocabulary(text), generator(config.seed, "init"))
        else:
            unknown = begin.vocabulary.unknown(text)
            if unknown:
                raise ConfigError(f"The text has {len(unknown)} different characters that the model does not know.")
            language = LanguageModel(begin.config, begin.vocabulary, copy.deepcopy(begin.model))
        check_opening(language, writing.prime)
        self.language, self.config, self.lr = language, config, config.lr
        self.steps = config.steps  # may be raised, and the study goes on
        self.training, self.held_out = split(text)[0], held_out_part(text)
        self._learner = Learner(language, self.training, config)
        self.parameters = count_parameters(language.model)
        self._copies = Copies(language.model, self._learner.optimizer, {})
        self.history = History()
        self.step, self.seconds, self.wanted = 0, 0.0, False
        self.divergence: Divergence | None = None
        self.samples, self._copied = [self._sample()], dict[int, str]()
        self._measure()

    @cached_property
    def baselines(self) -> tuple[Baseline, ...]:
        """Losses of guessers that do not learn, on the same held-out characters."""
        encode, symbols = self.language.vocabulary.encode, len(self.language.vocabulary)
        return frequency_baselines(encode(self.training), encode(self.held_out), symbols)

    @property
    def status(self) -> Status:
        """Its state, in the words of a run."""
        if self.divergence is not None:
            return "diverged"
        if self.step >= self.steps:
            return "finished"
        return "running" if self.wanted else "paused" if self.step else "ready"

    @property
    def memory(self) -> int:
        """Estimated bytes that it holds while it learns."""
        return (1 + ADAM) * 4 * self.parameters + self.memory_aside

    @property
    def memory_aside(self) -> int:
        """Estimated bytes that it holds while it is put aside."""
        return 24 * min(self.steps, 100_000) + 3 * len(self.training) + FIXED

    @property
    def in_files(self) -> int:
        """Bytes of the file in which it is put aside."""
        return (1 + ADAM) * 4 * self.parameters

    @property
    def aside(self) -> bool:
        """Whether it has left memory."""
        return self._copies.aside

    def put_aside(self) -> None:
        """Leave memory, as far as possible, until `take_back`."""
        self._copies.put_aside()

    def take_back(self) -> None:
        """Be as before `put_aside`."""
        self._copies.take_back()

    def set(self, *, lr: float | None = None, steps: int | None = None) -> None:
        """Change the learning rate, or after how many updates it ends, from the next update on."""
        self.lr = self.lr if lr is None else lr
        self.steps = self.steps if steps is None else steps

    def start(self) -> None:
        """Let it go on."""
        self.wanted = True

    def pause(self) -> None:
        """Let it stand still after the update in hand."""
        self.wanted = False

    def advance_one(self, *, even_if_paused: bool = False, before: Callable[[], None] | None = None) -> bool:
        """Do one update, measure and write where it is time to; `before` is called first. False if it has ended."""
        if self.status in ("diverged", "finished"):
            return False
        if not (even_if_paused or self.wanted):
            return True
        if before is not None:
            before()
        began = time.thread_time()
        loss, norm = self._learner.update(self.lr)
        self.seconds += time.thread_time() - began
        first = float(self.history.updates["loss"][0]) if self.step else loss
        if exploded(loss, norm, first):
            self.divergence = Divergence(self.step + 1, loss, norm, self.lr)
            self.wanted = False
            return True
        step = self.step + 1
        self.history.append(loss=loss, metric=bits(loss), grad_norm=norm, lr=self.lr, clip_norm=self.config.clip_norm,
                            seconds=self.seconds)  # fmt: skip
        if step % measured_every(step) == 0:
            self._measure(step)
        if step in SAMPLED_AT:
            self.samples.append(self._sample(step))
        self.step = step  # last: whoever sees that it has ended finds all that belongs to this update
        return True

    def _measure(self, step: int = 0) -> None:
        loss = measure(self.language, self.held_out)
        self.history.append_held_out(step=step, loss=loss, metric=bits(loss), update_ratio=math.nan,
                                     saturated=math.nan)  # fmt: skip

    def _sample(self, step: int = 0) -> Sample:
        with np.errstate(all="ignore"):  # a network that has blown up
            return Sample(step, "".join(each.character for each in write(self.language, self.writing)))

    def copied(self, sample: Sample) -> str:
        """Return the longest stretch of a sample that stands in the training text word for word."""
        if sample.step not in self._copied:
            self._copied[sample.step] = longest_copy(sample.text, self.training)
        return self._copied[sample.step]

    def save(self) -> bytes:
        """Return the model as it is now as a file, with a card; the caller keeps the pool's workers away."""
        loss = float(self.history.held_out["loss"][-1])
        card: dict[str, Any] = {"data": "a text learned live", "parameters": self.parameters,
                "characters": {"training": len(self.training), "held_out": len(self.held_out)},
                "updates": self.step}  # fmt: skip
        if math.isfinite(loss):
            card |= {"held_out_nats": loss, "held_out_bits": bits(loss)}
        return replace(self.language, card=card).save()

    @property
    def revision(self) -> Hashable:
        """Another value whenever its view may be another."""
        history = len(self.history), len(self.history.held_out)
        return self.number, self.status, *history, len(self.samples), self.lr, self.steps

    def view(self, max_points: int = POINTS) -> StudyView:
        """Return the study as plain data, as `Run.view` does."""
        curve = self.history.view(max_points)
        return StudyView(
            number=self.number, cell=self.language.config.cell, config=self.config, status=self.status, step=self.step,
            seconds=self.seconds, parameters=self.parameters, curve=curve, gradients=None,
            loss=last(curve.loss), held_loss=last(curve.held_loss), held_metric=last(curve.held_metric),
            lowest=self.history.lowest(), divergence=self.divergence, steps=self.steps, lr=self.lr,
            writing=self.writing, samples=tuple(self.samples), goes_on=self.begin is not None,
            first_loss=float(self.history.held_out["loss"][0]), characters=len(self.training), held_out=self.held_out,
        )  # fmt: skip
