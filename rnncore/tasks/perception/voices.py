"""Spoken vowels, computed: voices that differ, and what of their sound a network hears."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from rnncore.caching.once import once_for_each
from rnncore.seeding import generator

RATE = 8000  # samples per second
HOP, WINDOW = 128, 256  # samples from frame to frame, and in a frame: 16 and 32 thousandths of a second
BANDS = 18
VOWELS = ("ah", "eh", "ee", "aw", "oo")
SOUNDS = (*VOWELS, "ah-ee", "ee-ah", "ah-oo", "oo-ah")
SPEAKERS = ("man", "woman", "child")
PITCH = (130.0, 220.0, 260.0)  # in Hz, of SPEAKERS
FORMANTS = (
    ((750, 1100, 2450), (550, 1850, 2500), (250, 2300, 3000), (550, 850, 2400), (300, 850, 2250)),
    ((850, 1200, 2800), (600, 2350, 3000), (300, 2800, 3300), (600, 900, 2700), (350, 950, 2650)),
    ((1050, 1350, 3150), (700, 2600, 3550), (350, 3200, 3750), (700, 1050, 3200), (450, 1150, 3250)),
)  # in Hz, of SPEAKERS, then VOWELS: averages after Peterson and Barney (1952), rounded to 50
HIGHEST = 3700.0  # in Hz: a formant must stay below half of RATE
GLIDE_STEP = 64  # samples for which the formants stand still
FADE = 160  # samples
LOUDEST = 0.85
AT_ONCE = 80  # voices: a sound takes more memory while it is made


@dataclass(frozen=True)
class Recordings:
    """Every voice's every sound, voice by voice.

    Attributes
    ----------
    sounds
        ``(recordings,)`` int64: which of `SOUNDS`.
    speakers, pitch
        ``(recordings,)``: which of `SPEAKERS`, and the mean pitch in Hz.
    energies
        ``(frames, recordings, BANDS)``, the `band_energies` of what is heard.
    """

    sounds: Tensor
    speakers: Tensor
    pitch: Tensor
    energies: Tensor


@once_for_each(4)  # lengths that a network is tested at, beside its own
def recordings(voices: int, frames: int) -> Recordings:
    """Let some voices say each of the nine sounds once, from a fixed seed; the same every time."""
    return _said(voices, frames)[0]


def wave_forms(voices: int, frames: int) -> Tensor:
    """Return what is heard in `recordings`, ``(recordings, samples)`` int16; of one length at a time it is kept."""
    return _said(voices, frames)[1]


@once_for_each(1)
def _said(voices: int, frames: int) -> tuple[Recordings, Tensor]:
    chance = generator(0, "voices")
    some = [min(AT_ONCE, voices - first) for first in range(0, voices, AT_ONCE)]
    parts = [_record(n, frames, chance) for n in some]
    told = Recordings(
        sounds=torch.cat([part.sounds for part, _ in parts]),
        speakers=torch.cat([part.speakers for part, _ in parts]),
        pitch=torch.cat([part.pitch for part, _ in parts]),
        energies=torch.cat([part.energies for part, _ in parts], dim=1),
    )
    return told, torch.cat([heard for _, heard in parts])


def band_energies(waves: Tensor) -> Tensor:
    """Return the energy of each frame in each band of pitch, as a logarithm: ``(frames, recordings, BANDS)``.

    The bands are evenly spaced in mel, as in the ear: narrow for low tones, wide for high ones.
    """
    windows = waves.float().div(32767).unfold(1, WINDOW, HOP) * torch.hann_window(WINDOW)
    power = torch.view_as_real(torch.fft.rfft(windows)).square().sum(dim=-1)
    return (power @ _bands() + 1e-6).log().transpose(0, 1).contiguous()


def centres() -> Tensor:
    """Return the middles of the bands, in Hz."""
    return 700 * (10 ** (_corners()[1:-1] / 2595) - 1)


def _corners() -> Tensor:
    return torch.linspace(150, float(_mel(torch.tensor(RATE / 2))), BANDS + 2)


def _mel(frequency: Tensor) -> Tensor:
    return 2595 * (1 + frequency / 700).log10()


@once_for_each(1)
def _bands() -> Tensor:
    """Return overlapping triangles, ``(WINDOW // 2 + 1, BANDS)``."""
    corners = _corners()
    apart = _mel(torch.fft.rfftfreq(WINDOW, 1 / RATE))[:, None] - corners[1:-1]
    return (1 - apart.abs() / (corners[1] - corners[0])).clamp(min=0)


def _record(voices: int, frames: int, chance: torch.Generator) -> tuple[Recordings, Tensor]:
    """Let new voices say each of the nine sounds once."""
    samples, n = (frames - 1) * HOP + WINDOW, voices * len(SOUNDS)

    def between(low: float, high: float, size: int = n) -> Tensor:
        return low + (high - low) * torch.rand(size, generator=chance)

    def of_voice(values: Tensor) -> Tensor:
        return values.repeat_interleave(len(SOUNDS), dim=0)

    speakers = of_voice(torch.randint(0, len(SPEAKERS), (voices,), generator=chance))
    pitch = torch.tensor(PITCH)[speakers] * of_voice(between(-0.25, 0.25, voices).exp())
    throat = of_voice(between(-0.08, 0.08, voices)[:, None] + 0.02 * torch.randn(voices, 3, generator=chance)).exp()
    sounds = torch.arange(len(SOUNDS)).repeat(voices)
    ends = torch.tensor([[VOWELS.index(name.split("-")[end]) for name in SOUNDS] for end in (0, -1)])[:, sounds]
    first, last = ((torch.tensor(FORMANTS)[speakers, end] * throat).clamp(max=HIGHEST).T for end in ends)

    place = torch.linspace(0, 1, samples)[:, None]  # from the beginning to the end of a sound
    source = _pulses(pitch * (1 + between(-0.3, 0.3) * (place - 0.5)), between(0, 1))
    source += between(0.005, 0.03) * torch.randn(samples, n, generator=chance)  # breath
    gone = ((place[::GLIDE_STEP] - between(0.4, 0.6)) / between(0.1, 0.4) + 0.5).clamp(0, 1)[:, None]
    waves = _resonate(source, first + (last - first) * gone).T
    power = F.avg_pool1d(waves.unflatten(1, (-1, HOP)).square().mean(dim=2), 3, 1, 1, count_include_pad=False)
    power = F.interpolate(power[:, None], size=samples, mode="linear")[:, 0]
    waves = waves / power.sqrt()  # equally loud from beginning to end, so that loudness does not tell what came before
    hiss = 10 ** between(-1.75, -0.75)[:, None]  # 15 to 35 decibels below the voice
    waves += hiss * torch.randn(n, samples, generator=chance)
    steps = torch.arange(samples)
    waves *= torch.minimum(steps, steps.flip(0)).div(FADE).clamp(max=1).mul(torch.pi / 2).sin().square()
    waves *= between(0.05, 0.15)[:, None]
    heard = (32767 * waves.clamp(-LOUDEST, LOUDEST)).round().short()
    return Recordings(sounds, speakers, pitch, band_energies(heard)), heard


def _pulses(pitch: Tensor, start: Tensor) -> Tensor:
    """Return one pulse per period, shared between the two samples nearest to its moment: ``(samples, n)``."""
    phase = start + (pitch / RATE).cumsum(dim=0)
    begun = phase.floor().diff(dim=0, prepend=start.floor()[None])
    late = begun * phase.frac() * RATE / pitch  # how much of a sample ago
    pulses = begun - late
    pulses[:-1] += late[1:]
    return pulses


def _resonate(source: Tensor, formants: Tensor) -> Tensor:
    """Send a source ``(samples, n)`` through a throat whose formants ``(steps, 3, n)`` move.

    Four resonators of two poles, one after the other (Klatt, 1980): one at 0 Hz, which makes soft strokes of the vocal
    cords out of pulses, and one per formant. What leaves the lips is the difference between samples two apart, which
    lets neither the lowest nor the highest tones through.
    """
    frequency = torch.cat([torch.zeros_like(formants[:, :1]), formants], dim=1)
    width = 100 + frequency / 20  # high tones die away sooner
    back_two = -(-2 * torch.pi * width / RATE).exp()
    back_one = 2 * (-torch.pi * width / RATE).exp() * (2 * torch.pi * frequency / RATE).cos()
    new = 1 - back_one - back_two
    one = torch.zeros_like(frequency[0])
    two, heard = one, torch.empty_like(source)
    for step, sample in enumerate(source):
        at = step // GLIDE_STEP
        incoming = torch.cat([sample[None], one[:-1]])  # each hears the one before it, a sample later
        now = (new[at] * incoming).addcmul_(back_one[at], one).addcmul_(back_two[at], two)
        one, two = now, one
        heard[step] = now[-1]
    return F.pad(heard[2:] - heard[:-2], (0, 0, 2, 0))
