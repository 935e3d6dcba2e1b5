"""The settings of the Cell page: whose cell is looked at, at which step of which example, and in which way."""

import math
import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from playground.race.setup import read_value
from playground.session import state
from playground.session.visit import Visit
from rnncore.analysis.cell_network import Part, Place
from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.settings import setting, settings
from rnncore.tasks import TASKS

PAGE = "cell"
PARTS = {"forward": "reads forward", "backward": "reads from the end", "writing": "writes"}
LOOKS = {"fold": "Fold and unfold", "cell": "The cell opened", "backward": "Backward, slowly", "weights": "Weights"}
SOURCES = {"worked": "Worked example", "own": "Small network", "mine": "Trained network"}
MOST_COPIES, MOST_UNITS = 12, 4
TRAIN_PAGE = ""  # the networks that are on the Train page
EDIT = re.compile(r"([A-Za-z]\w*)\.(\d{1,3})(?:\.(\d{1,3}))?=(-?[0-9.]{1,12})")
MOST_EDITS, LARGEST = 100, 100.0


class CellView(BaseModel):
    """The cell that is looked at, and the way of looking; none of it changes a network on the Train page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    look: Literal["fold", "cell", "backward", "weights"] = setting(
        "cell", group="run", label="Look at",
        help="A cell with its loop and unrolled over time; a cell opened, with every number; the way of the gradient "
        "back through time; or how many weights there are.",
    )  # fmt: skip
    source: Literal["worked", "own", "mine"] = setting(
        "worked", group="run", label="Numbers",
        help="A worked example of a lecture; a small network with weights of your own; or a network that was trained.",
    )  # fmt: skip
    cell: Literal[*CELLS] = setting(  # type: ignore[valid-type]
        "lstm", group="network", label="Cell", help="Which kind of cell.",
    )  # fmt: skip
    units: int = setting(
        2, ge=1, le=MOST_UNITS, group="network", label="Units", help="How many units the small network has.",
    )  # fmt: skip
    seed: int = setting(
        0, ge=0, le=2**31 - 1, group="network", label="Seed", help="Decides weights and inputs of the small network.",
    )  # fmt: skip
    task: Literal["", *TASKS] = setting(  # type: ignore[valid-type]
        TRAIN_PAGE, group="task", label="Trained on",
        help="The networks that are on the Train page now, or the recorded ones of a task.",
    )  # fmt: skip
    layer: int = setting(
        0, ge=0, le=settings(RunConfig)["num_layers"].high, group="run", label="Layer",
        help="Which layer of a deep network is looked at, counted from the input. Unless chosen it is the first, for "
        "the gradient's way back the last.",
    )  # fmt: skip
    part: Literal["forward", "backward", "writing"] = setting(
        "forward", group="run", label="Which cell",
        help="The cell that reads forward; the one that reads from the end, whose steps are counted along its own way; "
        "or the one that writes.",
    )  # fmt: skip
    example: int = setting(
        1, ge=1, le=999, group="run", label="Example",
        help="Which held-out example the trained network reads, from 1; they go round.",
    )  # fmt: skip
    question: str = setting(
        "", max_length=300, group="run", label="Or an input of your own",
        help="What the trained network reads instead.",
    )  # fmt: skip
    step: int = setting(1, ge=1, le=10_000, group="run", label="Step", help="Which step is looked at.")
    unit: int = setting(1, ge=1, le=10_000, group="run", label="Unit", help="Which unit is looked at.")
    value: str = setting(
        "h", max_length=12, group="run", label="Value", help="Which value of the equations is looked at.",
    )  # fmt: skip
    copies: int = setting(
        1, ge=1, le=MOST_COPIES, group="run", label="Steps unrolled",
        help="Into how many copies the loop is unrolled; 1 shows the loop itself.",
    )  # fmt: skip
    truncate: int = setting(
        0, ge=0, le=1000, unit="steps", group="run", log=True, label="Truncate after",
        help="Truncated backpropagation: gradients flow back at most this many steps, counted from the end. At 0 a "
        "trained network is truncated as it was in training, others not at all.",
    )  # fmt: skip
    edited: str = setting(
        "", max_length=2500, group="network", label="Changed numbers",
        help="Numbers of the worked example or the small network that were changed, as name.row.column=value.",
    )  # fmt: skip

    def flat(self) -> dict[str, Any]:
        """Return every setting by name."""
        return self.model_dump()

    def place(self, depth: int) -> Part:
        """Return which cell of a network of so many layers is looked at."""
        if self.look == "backward":
            return Part(min(self.layer or depth, depth) - 1)
        return Part(min(self.layer or 1, depth) - 1, int(self.part == "backward"), self.part == "writing")

    @property
    def edits(self) -> dict[Place, float]:
        """The changed numbers by their place, counted from 0."""
        found = {}
        for name, row, column, value in EDIT.findall(self.edited):
            found[name, int(row) - 1, int(column) - 1 if column else None] = float(value)
        return found


def read_view(raw: Mapping[str, Any]) -> tuple[CellView, list[str]]:
    """Turn untrusted values into a view, and say in one sentence each what had to be changed. Never raises."""
    notices: list[str] = []
    values: dict[str, Any] = {}
    for name, known in settings(CellView).items():
        values[name], said = read_value(known, raw.get(name))
        notices += said
    parts = values["edited"].split()
    good = [part for part in parts if _is_edit(part)][:MOST_EDITS]
    if len(good) < len(parts):
        notices.append("Changed numbers that could not be read were left out.")
    values["edited"] = " ".join(good)
    if any(name not in CellView.model_fields for name in raw):
        notices.append("Settings that do not exist here were left out.")
    return CellView(**values), notices


def _is_edit(part: str) -> bool:
    found = EDIT.fullmatch(part)
    try:
        return found is not None and math.isfinite(float(found[4])) and abs(float(found[4])) <= LARGEST
    except ValueError:
        return False


visit = Visit(PAGE, read_view, lambda _: settings(CellView))
KEPT = ("look", "source", "cell", "task", "copies", "layer", "part")  # when another network comes


def change(name: str) -> None:
    """Take over the new value of a control; another network begins at its first step, without changed numbers."""
    raw = visit.chosen(name)
    if raw is None:
        return
    if name in ("source", "cell", "units", "seed", "task"):
        raw = {each: raw[each] for each in {*KEPT, name, "units", "seed"}}
    if name == "example":
        raw["question"] = ""
    visit.apply_settings(raw)


def put(**changes: Any) -> None:
    """Change settings by something else than their own controls."""
    visit.apply_settings({**visit.setup().flat(), **changes})


def control_key(name: str) -> str:
    """Return the key of a setting's control."""
    return f"{PAGE}.{name}"


def show(name: str, value: Any) -> str:
    """Have a setting's control show a value; return its key."""
    state.set_widget_value(control_key(name), value)
    return control_key(name)
