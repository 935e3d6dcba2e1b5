"""The settings of the Gradients page: the networks it measures, and the way of looking at them."""

from functools import partial
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from playground.live.measurements import FEWEST_EXAMPLES, MEASURED_MEMORY
from playground.race.setup import Setup, read_setup, setup_settings
from playground.session.visit import Visit
from rnncore.config import RunConfig
from rnncore.settings import setting, settings
from rnncore.training.limits import Limits
from rnncore.training.run_state import MILESTONES

PAGE = "gradients"
LIMITS = Limits(  # nothing is trained with these settings, only measured
    update_seconds=1.0,
    update_memory=2**30,
    race_memory=2**30,
    parameters=300_000,
    trace_memory=MEASURED_MEMORY,
    trace_examples=FEWEST_EXAMPLES,
)
LOOKS = {
    "distance": "Distance",
    "length": "Sequence length",
    "every": "Loss at every step",
    "stretch": "Why",
    "share": "Sum over time",
    "clip": "Exploding",
}
NOW = -1
FIRST = {"task": "adding", "cell": "rnn,lstm,gru", "seq_len": 200, "hidden_size": 64}


class FlowView(BaseModel):
    """The way the gradients are looked at; none of it changes a network."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    look: Literal["distance", "length", "every", "stretch", "share", "clip"] = setting(
        "distance", group="run", label="Look at",
        help="The gradient by distance from the loss; over the sequence length; with a loss at every step; "
        "why it shrinks or grows; what each step adds to the weights' gradient; or a run that explodes, live.",
    )  # fmt: skip
    source: Literal["start", "mine"] = setting(
        "start", group="run", label="Networks",
        help="Networks as they start, made from the settings here; or those of your run on the Train page.",
    )  # fmt: skip
    layer: int = setting(
        0, group="run", label="Layer", ge=0, le=settings(RunConfig)["num_layers"].high,
        help="Which layer of a deep network is looked at, counted from the input; 0 is the last.",
    )  # fmt: skip
    direction: Literal["forward", "backward"] = setting(
        "forward", group="run", label="Direction",
        help="Which direction of a bidirectional network is looked at. The backward one reads from the end, and its "
        "steps are counted along its own way.",
    )  # fmt: skip
    at: int = setting(
        NOW, group="run", label="At update", ge=NOW, le=MILESTONES[-1],
        help="Which of the kept updates of your run is looked at; -1 is the present one.",
    )  # fmt: skip
    clipped: bool = setting(
        False, group="run", label="Clip gradients at 1",
        help="A gradient longer than this is scaled down to it, all weights together (Pascanu et al., 2013). Acts at "
        "once.",
    )  # fmt: skip
    swept: bool = setting(
        False, group="run", label="Measured over lengths",
        help="Whether the measurement over sequence lengths has been asked for; a link that says so begins with it.",
    )  # fmt: skip

    def part(self, num_layers: int) -> tuple[int, int]:
        """Return layer and direction, counted from 0, in a network of so many layers."""
        return min(self.layer or num_layers, num_layers) - 1, int(self.direction == "backward")


LOOKING = tuple(FlowView.model_fields)


class FlowVisit(Visit[Setup]):
    """The set-up of the Gradients page, which starts with longer and wider networks than the Train page's."""

    def apply_settings(self, raw: dict[str, Any]) -> None:
        """Fill in what this page starts with."""
        super().apply_settings({**FIRST, **raw} if raw.get("task", FIRST["task"]) == FIRST["task"] else raw)


visit = FlowVisit(
    PAGE, partial(read_setup, limits=LIMITS, view=FlowView), lambda raw: setup_settings(raw["task"], FlowView)
)


def change(name: str) -> None:
    """Take over the new value of a control."""
    raw = visit.chosen(name)
    if raw is None:
        return
    if name not in LOOKING:
        raw["swept"] = False  # asked for with other settings
    if name == "task":
        raw = {kept: raw[kept] for kept in ("task", "cell", "hidden_size", "init", "gain", "forget_bias", "look")}
    visit.apply_settings(raw)
