"""LanguageModel: a recurrent network over characters, with its vocabulary and its card; as a file of safetensors."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional as F

from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.files.fitting import check_finite, check_forms
from rnncore.files.sealed import Unfit, opened, read_bytes, read_json, refusals_told, seal
from rnncore.networks.sequence_model import SequenceModel
from rnncore.tasks.language.vocabulary import Vocabulary

FORMAT = "rnn-playground-language-1"
SHIPPED = Path(__file__).with_name("models")
PIECE = 2000  # characters read at once when a text is measured


@dataclass(frozen=True)
class _Sizes:
    """The problem as far as the network has to know it: a character in, a character out."""

    input_size: int
    output_size: int
    many_to_one: bool = False


@dataclass
class LanguageModel:
    """A network that predicts the next character.

    Attributes
    ----------
    config
        Its cell and sizes.
    vocabulary
        The characters it knows.
    model
        The network: one-hot characters in, one logit per character out.
    card
        Where it comes from: data, split, recipe, measured loss.
    """

    config: RunConfig
    vocabulary: Vocabulary
    model: SequenceModel
    card: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def build(
        cls, config: RunConfig, vocabulary: Vocabulary, generator: torch.Generator | None = None
    ) -> "LanguageModel":
        """Build a fresh network."""
        return cls(config, vocabulary, SequenceModel(config, _Sizes(len(vocabulary), len(vocabulary)), generator))

    @torch.no_grad()
    def nats(self, text: str) -> float:
        """Return the mean of -ln p of each character after the first, in nats, the state carried through the text."""
        numbers = self.vocabulary.encode(text)[:, None]
        total, states = 0.0, None
        for start in range(0, len(numbers) - 1, PIECE):
            piece = numbers[start : start + PIECE + 1]
            logits, states = self.model.carry(piece[:-1], states)
            total += F.cross_entropy(logits[:, 0], piece[1:, 0], reduction="sum").item()
        return total / (len(numbers) - 1)

    def save(self) -> bytes:
        """Return the model as a file; weights are rounded to float16."""
        tensors = {name: tensor.to(torch.float16).contiguous() for name, tensor in self.model.state_dict().items()}
        meta = {"config": self.config.flat(), "symbols": self.vocabulary.symbols, "card": self.card}
        return seal(tensors, {"format": FORMAT, "model": json.dumps(meta, allow_nan=False)})


def load(path: Path) -> LanguageModel:
    """Return the model of a file, in float32.

    Raises
    ------
    CheckpointError
        The file is damaged or not a language model of this playground.
    """
    with refusals_told(path.name[:80], "a language model of this playground", "'text-train' made"):
        file = opened(read_bytes(path), FORMAT, ("model",))
        config, vocabulary, card = _meta(file.metadata)
        check_forms(file.parts, {name: ("F16", shape) for name, shape in _shapes(config, vocabulary).items()})
        tensors = file.tensors()
        check_finite(tensors)
        made = LanguageModel.build(config, vocabulary)
        made.model.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
    made.card = card
    return made


def _meta(metadata: Mapping[str, str]) -> tuple[RunConfig, Vocabulary, dict[str, Any]]:
    """Return what a file says of its model, checked."""
    meta = read_json(metadata.get("model", "null"), most=2000, depth=6)
    if not isinstance(meta, dict) or not isinstance(meta.get("config"), dict):
        raise Unfit("its settings are missing")
    symbols, card = meta.get("symbols"), meta.get("card")
    if not isinstance(card, dict):
        raise Unfit("its card is missing")
    if not isinstance(symbols, str) or len(symbols) < 2 or symbols != "".join(sorted(set(symbols))):
        raise Unfit("its characters are missing, or not each there once")
    config = RunConfig.from_flat(meta["config"])
    if not CELLS[config.cell].recurrent or config.bidirectional:
        raise Unfit("its network cannot read a text character by character")
    return config, Vocabulary(symbols), card


def _shapes(config: RunConfig, vocabulary: Vocabulary) -> dict[str, tuple[int, ...]]:
    """Return the names and shapes of its weights; nothing is built."""
    with torch.device("meta"):
        model = LanguageModel.build(config.with_(init="default"), vocabulary, torch.Generator("cpu")).model
    return {name: tuple(weight.shape) for name, weight in model.named_parameters()}


def shipped() -> dict[str, Path]:
    """Return the models that come with the project, by name."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.safetensors"))}


def bits(nats: float) -> float:
    """Return bits for nats."""
    return nats / math.log(2)
