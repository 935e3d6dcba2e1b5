"""LanguageModel: a recurrent network over characters, with its vocabulary and its card; as a file of safetensors."""

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor
from torch.nn import functional as F

from rnncore.config import RunConfig
from rnncore.errors import CheckpointError, ConfigError
from rnncore.model import SequenceModel
from rnncore.text.vocabulary import Vocabulary

FORMAT = "rnn-playground-language-1"
SHIPPED = Path(__file__).with_name("models")
PIECE = 2000  # characters read at once when a text is measured


@dataclass(frozen=True)
class _Sizes:
    """What the network has to know of its problem: a character in, a character out."""

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
        return save_tensors(tensors, {"format": FORMAT, "model": json.dumps(meta, allow_nan=False)})


def load(path: Path) -> LanguageModel:
    """Return the model of a file, in float32.

    Raises
    ------
    CheckpointError
        The file is damaged or not a language model of this playground.
    """
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
        if metadata.get("format") != FORMAT:
            raise CheckpointError(f"{path.name} is not a language model of this playground.")
        meta = json.loads(metadata["model"])
        config, vocabulary = RunConfig.from_flat(meta["config"]), Vocabulary(meta["symbols"])
        made = LanguageModel.build(config, vocabulary)
        tensors: dict[str, Tensor] = load_tensors(path.read_bytes())
        made.model.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
    except (SafetensorError, ConfigError, LookupError, ValueError, TypeError, RuntimeError) as error:
        raise CheckpointError(f"{path.name} is damaged, so it was not loaded ({str(error)[:160]}).") from None
    made.card = meta["card"]
    return made


def shipped() -> dict[str, Path]:
    """Return the models that come with the project, by name."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.safetensors"))}


def bits(nats: float) -> float:
    """Return bits for nats."""
    return nats / math.log(2)
