"""Vocabulary: the characters that a model knows, and their numbers."""

from collections.abc import Iterable

import torch
from torch import Tensor


class Vocabulary:
    """Characters numbered in the order of their code points.

    Parameters
    ----------
    symbols
        The characters; each counts once.
    """

    def __init__(self, symbols: Iterable[str]) -> None:
        self.symbols = "".join(sorted(set(symbols)))
        self._number = {symbol: i for i, symbol in enumerate(self.symbols)}

    def __len__(self) -> int:
        return len(self.symbols)

    def unknown(self, text: str) -> str:
        """Return the characters of a text that are not in the vocabulary, each once, in order of appearance."""
        return "".join(dict.fromkeys(symbol for symbol in text if symbol not in self._number))

    def encode(self, text: str) -> Tensor:
        """Return the numbers of the characters, ``(len(text),)`` int64; each must be in the vocabulary."""
        return torch.tensor([self._number[symbol] for symbol in text], dtype=torch.int64)

    def decode(self, numbers: Iterable[int]) -> str:
        """Return the text of these numbers."""
        return "".join(self.symbols[number] for number in numbers)
