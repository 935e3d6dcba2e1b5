"""Spoken vowels and glides between them: which sound was it?"""

import math
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from rnncore.caching.once import once_for_each
from rnncore.errors import ConfigError
from rnncore.tasks.base import TASKS, Baseline, Batch, Picture, SequenceType, Shown, Sound, Task, Track
from rnncore.tasks.perception.voices import BANDS, RATE, SOUNDS, SPEAKERS, Recordings, centres, recordings, wave_forms

TRAINING_VOICES, HELD_OUT_VOICES = 192, 48
LONGEST = 64  # frames, about a second
DEPTH = 7.0  # of the picture, in natural logarithms of energy: about 30 decibels


@TASKS.register("sounds")
class Sounds(Task):
    """Name a spoken sound, one of five vowels and four glides, by any voice.

    Inputs ``(time, batch, bands)``: the logarithms of a sound's energy in 18 bands of pitch, in frames of 32
    thousandths of a second that begin every 16; less the mean and divided by the standard deviation of the training
    voices, band by band. `seq_len` is the number of frames. Target ``(batch,)``: which of nine sounds. Five stay what
    they are ("ah", "eh", "ee", "aw", "oo"), four glide from one vowel to another: "ah-ee" is "ee-ah" backwards.

    The sounds are computed: pulses of the vocal cords and breath are sent through resonators at the formants of men,
    women and children (round averages after Peterson and Barney, 1952), varied from voice to voice in pitch and in
    every formant, and each time in melody, in moment and speed of the glide, in loudness and noise. They begin and
    end softly. Each of 240 voices says each sound once; 48 voices are held out, of which training hears nothing.
    """

    label = "Spoken sounds"
    keywords = "speech audio voice vowel speaker recognition listen phoneme classification"
    order = 44
    question = "“ah-ee” or “ee-ah”? The same sounds in another order, by voices never heard before."
    summary = "A spoken vowel, or a glide between two, as the ear hears it: bands of pitch over time. Say which it is."
    data = "Made here: synthesised from formants, 240 voices, each saying everything once."
    sequence_type = SequenceType.MANY_TO_ONE
    loss_kind = "cross_entropy"
    loss_label = "cross-entropy in nats"
    metric_label = "right sounds"
    seq_len_label = "Frames"
    seq_len_range = (12, 40)
    recommended = {"seq_len": 30, "lr": 0.005, "schedule": "cosine", "steps": 600}
    beats = ("guessing", "hearing the last frame only", "hearing all frames, in no order")
    fails = {
        "feedforward": "It hears the last ten frames only, and glides sound like the vowels they end on: 54% right.",
        "rnn": "It depends on the first weights: two of three networks got 54% of the sounds right, one 98%.",
    }
    answers = SOUNDS
    input_size = BANDS
    output_size = len(SOUNDS)
    held_out_size = HELD_OUT_VOICES * len(SOUNDS)  # all of them: the reference lines are measured on all

    border = TRAINING_VOICES * len(SOUNDS)

    def setup(self) -> None:
        """Refuse what would take long to compute; networks are also tested on longer sounds than they learned."""
        if self.seq_len > LONGEST:
            raise ConfigError(f"A spoken sound has at most {LONGEST} frames, not {self.seq_len}: choose fewer.")

    @property
    def recordings(self) -> Recordings:
        """All voices saying all sounds: made when they are first needed, since that takes a second."""
        return recordings(TRAINING_VOICES + HELD_OUT_VOICES, self.seq_len)

    @cached_property
    def mean(self) -> Tensor:
        """Mean energy of each band over the voices for training."""
        return self.recordings.energies[:, : self.border].mean(dim=(0, 1))

    @cached_property
    def deviation(self) -> Tensor:
        """Standard deviation of each band over the voices for training."""
        return self.recordings.energies[:, : self.border].std(dim=(0, 1))

    @cached_property
    def inputs(self) -> Tensor:
        """The recordings' energies as the network gets them: ``(time, recordings, bands)``."""
        return (self.recordings.energies - self.mean) / self.deviation

    def sample(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` recordings of any voices."""
        return self._pick(torch.randint(0, self.inputs.shape[1], (n,), generator=generator))

    def batch(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` recordings of the voices for training."""
        return self._pick(torch.randint(0, self.border, (n,), generator=generator))

    def held_out(self, n: int, generator: torch.Generator) -> Batch:
        """Draw `n` recordings of the other voices, none twice while there are others left."""
        available = self.inputs.shape[1] - self.border
        rounds = [torch.randperm(available, generator=generator) for _ in range(-(-n // available))]
        number = torch.cat(rounds)[:n]
        return replace(self._pick(self.border + number), number=number)

    def _pick(self, index: Tensor) -> Batch:
        return Batch(self.inputs[:, index], self.recordings.sounds[index])

    def baselines(self) -> tuple[Baseline, ...]:
        """Return guessing, hearing only the end, and hearing everything in no order."""
        how = f"Measured on {HELD_OUT_VOICES} held-out voices; linear discriminants fitted on {TRAINING_VOICES} others."
        last, together = _discriminants(self.seq_len)
        return (
            Baseline("chance", "guessing", math.log(9), 1 / 9, "Nine sounds come equally often."),
            Baseline(
                "memoryless", "hearing the last frame only", last.loss, last.right,
                f"{how} Every glide ends like a plain vowel, so 5 of 9 is the most that can be expected.", last.losses,
            ),
            Baseline(
                "other", "hearing all frames, in no order", together.loss, together.right,
                f"{how} They get the mean of all frames; each glide is another one backwards, so 7 of 9 is the most.",
                together.losses,
            ),
        )  # fmt: skip

    def show(self, example: Batch, output: Tensor | None = None) -> Shown:
        """Show who speaks, the sound to hear, and its bands of pitch: low tones at the bottom."""
        found = int((self.inputs[0] - example.inputs[0]).abs().sum(dim=1).argmin())  # no two begin alike
        energies = self.recordings.energies[:, found]
        ink = (1 + (energies - energies.max()) / DEPTH).clamp(min=0)
        strongest = centres().round()[energies.argmax(dim=1)]
        truth = SOUNDS[int(example.targets)]
        answer = None if output is None else SOUNDS[int(output.argmax())]
        who, pitch = SPEAKERS[int(self.recordings.speakers[found])], float(self.recordings.pitch[found])
        samples = wave_forms(TRAINING_VOICES + HELD_OUT_VOICES, self.seq_len)[found].double() / 32767
        return Shown(
            question=f"a {who}, {pitch:.0f} Hz",
            truth=truth,
            answer=answer,
            right=None if answer is None else answer == truth,
            tracks=(Track("strongest band, Hz", "input", tuple(strongest.tolist())),),
            pictures=(Picture("bands over time", tuple(tuple(row) for row in ink.T.flip(0).tolist())),),
            sounds=(Sound("what is said", tuple(samples.tolist()), RATE),),
        )


class _Scored(NamedTuple):
    """A rival's scores on the held-out voices: mean loss, share right, and the loss of each recording."""

    loss: float
    right: float
    losses: Tensor


@once_for_each(4)
def _discriminants(seq_len: int) -> tuple[_Scored, _Scored]:
    """Return how linear discriminants do on held-out voices, from the last frame and from the mean of all frames."""
    task = Sounds(seq_len)
    sounds = task.recordings.sounds
    training, truth = sounds[: task.border], sounds[task.border :]

    def scored(features: Tensor) -> _Scored:
        outputs = _linear_discriminant(features[: task.border], training, features[task.border :])
        losses = F.cross_entropy(outputs, truth, reduction="none")
        return _Scored(float(losses.mean()), float((outputs.argmax(dim=1) == truth).double().mean()), losses)

    return scored(task.inputs[-1].double()), scored(task.inputs.double().mean(dim=0))


def _linear_discriminant(examples: Tensor, classes: Tensor, others: Tensor) -> Tensor:
    """Return log-probabilities up to a constant, one normal distribution per class, all of one width (Fisher, 1936)."""
    means = torch.stack([examples[classes == c].mean(dim=0) for c in range(len(SOUNDS))])
    width = (examples - means[classes]).T.cov(correction=0)
    weights = torch.linalg.solve(width, means.T)
    return others @ weights - (means.T * weights).sum(dim=0) / 2
