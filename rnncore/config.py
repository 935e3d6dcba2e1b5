"""RunConfig: the one description of a training run, from which everything else derives."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from rnncore.cells import CELLS
from rnncore.errors import ConfigError
from rnncore.number_text import exact
from rnncore.settings import Setting, setting, settings
from rnncore.tasks import TASKS, Task
from rnncore.tasks.shuffle import Shuffle

DECIDES_TASK = ("task", "seq_len", "options")
BUILT = "built_task"
Optimizer = Literal["adam", "adamw", "sgd", "rmsprop"]
Schedule = Literal["constant", "linear", "cosine"]
Init = Literal["default", "orthogonal", "identity"]


class RunConfig(BaseModel):
    """Everything that determines a run; two equal configs give the same losses, bit for bit on one machine.

    Flat in links, files and flags: the fields below, and beside them the fields of the task's own `Options`,
    which this model keeps in `options`. A field that is left out takes the task's recommended value, and
    failing that the default below.

    Raises
    ------
    ConfigError
        From `from_flat`, with one sentence that names the setting, what was expected and what was found.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    task: str = setting("adding", label="Task", help="The problem the network must solve.", group="task")
    cell: str = setting("lstm", label="Cell", help="The kind of recurrent unit.", group="task")
    hidden_size: int = setting(
        32, ge=1, le=1024, unit="units", group="network", log=True, label="Hidden size",
        help="Numbers in the network's memory: units per layer. More can hold more, and cost more time.",
    )  # fmt: skip
    num_layers: int = setting(
        1, ge=1, le=4, unit="layers", group="network", label="Layers",
        help="Recurrent layers stacked on one another; each reads the outputs of the one below.",
    )  # fmt: skip
    bidirectional: bool = setting(
        False, group="network", label="Bidirectional",
        help="A second network reads the sequence backwards. It sees the future, so it only helps where that is given.",
    )  # fmt: skip
    dropout: float = setting(
        0.0, ge=0, le=0.9, group="network", label="Dropout",
        help="Share of values switched off at random between layers while training, against over-fitting. "
        "Needs two layers or more.",
    )  # fmt: skip
    bias: bool = setting(
        True, group="network", label="Bias", help="Whether units have a constant input of their own.",
    )  # fmt: skip
    window: int = setting(
        10, ge=1, le=64, unit="steps", group="network", log=True, label="Window",
        help="Feed-forward network only: how many of the last inputs it sees at once.",
    )  # fmt: skip
    seq_len: int = setting(
        50, ge=2, le=1000, unit="steps", group="data", log=True, label="Sequence length",
        help="Steps per example. The longer, the further the network must remember.",
    )  # fmt: skip
    batch_size: int = setting(
        32, ge=1, le=512, unit="examples", group="data", log=True, label="Batch size",
        help="Examples per update. More give a steadier direction and cost more time.",
    )  # fmt: skip
    shuffle: Shuffle = setting(
        "none", group="data", label="Shuffle steps",
        help="The inputs of each example in another order: the same one for all examples, or a new one each time. "
        "A problem that lives on order can then no longer be learned; the reference lines are those of the order kept.",
    )  # fmt: skip
    optimizer: Optimizer = setting(
        "adam", group="training", label="Optimiser",
        help="The rule that turns gradients into weight changes.",
    )  # fmt: skip
    lr: float = setting(
        0.01, ge=1e-6, le=10, group="training", label="Learning rate", live=True, log=True,
        help="Size of each update. Too small: slow. Too large: the loss explodes.",
    )  # fmt: skip
    momentum: float = setting(
        0.9, ge=0, le=0.999, group="training", label="Momentum",
        help="SGD only: how much of the last update's direction is kept.",
    )  # fmt: skip
    schedule: Schedule = setting(
        "constant", group="training", label="Schedule",
        help="How the learning rate changes over the run: not at all, or down to zero along a line or a half cosine.",
    )  # fmt: skip
    clip_norm: float = setting(
        1.0, ge=0, le=1000, group="training", label="Clip gradients at", live=True, log=True,
        help="Longest allowed gradient (norm over all weights); a longer one is scaled down to it. 0 switches it off.",
    )  # fmt: skip
    truncate: int = setting(
        0, ge=0, le=1000, unit="steps", group="training", log=True, label="Truncate after",
        help="Truncated backpropagation: gradients flow back at most this many steps. 0 lets them flow all the way.",
    )  # fmt: skip
    init: Init = setting(
        "default", group="initialisation", label="Initialisation",
        help="Where the weights start: PyTorch's small uniform numbers, orthogonal matrices, or the identity (IRNN).",
    )  # fmt: skip
    gain: float = setting(
        1.0, ge=0, le=5, group="initialisation", label="Gain",
        help="Factor on the recurrent matrix of an orthogonal or identity start.",
    )  # fmt: skip
    forget_bias: float = setting(
        1.0, ge=-5, le=10, group="initialisation", label="Forget bias",
        help="Added to an LSTM's forget gate at the start. 1 or more holds the gate open, so memory lasts; "
        "0 is PyTorch's default.",
    )  # fmt: skip
    seed: int = setting(
        0, ge=0, le=2**31 - 1, group="data", label="Seed",
        help="Number from which all chance is drawn: weights, data, dropout. Same seed, same run.",
    )  # fmt: skip
    steps: int = setting(
        2000, ge=1, le=100_000, unit="updates", group="run", live=True, log=True, label="Stop after",
        help="The run ends after this many updates.",
    )  # fmt: skip
    target: float | None = setting(
        None, ge=-1e6, le=1e6, group="run", live=True, label="Stop at",
        help="The run also ends when the held-out metric is this good. Empty: it does not.",
    )  # fmt: skip
    options: dict[str, Any] = {}

    @model_validator(mode="before")
    @classmethod
    def _fill_recommended(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        task = data.get("task", cls.model_fields["task"].default)
        return {**TASKS[task].recommended, **data} if isinstance(task, str) and task in TASKS else data

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        CELLS[self.cell]
        task = TASKS[self.task]
        low, high = task.seq_len_range
        if not low <= self.seq_len <= high:
            raise ConfigError(f"'seq_len' of {task.label} must be {low} to {high}, not {self.seq_len}.")
        try:
            checked = task.Options.model_validate(self.options)
        except ValidationError as error:
            raise ConfigError(refusal(error, settings(task.Options))) from None
        object.__setattr__(self, "options", checked.model_dump())
        return self

    def build_task(self) -> Task:
        """Return the task, ready to draw batches."""
        task = TASKS[self.task]
        return task(self.seq_len, task.Options.model_validate(self.options))

    @property
    def built_task(self) -> Task:
        """The task, built once for this config and kept, for all who ask for its sizes and words."""
        found: Task | None = self.__dict__.get(BUILT)
        if found is None:
            found = self.__dict__[BUILT] = self.build_task()  # where `functools.cached_property` keeps it, without lock
        return found

    def flat(self) -> dict[str, Any]:
        """Return all settings in one level, the task's own beside the common ones."""
        values = self.model_dump()
        options = values.pop("options")
        return {**values, **options}

    @classmethod
    def from_flat(cls, values: Mapping[str, Any]) -> "RunConfig":
        """Build a config from settings in one level; text such as ``"0.01"`` or ``"true"`` is understood."""
        known = all_settings(str(values.get("task", cls.model_fields["task"].default)))
        own = cls.model_fields.keys()
        for name in values:
            if name not in known:
                raise ConfigError(f"There is no setting called {str(name)[:40]!r}: choose from {', '.join(known)}.")
        values = {name: None if value == "" and known[name].optional else value for name, value in values.items()}
        options = {name: value for name, value in values.items() if name not in own}
        common = {name: value for name, value in values.items() if name in own}
        try:
            return cls.model_validate({**common, "options": options})
        except ValidationError as error:
            raise ConfigError(refusal(error, known)) from None

    def with_(self, **changes: Any) -> "RunConfig":
        """Return a copy with some settings changed, validated again."""
        fresh = self.from_flat({**self.flat(), **changes})
        if BUILT in self.__dict__ and all(getattr(fresh, name) == getattr(self, name) for name in DECIDES_TASK):
            fresh.__dict__[BUILT] = self.__dict__[BUILT]
        return fresh


def all_settings(task: str) -> Mapping[str, Setting]:
    """Return the common settings and those of one task, by name, with this task's defaults and bounds."""
    return _settings_for(TASKS[task], task)


@cache
def _settings_for(kind: type[Task], task: str) -> Mapping[str, Setting]:
    found = {**settings(RunConfig), **settings(kind.Options)}
    found["task"] = replace(found["task"], default=task)
    for name, value in kind.recommended.items():
        found[name] = replace(found[name], default=value)
    low, high = kind.seq_len_range
    found["seq_len"] = replace(found["seq_len"], low=low, high=high, label=kind.seq_len_label)
    return MappingProxyType(found)


def refusal(error: ValidationError, known: Mapping[str, Setting]) -> str:
    """Return pydantic's first complaint as one sentence: which setting, what was expected, what was found."""
    first = error.errors()[0]
    name = str(first["loc"][0])
    if name not in known:
        return f"There is no setting called {name[:40]!r}: choose from {', '.join(known)}."
    return f"'{name}' must be {expected(known[name])}, not {quoted(first['input'])}."


def quoted(value: Any) -> str:
    """Return in quotes what was found in place of a setting, cut to a sentence's length."""
    try:
        return repr(str(value)[:40])
    except ValueError:  # Python prints no whole number of more than 4300 digits
        return "a number of thousands of digits"


def _bound(value: float | None) -> str:
    return "" if value is None else exact(value, grouped=True)


def expected(s: Setting) -> str:
    """Say in words which values a setting takes: "a whole number from 1 to 4"."""
    if s.kind == "choice":
        return "one of " + ", ".join(s.choices)
    if s.kind == "bool":
        return "true or false"
    if s.kind == "text":
        return f"text of at most {s.max_length:,} characters" if s.max_length else "text"
    number = "a whole number" if s.kind == "int" else "a number"
    return f"{number} from {_bound(s.low)} to {_bound(s.high)}" + (" or empty" if s.optional else "")
