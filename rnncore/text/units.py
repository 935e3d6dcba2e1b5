"""Single units of a language model: what each does along a text, and which of them tell something about it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rnncore.cells import CELLS
from rnncore.cells.fast import Floats
from rnncore.text.language import LanguageModel
from rnncore.text.sampling import Reader

LINE_END = 60  # characters: places further along a line count alike


@dataclass(frozen=True)
class Unit:
    """One unit and how well it tells a feature of the text.

    `layer` and `number` count from 0; `part` is ``"h"`` or ``"c"``. `score` is the squared correlation of its
    activation with the feature: the share of the one's variance that a straight line through the other explains.
    """

    layer: int
    part: str
    number: int
    score: float


def activations(language: LanguageModel, text: str) -> dict[tuple[int, str], Floats]:
    """Return the state after each character, by layer and part: ``(time, units)`` each."""
    reader = Reader(language)
    names = CELLS[language.config.cell].state_names
    kept: dict[tuple[int, str], list[Floats]] = {}
    for number in language.vocabulary.encode(text).tolist():
        reader.step(number)
        for layer, each in enumerate(reader.layers):
            for part, values in zip(names, each.state, strict=True):
                kept.setdefault((layer, part), []).append(values.copy())
    return {where: np.stack(rows) for where, rows in kept.items()}


def place_in_line(text: str) -> Floats:
    """Return how many characters of its line have been read, after each character."""
    found, place = np.zeros(len(text), np.float32), 0
    for i, character in enumerate(text):
        place = 0 if character == "\n" else min(place + 1, LINE_END)
        found[i] = place
    return found


def in_name(text: str) -> Floats:
    """Return 1 inside a speaker's name, a line in capitals that ends in a colon."""
    found = np.zeros(len(text), np.float32)
    for match in re.finditer(r"^[A-Z][A-Z' ]*:$", text, re.MULTILINE):
        found[match.start() : match.end()] = 1
    return found


def word_start(text: str) -> Floats:
    """Return 1 at the first letter of each word."""
    found = np.zeros(len(text), np.float32)
    found[[match.start() for match in re.finditer(r"(?<![A-Za-z'])[A-Za-z]", text)]] = 1
    return found


def after_stop(text: str) -> Floats:
    """Return 1 from the end of a sentence until the next one has begun."""
    found = np.zeros(len(text), np.float32)
    for match in re.finditer(r"[.!?][^A-Za-z]*", text):
        found[match.start() : match.end()] = 1
    return found


FEATURES: dict[str, Callable[[str], Floats]] = {
    "place in the line": place_in_line,
    "inside a speaker's name": in_name,
    "start of a word": word_start,
    "after a full stop": after_stop,
}


def best_units(states: dict[tuple[int, str], Floats], feature: Floats, count: int = 5) -> list[Unit]:
    """Return the units that tell a feature ``(time,)`` best, the best one first."""
    wanted = feature - feature.mean()
    found = []
    for (layer, part), values in states.items():
        moved = values - values.mean(axis=0)
        spread = (moved**2).sum(axis=0) * (wanted**2).sum()
        score = np.divide((moved.T @ wanted) ** 2, spread, out=np.zeros(len(spread), np.float32), where=spread > 0)
        found += [Unit(layer, part, int(n), float(score[n])) for n in np.argsort(-score)[:count]]
    return sorted(found, key=lambda unit: -unit.score)[:count]
