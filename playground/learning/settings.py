"""The settings of the page Learning to write: which network learns which text, and how; validated."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from playground.language_models import shipped_models
from playground.live.process import LIMITS
from playground.race.setup import read_value
from playground.session.visit import Visit
from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.networks.sequence_model import count_parameters
from rnncore.settings import Setting, setting, settings
from rnncore.text.corpora import CORPORA
from rnncore.text.sampling import Writing
from rnncore.training.limits import fit

PAGE = "learning"
SCRATCH = "scratch"
OWN = "own"
NEWEST = -1
RECURRENT = tuple(name for name in CELLS if CELLS[name].recurrent)
BATCH, SEQ_LEN = 16, 64
EARLIER_OPENING = "ROMEO:\n"  # stood in every link of earlier versions, whatever the text
SAMPLE = 400  # characters
ASKED = ("text", "begin", "cell", "hidden_size", "num_layers", "seed", "prime", "temperature")  # what needs a reset


class LearningSettings(BaseModel):
    """A network, a text, and how the one learns the other."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    text: Literal[*CORPORA, OWN] = setting(  # type: ignore[valid-type]
        "play", group="run", label="Text", help="What is learned: nine tenths of it. The last tenth is held out.",
    )  # fmt: skip
    cell: Literal[*RECURRENT] = setting(  # type: ignore[valid-type]
        "lstm", group="network", label="Cell", help="The kind of recurrent unit; see the Reference.",
    )  # fmt: skip
    hidden_size: int = setting(
        128, ge=8, le=320, group="network", label="Hidden size", unit="units", log=True,
        help="How many hidden units each layer has.",
    )  # fmt: skip
    num_layers: int = setting(
        1, ge=1, le=3, group="network", label="Layers", help="How many recurrent layers stand on one another.",
    )  # fmt: skip
    lr: float = setting(
        0.005, ge=1e-5, le=0.1, group="training", label="Learning rate", log=True, live=True,
        help="How far each update goes (Adam). A trained model that goes on learning wants a smaller one, such as "
        "0.0005.",
    )  # fmt: skip
    speed: Literal["slow", "medium", "full"] = setting(
        "full", group="run", label="Speed", live=True,
        help="Slow: 4 updates a second, to talk over. Medium: 30. Full: as fast as the server can.",
    )  # fmt: skip
    prime: str = setting(
        "", max_length=100, group="run", label="Opening of the samples", unit="characters",
        help="What each sample begins with. Leave it empty for the text's own: how its paragraphs most often begin.",
    )  # fmt: skip
    temperature: float = setting(
        0.8, ge=0, le=3, group="run", label="Temperature", help="Of the samples; see the Shakespeare page.",
    )  # fmt: skip
    seed: int = setting(
        0, ge=0, le=2**31 - 1, group="run", label="Seed",
        help="Decides the first weights, the order of the text and the draws: same seed, same losses, same samples.",
    )  # fmt: skip
    steps: int = setting(
        3000, ge=10, le=100_000, group="run", label="Stop after", unit="updates", live=True, log=True,
        help="The study ends after this many updates; it can be given more.",
    )  # fmt: skip
    at: int = setting(
        NEWEST, ge=NEWEST, le=30_000, group="run", label="Sample after update", live=True,
        help="Which of the kept samples is shown; -1 the newest.",
    )  # fmt: skip
    begin: str = SCRATCH

    def flat(self) -> dict[str, Any]:
        """Return every setting by name."""
        return self.model_dump()

    @property
    def asked(self) -> dict[str, Any]:
        """The settings that decide the losses and samples, beside the learning rate."""
        return {name: getattr(self, name) for name in ASKED}

    @property
    def config(self) -> RunConfig:
        """The training, and the network if it begins from scratch; pieces fit the server's limits."""
        common: dict[str, Any] = {"task": "text", "lr": self.lr, "optimizer": "adam", "clip_norm": 1.0,
                                  "batch_size": BATCH, "seq_len": SEQ_LEN, "seed": self.seed, "dropout": 0.0,
                                  "steps": self.steps}  # fmt: skip
        if self.begin != SCRATCH:
            return fit(shipped_models.language(self.begin).config.with_(**common), LIMITS)[0]
        network = {"cell": self.cell, "hidden_size": self.hidden_size, "num_layers": self.num_layers}
        return fit(RunConfig.from_flat({**common, **network}), LIMITS)[0]

    @property
    def writing(self) -> Writing:
        """The opening of the samples, and the way their characters are drawn."""
        return Writing(prime=self.prime, length=SAMPLE, temperature=self.temperature, seed=self.seed)


@lru_cache(maxsize=1)
def beginnings() -> list[str]:
    """Return from what a network can begin: from scratch, or a shipped model small enough to be trained here."""
    weights = {name: count_parameters(shipped_models.language(name).model) for name in shipped_models.models()}
    return [SCRATCH, *(name for name, count in weights.items() if count <= LIMITS.parameters)]


def described() -> Mapping[str, Setting]:
    """Return the page's settings that have a control of their own."""
    return settings(LearningSettings)


def read_settings(raw: Mapping[str, Any]) -> tuple[LearningSettings, list[str]]:
    """Turn untrusted values into a set-up, and say in one sentence each what had to be changed. Never raises."""
    notices: list[str] = []
    values: dict[str, Any] = {}
    for name, known in described().items():
        values[name], said = read_value(known, raw.get(name))
        notices += said
    begin = raw.get("begin", SCRATCH)
    if begin not in beginnings():
        begin = SCRATCH
        notices.append("There is no such model to begin with: the network begins from scratch.")
    if any(name not in LearningSettings.model_fields for name in raw):
        notices.append("Settings that do not exist here were left out.")
    made = LearningSettings(**values, begin=begin)
    width = made.config.hidden_size
    if begin == SCRATCH and width < made.hidden_size:
        notices.append(f"Hidden size {made.hidden_size} is more than this server gives here: {width} is used.")
        made = made.model_copy(update={"hidden_size": width})
    return made, notices


visit = Visit(PAGE, read_settings, lambda _: described())
