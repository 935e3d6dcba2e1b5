"""A small grammar of tunes whose every probability is known: keys, metres, rhythms, chords and steps."""

from dataclasses import dataclass

import torch
from torch import Tensor

from rnncore.caching.once import once_for_each

TONICS = {"A": 57, "C": 60, "D": 62, "E": 64, "F": 65, "G": 55}  # numbered as in MIDI: 60 is C4
KEYS = {f"{name} {scale}": (tonic, scale) for name, tonic in TONICS.items() for scale in ("major", "minor")}
SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
# Rhythms of a bar in eighth notes, with how often each occurs.
METRES = {
    "3/4": {(2, 2, 2): 4, (4, 2): 3, (2, 2, 1, 1): 2, (2, 1, 1, 2): 2, (3, 1, 2): 1},
    "4/4": {(2, 2, 2, 2): 4, (4, 2, 2): 3, (2, 2, 4): 2, (2, 1, 1, 2, 2): 2, (3, 1, 2, 2): 1, (4, 4): 1},
    "6/8": {(3, 3): 3, (2, 1, 2, 1): 4, (2, 1, 3): 3, (1, 1, 1, 3): 2, (1, 1, 1, 2, 1): 1, (1, 1, 1, 1, 1, 1): 1},
}
EIGHTHS = {"3/4": 6, "4/4": 8, "6/8": 6}
BUSIEST = 6  # notes in a bar
LOWEST, HIGHEST = -3, 7  # steps of the scale below and above the tonic
STEPS = HIGHEST - LOWEST + 1
MOVES = {0: 2.0, 1: 6.0, 2: 2.0, 3: 0.5}  # how likely a move by so many steps of the scale is
LEAP = 0.1  # any wider one
CHORDS = ((0, 2, 4), (3, 5, 0), (4, 6, 1))  # tonic, subdominant, dominant, as steps of the scale
TONIC, SUBDOMINANT, DOMINANT = range(3)
CHORD_NOTE = 2.0  # how much likelier notes of the chord are where others may stand too
FREE, STRONG, LAST = range(3)


def chords(bars: int) -> list[int]:
    """Return the chord of each bar: tonic and subdominant in turn, dominant before the end, tonic at the end."""
    return [*([TONIC, SUBDOMINANT] * bars)[: bars - 2], DOMINANT, TONIC]


@once_for_each(1)
def moves() -> Tensor:
    """Return how likely each step of the scale follows another: ``(chords, places, steps, steps)``.

    Where a bar begins (`STRONG`) only notes of its chord may stand, and for the last note only the tonic.
    """
    found = torch.zeros(len(CHORDS), 3, STEPS, STEPS, dtype=torch.float64)
    for before in range(STEPS):
        for after in range(STEPS):
            weight = MOVES.get(abs(after - before), LEAP)
            step = (after + LOWEST) % 7
            for chord, notes in enumerate(CHORDS):
                found[chord, FREE, before, after] = weight * (CHORD_NOTE if step in notes else 1)
                found[chord, STRONG, before, after] = weight * (step in notes)
                found[chord, LAST, before, after] = weight * (step == 0)
    return found / found.sum(dim=-1, keepdim=True)


@dataclass(frozen=True)
class Rhythms:
    """The bars of one metre: `lengths (rhythms, 6)` with zeros at the end, `shares (rhythms,)`.

    `likely (rhythms, 6)` is the probability of each length, given those before it in the bar.
    """

    lengths: Tensor
    shares: Tensor
    likely: Tensor


@once_for_each(len(METRES))
def rhythms(metre: str) -> Rhythms:
    """Return the rhythms of a bar."""
    found = METRES[metre]
    lengths = torch.zeros(len(found), BUSIEST, dtype=torch.int64)
    likely = torch.ones(len(found), BUSIEST, dtype=torch.float64)
    for i, bar in enumerate(found):
        lengths[i, : len(bar)] = torch.tensor(bar)
        for j in range(len(bar)):
            here, before = (sum(n for other, n in found.items() if other[:k] == bar[:k]) for k in (j + 1, j))
            likely[i, j] = here / before
    shares = torch.tensor(list(found.values()), dtype=torch.float64)
    return Rhythms(lengths, shares / shares.sum(), likely)


@dataclass(frozen=True)
class Tunes:
    """Tunes, time first: `steps` of the scale from the lowest, `lengths` in eighths (0 after the end), `nats`.

    `nats` is the surprise of each note for somebody who knows the grammar, and all notes before it.
    """

    steps: Tensor
    lengths: Tensor
    nats: Tensor


def compose(metres: Tensor, bars: int, generator: torch.Generator) -> Tunes:
    """Draw one tune for each metre ``(batch,)``."""
    n, most = len(metres), BUSIEST * (bars - 1) + 1
    lengths = torch.zeros(n, bars, BUSIEST, dtype=torch.int64)
    nats = torch.zeros(n, bars, BUSIEST, dtype=torch.float64)
    for number, (metre, eighths) in enumerate(EIGHTHS.items()):
        here, table = (metres == number).nonzero()[:, 0], rhythms(metre)
        if len(here):
            drawn = torch.multinomial(table.shares, len(here) * (bars - 1), replacement=True, generator=generator)
            lengths[here, :-1] = table.lengths[drawn].view(-1, bars - 1, BUSIEST)
            nats[here, :-1] = -table.likely[drawn].log().view(-1, bars - 1, BUSIEST)
            lengths[here, -1, 0] = eighths
    places = torch.full((bars, BUSIEST), FREE)
    places[:, 0] = STRONG
    places[-1, 0] = LAST
    rules = (torch.tensor(chords(bars))[:, None] * len((FREE, STRONG, LAST)) + places).flatten()
    lengths, nats = lengths.flatten(1), nats.flatten(1)
    order = (lengths == 0).long().argsort(dim=1, stable=True)[:, :most]
    lengths, nats, rules = lengths.gather(1, order).T, nats.gather(1, order).T, rules[order].T
    shares = moves().flatten(0, 1)
    sums = shares.cumsum(dim=-1)
    sums[..., -1] = 1
    steps = torch.empty(most, n, dtype=torch.int64)
    chance = torch.rand(most, n, 1, generator=generator, dtype=torch.float64)
    before = torch.full((n,), -LOWEST)
    for time in range(most):
        before = steps[time] = (sums[rules[time], before] <= chance[time]).sum(dim=-1)
    previous = torch.cat([torch.full((1, n), -LOWEST), steps[:-1]])
    nats = (nats - shares[rules, previous, steps].log()) * (lengths > 0)
    return Tunes(steps, lengths, nats)
