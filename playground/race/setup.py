"""Setup: what the Train page is set to, validated; the one form that links, widgets and runs share."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from playground.components.numbers import exact
from rnncore.cells import CELLS
from rnncore.config import RunConfig, all_settings, expected
from rnncore.errors import PlaygroundError
from rnncore.networks.sizing import equal_parameters
from rnncore.settings import Setting, setting, settings
from rnncore.tasks import TASKS
from rnncore.training.limits import FITTED, Limits, fit
from rnncore.training.race import MAX_CELLS

DEFAULT_CELLS = ("rnn", "lstm", "gru")


class View(BaseModel):
    """The way a race is run and looked at; none of it changes a single loss."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    equal: bool = setting(
        False, group="network", label="Equal parameters",
        help="Widens the smaller cells until all have about as many weights as the largest. "
        "At equal width an LSTM has four times the weights of a vanilla RNN.",
    )  # fmt: skip
    speed: Literal["slow", "medium", "full"] = setting(
        "full", group="run", label="Speed",
        help="Slow: 4 updates a second, to talk over. Medium: 30. Full: as fast as the server can.", live=True,
    )  # fmt: skip
    x_axis: Literal["updates", "examples", "seconds"] = setting(
        "updates", group="run", label="Across", live=True,
        help="Updates; training examples seen; or seconds of processor time that each cell's own updates took.",
    )  # fmt: skip
    scale: Literal["log", "linear"] = setting(
        "log", group="run", label="Scale", live=True,
        help="Logarithmic shows small losses as clearly as large ones; linear shows true distances.",
    )  # fmt: skip
    beside: Literal["answers", "inside"] = setting(
        "answers", group="run", label="Beside the curve", live=True,
        help="Answers: held-out examples with what each network answers. Inside: the networks unrolled over one "
        "example, with their states at every step.",
    )  # fmt: skip
    inside_example: int = setting(
        1, ge=1, le=999, group="run", label="Example seen inside", live=True,
        help="Which held-out example the networks are unrolled over, from 1; they go round.",
    )  # fmt: skip
    inside_step: int = setting(
        0, ge=0, le=9999, group="run", label="Step followed inside", live=True,
        help="The step, from 1, whose input is followed to the end; 0 is the first that the task marks.",
    )  # fmt: skip
    inside_layer: int = setting(
        0, ge=0, le=4, group="run", label="Layer seen inside", live=True,
        help="Which layer of a deep network is shown, from 1; 0 is the last one.",
    )  # fmt: skip
    inside_question: str = setting(
        "", max_length=300, group="run", label="Or an input of your own", live=True,
        help="What the networks are unrolled over in place of a held-out example.",
    )  # fmt: skip


VIEW_ONLY = tuple(name for name, described in settings(View).items() if described.live)


@dataclass(frozen=True)
class Setup:
    """One to four cells, the settings they share (`config`, whose own `cell` is the first), and the view."""

    cells: tuple[str, ...]
    config: RunConfig
    view: Any

    def flat(self) -> dict[str, Any]:
        """Return every setting by name; `cell` lists all cells, separated by commas."""
        return {**self.config.flat(), "cell": ",".join(self.cells), **self.view.model_dump()}

    @cached_property
    def configs(self) -> list[RunConfig]:
        """The config of each run of the race."""
        each = [self.config.with_(cell=cell) for cell in self.cells]
        return equal_parameters(each) if getattr(self.view, "equal", False) else each


def setup_settings(task: str, view: type[BaseModel] = View) -> dict[str, Setting]:
    """Return every setting that a set-up of this task has, by name; `view` is the page's own part."""
    return {**all_settings(task), **settings(view)}


def read_setup(
    raw: Mapping[str, Any], limits: Limits | None = None, view: type[BaseModel] = View
) -> tuple[Setup, list[str]]:
    """Turn untrusted values into a valid set-up, and say in one sentence each what had to be changed.

    Whatever is unknown is left out, whatever is out of range is moved to the nearest bound, whatever cannot be
    read takes its default, and a set-up beyond the server's limits is made smaller. Never raises.
    The sentences repeat plain names and numbers only, never other text from outside.
    """
    notices: list[str] = []
    task = str(raw.get("task", RunConfig.model_fields["task"].default))
    if task not in TASKS:
        task = RunConfig.model_fields["task"].default
        notices.append(f"There is no such task: {TASKS[task].label} is shown.")
    known = setup_settings(task, view)
    unknown = [name for name in raw if name not in known]
    if unknown:
        shown = [name for name in unknown[:5] if re.fullmatch(r"[a-z_]{1,24}", str(name))]
        notices.append(f"Settings that do not exist here were left out{': ' * bool(shown)}{', '.join(shown)}.")
    cells, notice = _read_cells(raw.get("cell"))
    notices += notice
    values: dict[str, Any] = {}
    for name, described in known.items():
        if name not in ("task", "cell"):
            values[name], notice = read_value(described, raw.get(name))
            notices += notice
    look = view(**{name: values.pop(name) for name in view.model_fields})
    config, refusal = _first_valid(_attempts({**values, "task": task, "cell": cells[0]}, known))
    if refusal:
        said = f"{known['seq_len'].label} "  # what follows takes back what was said of it
        notices = [notice for notice in notices if not notice.startswith(said)]
        notices.append(f"{refusal} The recommended ones are used instead.")
    if limits:
        config, shrunk = _fit_all(Setup(cells, config, look), limits)
        notices = [said for said in notices if not any(said.startswith(label) for label in shrunk)]
        notices += shrunk.values()
    return Setup(cells, config, look), notices


def _attempts(asked: dict[str, Any], known: Mapping[str, Setting]) -> list[dict[str, Any]]:
    """Return what to try, one after the other: all that was asked for, then less and less of the task's own settings.

    A person's text or table goes last: all other settings are easier to come by.
    """
    common = {name: value for name, value in asked.items() if name in RunConfig.model_fields and name != "seq_len"}
    texts = {name: value for name, value in asked.items() if name not in common and known[name].kind == "text"}
    reading = {name: value for name, value in asked.items() if name not in common and known[name].group == "table"}
    return [asked, {**common, **texts, **reading}, {**common, **texts}, common]


def _first_valid(attempts: list[dict[str, Any]]) -> tuple[RunConfig, str]:
    """Return the first config that its task accepts, and why it refuses the first one asked for, or ""."""
    refusal = ""
    for values in attempts[:-1]:
        try:
            config = RunConfig.from_flat(values)
            _ = config.built_task
        except PlaygroundError as error:
            refusal = refusal or str(error)
        else:
            return config, refusal
    return RunConfig.from_flat(attempts[-1]), refusal


def _fit_all(setup: Setup, limits: Limits) -> tuple[RunConfig, dict[str, str]]:
    """Shrink the shared settings until every cell is within the limits; say it, by the setting's label."""
    config, before = setup.config, None
    while config != before:  # networks of equal weight each get another hidden size when the shared one changes
        config, before = _shrunk(Setup(setup.cells, config, setup.view), limits), config
    known = setup_settings(config.task)
    return config, {
        known[name].label: f"{known[name].label} {getattr(setup.config, name):,} is more than this server gives "
        f"for such a network: {getattr(config, name):,} is used."
        for name in FITTED
        if getattr(setup.config, name) != getattr(config, name)
    }


def _shrunk(setup: Setup, limits: Limits) -> RunConfig:
    config = setup.config
    for each in setup.configs:
        fitted, _ = fit(each, limits, len(setup.configs))
        for name in FITTED:
            change = getattr(fitted, name) / getattr(each, name)
            if change < 1:
                low = TASKS[config.task].seq_len_range[0] if name == "seq_len" else 1
                smaller = max(low, int(getattr(setup.config, name) * change))
                config = config.with_(**{name: min(getattr(config, name), smaller)})
    return config


def _read_cells(raw: Any) -> tuple[tuple[str, ...], list[str]]:
    if raw is None:
        return DEFAULT_CELLS, []
    asked = [name.strip() for name in str(raw).split(",") if name.strip()]
    found = tuple(dict.fromkeys(name for name in asked if name in CELLS))
    if not found:
        return DEFAULT_CELLS, ["The link named no cell that exists here: three common ones are shown."]
    notices = ["Cells that do not exist here were left out."] if any(name not in CELLS for name in asked) else []
    if len(found) > MAX_CELLS:
        notices.append(f"A race has at most {MAX_CELLS} cells: the first {MAX_CELLS} are shown.")
    return found[:MAX_CELLS], notices


def read_value(s: Setting, raw: Any) -> tuple[Any, list[str]]:
    """Return a value that the setting allows, and a sentence if it is not the one asked for."""
    if raw is None or (s.optional and raw in ("", "None")):
        return (s.default if raw is None else None), []
    refused = [f"{s.label} must be {expected(s)}: {short(s.default)} is used."]
    if s.kind == "bool":
        truth = {"true": True, "1": True, "false": False, "0": False}.get(str(raw).lower())
        return (s.default, refused) if truth is None else (truth, [])
    if s.kind == "choice":
        return (raw, []) if raw in s.choices else (s.default, refused)
    if s.kind == "text":
        text = str(raw)
        too_long = s.max_length is not None and len(text) > s.max_length
        notice = [f"{s.label} was cut to its first {s.max_length:,} characters."] if too_long else []
        return text[: s.max_length], notice
    try:
        number = float(str(raw)[:40])
    except ValueError:
        return s.default, refused
    if not math.isfinite(number):
        return s.default, refused
    low, high = s.low if s.low is not None else -math.inf, s.high if s.high is not None else math.inf
    value: float = min(max(number, low), high)
    if s.kind == "int":
        value = round(value)
    moved = [] if value == number else [f"{s.label} must be {expected(s)}: {exact(value, grouped=True)} is used."]
    return value, moved


def short(value: Any) -> str:
    """Return a setting's value in a few letters: "on", "none", "0.01"."""
    if isinstance(value, str) and len(value) > 30:
        return "the built-in text"
    if isinstance(value, bool | None):
        return {True: "on", False: "off", None: "none"}[value]
    return exact(value) if isinstance(value, int | float) else str(value)
