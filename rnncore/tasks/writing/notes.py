"""Notes as symbols, as names, as a piano roll and as sound."""

import math
from functools import lru_cache

import torch
from torch import Tensor

from rnncore.caching.once import once_for_each
from rnncore.tasks.writing.tunes import HIGHEST, KEYS, LOWEST, SCALES

SHARPS = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
FLATS = ("C", "D♭", "D", "E♭", "E", "F", "G♭", "G", "A♭", "A", "B♭", "B")
IN_FLATS = ("C minor", "D minor", "F major", "F minor", "G minor")
LENGTHS = (1, 2, 3, 4, 6, 8)  # in eighths
BOTTOM = min(tonic + SCALES[scale][LOWEST] - 12 for tonic, scale in KEYS.values())
TOP = max(tonic + 12 for tonic, _ in KEYS.values())
PITCHES = TOP - BOTTOM + 1
END = PITCHES * len(LENGTHS)
SUSTAINED = 0.55  # ink of a note after its beginning
RATE = 8000
LONGEST = 7.5  # seconds of sound
EIGHTH = 0.22  # seconds, unless the tune would become too long
PARTIALS = (1.0, 0.4, 0.15)
LOUDNESS = 0.5
ATTACK, RELEASE, DECAY = 0.015, 0.03, 0.5  # seconds

Notes = list[tuple[int, int]]  # pitch and length in eighths


@lru_cache(maxsize=1)
def pitches() -> Tensor:
    """Return how far above `BOTTOM` each step of the scale lies: ``(keys, steps)``."""
    above = {name: [12 * (i // 7) + scale[i % 7] for i in range(LOWEST, HIGHEST + 1)] for name, scale in SCALES.items()}
    return torch.tensor([[tonic - BOTTOM + step for step in above[scale]] for tonic, scale in KEYS.values()])


@lru_cache(maxsize=1)
def degrees() -> Tensor:
    """Return which step of the scale a pitch is in each key: ``(keys, pitches + 1)``, -1 if none; last for the end."""
    found = torch.full((len(KEYS), PITCHES + 1), -1)
    for i, (tonic, scale) in enumerate(KEYS.values()):
        for pitch in range(PITCHES):
            above = (pitch + BOTTOM - tonic) % 12
            found[i, pitch] = SCALES[scale].index(above) if above in SCALES[scale] else -1
    return found


@once_for_each(1)
def _tables() -> tuple[Tensor, Tensor]:
    """Return the number of each length in eighths, and the eighths of each symbol."""
    numbers = torch.zeros(max(LENGTHS) + 1, dtype=torch.int64)
    numbers[torch.tensor(LENGTHS)] = torch.arange(len(LENGTHS))
    return numbers, torch.cat([torch.tensor(LENGTHS).repeat(PITCHES), torch.zeros(1, dtype=torch.int64)])


def symbols(pitch: Tensor, eighths: Tensor) -> Tensor:
    """Return notes as symbols; the end where the length is 0."""
    return torch.where(eighths > 0, pitch * len(LENGTHS) + _tables()[0][eighths], END)


def eighths_of(notes: Tensor) -> Tensor:
    """Return how long each symbol sounds; the end not at all."""
    return _tables()[1][notes]


def notes_of(written: Tensor) -> Notes:
    """Return a tune ``(time,)`` up to its end."""
    numbers = written.tolist()
    numbers = numbers[: numbers.index(END) if END in numbers else len(numbers)]
    return [(BOTTOM + number // len(LENGTHS), LENGTHS[number % len(LENGTHS)]) for number in numbers]


def name(pitch: int, key: str) -> str:
    """Return how a pitch is called in a key."""
    return (FLATS if key in IN_FLATS else SHARPS)[pitch % 12]


def spelt(notes: Notes, key: str) -> tuple[str, ...]:
    """Return each note with its octave and its length, and the end."""
    return (*(f"{name(pitch, key)}{pitch // 12 - 1} {length}/8" for pitch, length in notes), "■")


def roll(notes: Notes, eighths: int) -> tuple[tuple[float, ...], ...]:
    """Return a piano roll: a row per pitch, the highest first, a column per eighth; what lasts longer is cut."""
    rows = [[0.0] * eighths for _ in range(PITCHES)]
    begins = 0
    for pitch, length in notes:
        for place in range(begins, min(begins + length, eighths)):
            rows[TOP - pitch][place] = 1.0 if place == begins else SUSTAINED
        begins += length
    return tuple(map(tuple, rows))


def sound(notes: Notes, eighths: int) -> tuple[float, ...]:
    """Return a tune as samples at `RATE`, each note softly begun and ended; what lasts longer is cut."""
    each = int(RATE * min(EIGHTH, LONGEST / eighths))
    heard = torch.zeros(each * eighths)
    begins = 0
    for pitch, length in notes:
        here = min(length, eighths - begins)
        if here <= 0:
            break
        time = torch.arange(each * here) / RATE
        left = each * here / RATE - time
        envelope = (time / ATTACK).clamp(max=1) * (left / RELEASE).clamp(max=1) * torch.exp(-time / DECAY)
        angle = 2 * math.pi * 440 * 2 ** ((pitch - 69) / 12) * time
        tone = sum(share * torch.sin((i + 1) * angle) for i, share in enumerate(PARTIALS))
        heard[each * begins : each * (begins + here)] = LOUDNESS * envelope * tone
        begins += here
    return tuple(heard.tolist())
