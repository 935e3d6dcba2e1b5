"""Writing with a language model, one character at a time."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict

from rnncore.cells.fast import Floats, array, layer_of
from rnncore.errors import ConfigError
from rnncore.networks.sequence_model import cells_of
from rnncore.seeding import generator
from rnncore.settings import setting
from rnncore.text.language import LanguageModel

BEGINNINGS = "\n "  # what is read where there is no opening: the first of these that the model knows, or nothing


class Writing(BaseModel):
    """A text to write: its opening, its length, and how each character is drawn."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    prime: str = setting(
        "ROMEO:\n", max_length=500, group="run", label="Opening", unit="characters",
        help="What the text begins with. The network reads it first and goes on from there.",
    )  # fmt: skip
    length: int = setting(
        800, ge=1, le=5000, group="run", label="Length", unit="characters", log=True,
        help="How many characters to write after the opening.",
    )  # fmt: skip
    temperature: float = setting(
        0.8, ge=0, le=3, group="run", label="Temperature",
        help="Divides the logits before the softmax: under 1 the likely becomes likelier, over 1 rarer characters get "
        "a chance; 0 always takes the likeliest.",
    )  # fmt: skip
    top_k: int = setting(
        0, ge=0, le=200, group="run", label="Top k", unit="characters",
        help="Draw among the k likeliest characters only (Fan et al., 2018); 0 draws among all.",
    )  # fmt: skip
    top_p: float = setting(
        1.0, ge=0.01, le=1, group="run", label="Top p",
        help="Draw among the fewest characters that together have at least this probability (Holtzman et al., 2020); "
        "1 draws among all.",
    )  # fmt: skip
    seed: int = setting(
        0, ge=0, le=2**31 - 1, group="run", label="Seed",
        help="Decides the draws: the same seed writes the same text.",
    )  # fmt: skip


class Written(NamedTuple):
    """One character as it was drawn.

    Attributes
    ----------
    character, number
        The one that was drawn, and its place in the vocabulary.
    probabilities
        ``(symbols,)``: the distribution it was drawn from.
    logits
        ``(symbols,)``: what the network said, before the temperature and the cuts.
    """

    character: str
    number: int
    probabilities: Floats
    logits: Floats

    @property
    def surprise(self) -> float:
        """-log2 of the probability that the network itself gave the character, at temperature 1, in bits."""
        highest = self.logits.max()
        nats = np.log(np.exp(self.logits - highest).sum()) + highest - self.logits[self.number]
        return float(nats) / math.log(2)


class Reader:
    """A model that reads one character at a time and says what it expects next.

    The input's part of the first layer is a row of a table, since there are only as many inputs as characters.

    Parameters
    ----------
    language
        The model.
    """

    def __init__(self, language: LanguageModel) -> None:
        self.layers = [layer_of(cell) for layer in language.model.layers for cell in cells_of(layer)]
        self._table: list[Floats] = list(self.layers[0].contributions())
        self._upper = [(layer, layer.projection()) for layer in self.layers[1:]]
        readout = language.model.readout
        self._weight, self._bias = array(readout.weight), array(readout.bias)

    def step(self, number: int) -> Floats:
        """Read one character and return the logits of the next, ``(symbols,)``."""
        first = self.layers[0]
        first.step(self._table[number])
        h = first.h
        for layer, project in self._upper:
            layer.step(project(h))
            h = layer.h
        return self.expected()

    def expected(self) -> Floats:
        """Return the logits of the next character, ``(symbols,)``, as the state stands; also before any was read."""
        logits: Floats = np.dot(self._weight, self.layers[-1].h)
        logits += self._bias
        return logits


def distribution(logits: Floats, temperature: float, top_k: int = 0, top_p: float = 1.0) -> Floats:
    """Return what a character is drawn from: logits to probabilities, both ``(symbols,)``.

    First the temperature, then `top_k`, then `top_p` of what is left; a `top_k` of 0 and a `top_p` of 1 change
    nothing. At temperature 0 all the probability is on the likeliest, the first of several that are equal.
    """
    if temperature == 0:
        certain = np.zeros_like(logits)
        certain[logits.argmax()] = 1
        return certain
    p: Floats = logits - logits.max()
    p /= np.float32(temperature)
    np.exp(p, out=p)
    p /= p.sum()
    if 0 < top_k < len(p) or top_p < 1:
        order = np.argsort(-p, kind="stable")
        if 0 < top_k < len(p):
            p[order[top_k:]] = 0
        if top_p < 1:
            before = np.cumsum(p[order]) - p[order]
            p[order[before >= top_p * p.sum()]] = 0
        p /= p.sum()
    return p


def check_opening(language: LanguageModel, opening: str) -> None:
    """Refuse an opening with characters that the model has never seen."""
    unknown = language.vocabulary.unknown(opening)
    if unknown:
        shown = " ".join(repr(symbol) for symbol in unknown[:8])
        raise ConfigError(
            f"The opening may hold only characters that the model has seen; it has never seen {shown}: leave them out."
        )


def write(language: LanguageModel, writing: Writing) -> Iterator[Written]:
    """Read the opening, then yield one character after the other.

    Raises
    ------
    ConfigError
        The opening has a character that is not in the model's vocabulary.
    """
    check_opening(language, writing.prime)
    return _write(language, writing)


def _write(language: LanguageModel, writing: Writing) -> Iterator[Written]:
    reader, symbols = Reader(language), language.vocabulary.symbols
    draws = torch.rand(writing.length, generator=generator(writing.seed, "sampling"), dtype=torch.float64).tolist()
    before = writing.prime or next((c for c in BEGINNINGS if c in symbols), "")
    logits = reader.expected()
    for number in language.vocabulary.encode(before).tolist():
        logits = reader.step(number)
    for draw in draws:
        if not np.isfinite(logits).all():  # a network that has blown up names no probabilities
            return
        p = distribution(logits, writing.temperature, writing.top_k, writing.top_p)
        total = p.cumsum()
        number = int(total.searchsorted(draw * total[-1], side="right"))
        yield Written(symbols[number], number, p, logits)
        logits = reader.step(number)
