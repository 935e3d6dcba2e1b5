"""The settings of the Memory page: whose networks are looked at, and in which way."""

from functools import partial
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from playground.live.process import LIMITS
from playground.race import own_race
from playground.race.setup import Setup, read_setup, setup_settings
from playground.session.visit import Visit
from rnncore.analysis.states import Place
from rnncore.config import RunConfig
from rnncore.settings import setting, settings
from rnncore.training.race import MAX_CELLS
from rnncore.training.run_state import MILESTONES

PAGE = "memory"
NOW = -1
LOOKS = {"probe": "What is remembered", "cut": "Cut the memory", "space": "States as a space", "eigen": "Eigenvalues"}
WHAT = {"zero": "set the state to 0", "remove": "remove one unit", "freeze": "hold one unit", "swap": "swap two states"}
LONGEST = settings(RunConfig)["seq_len"].high


class MemoryView(BaseModel):
    """The way the memory is looked at; none of it changes a network."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    look: Literal["probe", "cut", "space", "eigen"] = setting(
        "probe", group="run", label="Look at",
        help="How much can be read back from the state later; what an answer loses without it; the states as points in "
        "a space; or the eigenvalues of the matrix that carries it from step to step.",
    )  # fmt: skip
    at: int = setting(
        NOW, group="run", label="At update", ge=NOW, le=MILESTONES[-1],
        help="At which of the kept updates the networks are looked at; -1 is the present one.",
    )  # fmt: skip
    network: int = setting(
        0, group="run", label="Network", ge=0, le=MAX_CELLS,
        help="Which network of the race is looked at where there is room for one, counted from 1; 0 is the last.",
    )  # fmt: skip
    state: Literal["h", "c"] = setting(
        "h", group="run", label="State",
        help="The hidden state h, which others see, or the cell state c of an LSTM. Other cells have h alone.",
    )  # fmt: skip
    layer: int = setting(
        0, group="run", label="Layer", ge=0, le=settings(RunConfig)["num_layers"].high,
        help="Which layer of a deep network is looked at, counted from the input; 0 is the last.",
    )  # fmt: skip
    colour: Literal["remembered", "class", "step"] = setting(
        "remembered", group="run", label="Colour by",
        help="By what is to be remembered of each example; by its right answer; or by the step.",
    )  # fmt: skip
    dimensions: Literal["2", "3"] = setting(
        "2", group="run", label="Dimensions", help="How many principal components are drawn; three can be turned.",
    )  # fmt: skip
    example: int = setting(
        1, group="run", label="Example", ge=1, le=9999, help="Which held-out example is looked at, counted from 1.",
    )  # fmt: skip
    step: int = setting(
        0, group="run", label="After step", ge=0, le=LONGEST,
        help="The step after which the state is looked at or changed, counted from 1; 0 is the one at which the thing "
        "to remember was read, or, where the memory is cut, the first after it at which the answers change.",
    )  # fmt: skip
    what: Literal["zero", "remove", "freeze", "swap"] = setting(
        "zero", group="run", label="Do what",
        help="Set the whole state to 0 once; hold one unit at 0, or at its value, from that step on; or give the "
        "network the state of another example.",
    )  # fmt: skip
    unit: int = setting(
        1, group="run", label="Unit", ge=1, le=settings(RunConfig)["hidden_size"].high,
        help="Which unit is held, counted from 1.",
    )  # fmt: skip
    other: int = setting(
        2, group="run", label="Other example", ge=1, le=9999, help="Whose state is put in, counted from 1.",
    )  # fmt: skip

    @property
    def place(self) -> Place:
        """The state that is looked at."""
        return Place(self.layer - 1, self.state)


class MemoryVisit(Visit[Setup]):
    """The set-up of the Memory page, which starts with the task of this tab's race."""

    def apply_settings(self, raw: dict[str, Any]) -> None:
        """Fill in what this page starts with."""
        mine = own_race.entry() if "task" not in raw else None
        if mine is not None:
            view = mine.view()
            raw = {**view.config.flat(), "cell": ",".join(view.cells), **raw}
        super().apply_settings(raw)


visit = MemoryVisit(
    PAGE, partial(read_setup, limits=LIMITS, view=MemoryView), lambda raw: setup_settings(raw["task"], MemoryView)
)


def change(name: str) -> None:
    """Take over the new value of a control."""
    raw = visit.chosen(name)
    if raw is None:
        return
    if name == "task":
        mine = own_race.entry()
        own = mine is not None and mine.view().config.task == raw["task"]
        kept = {each: raw[each] for each in ("look", "state", "colour", "dimensions", "what")}
        raw = kept if own else {"task": raw["task"], **kept}
    visit.apply_settings(raw)


def apply(**changes: Any) -> None:
    """Change some settings at once."""
    visit.apply_settings({**visit.setup().flat(), **changes})
