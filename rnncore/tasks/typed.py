"""Text that a person types, as the inputs of a network."""

import difflib
import math
import re
from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

from rnncore.errors import ConfigError

MOST_STEPS = 200
MOST_CHARACTERS = 2_000  # of a whole question
MOST_NAMED = 40  # symbols that fit into one sentence


def short(text: str) -> str:
    """Return a typed text, stripped of blanks around it.

    Raises
    ------
    ConfigError
        If it is empty or longer than any question is; nothing else has looked at it by then.
    """
    if len(text) > MOST_CHARACTERS:
        raise ConfigError(f"A question may have {MOST_CHARACTERS:,} characters, not {len(text):,}: shorten it.")
    if not text.strip():
        raise ConfigError("Nothing to read: type something.")
    return text.strip()


def read_words(text: str, numbers: Mapping[str, int]) -> Tensor:
    """Return the words of a text as symbol numbers ``(time, 1)``; punctuation marks are words.

    Raises
    ------
    ConfigError
        If there is no word, a word that the network has never seen, or more than 200 words.
    """
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)*|[^\w\s]", short(text).lower())
    return _numbered(words, numbers, "words")


def read_characters(text: str, numbers: Mapping[str, int]) -> Tensor:
    """Return the characters of a text as symbol numbers ``(time, 1)``; blanks count where the alphabet has one.

    Raises
    ------
    ConfigError
        If there is no character, one that the network has never seen, or more than 200 characters.
    """
    return _numbered([c for c in short(text) if c in numbers or not c.isspace()], numbers, "characters")


def read_numbers(text: str, fewest: int = 1) -> list[float]:
    """Return the numbers of a text, between which stand blanks or semicolons; a decimal comma is one.

    Raises
    ------
    ConfigError
        If there are fewer than `fewest` or more than 200, or something is no finite number.
    """
    found = [part.rstrip(",") for part in re.split(r"[\s;]+", short(text)) if part.rstrip(",")]
    if not fewest <= len(found) <= MOST_STEPS:
        raise ConfigError(f"Type {fewest} to {MOST_STEPS} numbers with blanks between, not {len(found):,}.")
    values = []
    for part in found:
        try:
            value = float(part.replace(",", ".").replace("−", "-")) if part.isascii() or "−" in part else math.nan
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise ConfigError(f"“{part[:20]}” is no number: type numbers with blanks between, such as 12.5 -3 7.")
        values.append(value)
    return values


def _numbered(found: list[str], numbers: Mapping[str, int], kind: str) -> Tensor:
    if not found:
        raise ConfigError(f"Nothing to read: type 1 to {MOST_STEPS} {kind}.")
    if len(found) > MOST_STEPS:
        raise ConfigError(f"At most {MOST_STEPS} {kind} can be read, not {len(found):,}: shorten it.")
    strange = list(dict.fromkeys(symbol for symbol in found if symbol not in numbers))
    if strange:
        named = ", ".join(f"“{symbol[:20]}”" for symbol in strange[:3])
        raise ConfigError(f"The network has never seen {named}: {advice(strange[0], numbers, kind)}.")
    return torch.tensor([[numbers[symbol]] for symbol in found])


def advice(strange: str, known: Iterable[str], kind: str) -> str:
    """Return what to type in place of something unknown: all that is known if it fits, else what looks like it."""
    every = sorted(known)
    if len(every) <= MOST_NAMED:
        return f"it knows these {kind}: {(', ' if kind == 'words' else ' ').join(every)}"
    near = difflib.get_close_matches(strange[:20], every, 4, 0.5) or every[:: len(every) // 8]
    return f"of the {len(every)} {kind} that it knows, try {', '.join(near)}"
