"""What a person types, as the inputs of a network."""

import re
from collections.abc import Mapping

import torch
from torch import Tensor

from rnncore.errors import ConfigError

MOST_STEPS = 200


def read_words(text: str, numbers: Mapping[str, int]) -> Tensor:
    """Return the words of a text as symbol numbers ``(time, 1)``; punctuation marks are words.

    Raises
    ------
    ConfigError
        If there is no word, a word that the network has never seen, or more than 200 words.
    """
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)*|[^\w\s]", text.lower())
    return _numbered(words, numbers, "words")


def read_characters(text: str, numbers: Mapping[str, int]) -> Tensor:
    """Return the characters of a text as symbol numbers ``(time, 1)``; blanks count where the alphabet has one.

    Raises
    ------
    ConfigError
        If there is no character, one that the network has never seen, or more than 200 characters.
    """
    return _numbered([c for c in text if c in numbers or not c.isspace()], numbers, "characters")


def _numbered(found: list[str], numbers: Mapping[str, int], kind: str) -> Tensor:
    if not found:
        raise ConfigError(f"Nothing to read: type 1 to {MOST_STEPS} {kind}.")
    if len(found) > MOST_STEPS:
        raise ConfigError(f"At most {MOST_STEPS} {kind} can be read, not {len(found):,}: shorten it.")
    strange = list(dict.fromkeys(symbol for symbol in found if symbol not in numbers))
    if strange:
        known = ", ".join(sorted(numbers)[:200]) if kind == "words" else " ".join(sorted(numbers))
        named = ", ".join(f"“{symbol[:20]}”" for symbol in strange[:3])
        raise ConfigError(f"The network has never seen {named}. It knows these {kind}: {known}")
    return torch.tensor([[numbers[symbol]] for symbol in found])
