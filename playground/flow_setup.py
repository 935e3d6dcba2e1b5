"""What the Gradients page is set to: the networks it measures, and how it looks at them."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from playground.visit import Visit
from rnncore.limits import Limits
from rnncore.settings import setting

PAGE = "gradients"
LIMITS = Limits(update_seconds=0.4, parameters=300_000)
LOOKS = {
    "distance": "Distance",
    "length": "Sequence length",
    "every": "Loss at every step",
    "stretch": "Why",
    "share": "Sum over time",
    "clip": "Exploding",
}
FIRST = {"task": "adding", "cell": "rnn,lstm,gru", "seq_len": 200, "hidden_size": 64}


class FlowView(BaseModel):
    """How the gradients are looked at; none of it changes a network."""

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


class FlowVisit(Visit):
    """The set-up of the Gradients page, which starts with longer and wider networks than the Train page's."""

    def lay(self, raw: dict[str, Any]) -> None:
        """Fill in what this page starts with."""
        super().lay({**FIRST, **raw} if raw.get("task", FIRST["task"]) == FIRST["task"] else raw)


visit = FlowVisit(PAGE, LIMITS, FlowView)


def change(name: str) -> None:
    """Take over the new value of a control."""
    raw = visit.chosen(name)
    if raw is None:
        return
    if name == "task":
        raw = {kept: raw[kept] for kept in ("task", "cell", "hidden_size", "init", "gain", "forget_bias", "look")}
    visit.lay(raw)
