"""The Shakespeare page's set-up: which model writes what, and how fast; validated, from links and widgets alike."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import ConfigDict

from playground.language_models.shipped_models import PREFERRED, label, language, models, preferred
from playground.race.setup import read_value
from playground.session.visit import Visit
from rnncore.settings import Setting, setting, settings
from rnncore.text.sampling import Writing
from rnncore.text.units import FEATURES

PAGE = "shakespeare"
PER_SECOND = {"slow": 12.0, "medium": 60.0, "full": float("inf")}  # characters
BY_HAND = "any unit by hand"
LATE = 0  # place of the character that is looked at until a visitor has chosen one
TEMPERATURES = (0.3, 0.8, 1.3)  # careful, lively, wild


class ShakespeareSettings(Writing):
    """The text to be written, the shipped model that writes it, and the pace at which it appears."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    speed: Literal["slow", "medium", "full"] = setting(
        "medium", group="run", label="Speed", live=True,
        help="Slow: 12 characters a second, to talk over. Medium: 60. Full: as fast as the server can.",
    )  # fmt: skip
    many: Literal["one", "temperatures", "seeds"] = setting(
        "one", group="run", label="Texts",
        help="One text; the same opening at three temperatures; or three continuations of it, by three seeds.",
    )  # fmt: skip
    feature: Literal[*FEATURES, BY_HAND] = setting(  # type: ignore[valid-type]
        "inside a speaker's name", group="run", label="Units that tell",
        help="What the unit whose activation colours the text should tell; or any unit, chosen by hand.",
    )  # fmt: skip
    rank: int = setting(
        1, ge=1, le=5, group="run", label="Unit",
        help="Which of the units that tell it best, the best one first.",
    )  # fmt: skip
    layer: int = setting(1, ge=1, le=4, group="run", label="Layer", help="Counted from the input.")
    part: Literal["h", "c"] = setting(
        "h", group="run", label="Part",
        help="h is what the unit says to others; c is the LSTM's memory cell, which only the LSTM has.",
    )  # fmt: skip
    unit: int = setting(1, ge=1, le=2048, group="run", label="Unit number", help="Which unit of the layer.")
    at: int = setting(
        LATE, ge=LATE, le=5000, group="run", label="Character",
        help="Which of the written characters is looked at; until you choose one it is the most surprising of the last "
        "quarter.",
    )  # fmt: skip
    model: str = PREFERRED
    beside: str = ""

    def flat(self) -> dict[str, Any]:
        """Return every setting by name."""
        return self.model_dump()

    def each(self) -> list["ShakespeareSettings"]:
        """Return one set-up for each text that is asked for, side by side."""
        if self.many == "temperatures":
            return [self.model_copy(update={"temperature": temperature}) for temperature in TEMPERATURES]
        if self.many == "seeds":
            return [self.model_copy(update={"seed": (self.seed + i) % 2**31}) for i in range(3)]
        return [self]

    def changed_since(self, written: Sequence["ShakespeareSettings"]) -> list[str]:
        """Return the labels of what decides a text and differs from what these were written with."""
        names = ["Model"] if self.model != written[0].model else []
        if self.many != written[0].many:
            return [*names, "Texts"]
        pairs = [(now.writing, then.writing) for now, then in zip(self.each(), written, strict=True)]
        return names + [
            described()[name].label
            for name in Writing.model_fields
            if any(getattr(now, name) != getattr(then, name) for now, then in pairs)
        ]

    @property
    def writing(self) -> Writing:
        """The opening, without characters that the model has never seen, and how each character is drawn."""
        unknown = language(self.model).vocabulary.unknown(self.prime)
        readable = "".join(symbol for symbol in self.prime if symbol not in unknown)
        return Writing(**{name: getattr(self, name) for name in Writing.model_fields} | {"prime": readable})


def described() -> Mapping[str, Setting]:
    """Return the page's settings that have a control of their own."""
    return settings(ShakespeareSettings)


def read_settings(raw: Mapping[str, Any]) -> tuple[ShakespeareSettings, list[str]]:
    """Turn untrusted values into a set-up, and say in one sentence each what had to be changed. Never raises."""
    notices: list[str] = []
    values: dict[str, Any] = {}
    for name, known in described().items():
        values[name], said = read_value(known, raw.get(name))
        notices += said
    model, beside = raw.get("model", preferred()), raw.get("beside", "")
    if model not in models():
        model = preferred()
        notices.append(f"There is no such model: {label(model)} writes.")
    if beside not in models():
        beside = ""
    if language(model).vocabulary.unknown(values["prime"]):
        notices.append("The opening has characters that this model has never seen; it reads the opening without them.")
    if any(name not in ShakespeareSettings.model_fields for name in raw):
        notices.append("Settings that do not exist here were left out.")
    return ShakespeareSettings(**values, model=model, beside=beside), notices


visit = Visit(PAGE, read_settings, lambda _: described())


def change(name: str) -> None:
    """Take over the new value of a control."""
    raw = visit.chosen(name)
    if raw is not None:
        visit.apply_settings(raw)
