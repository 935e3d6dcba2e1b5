"""Remarks on a set-up that is allowed but does not do what it seems to say."""

from rnncore.config import RunConfig
from rnncore.number_text import exact, number
from rnncore.training.optimizer import schedule_factor

JUMP = 1.5  # times the learning rate; less is no jump


def remarks(config: RunConfig) -> list[str]:
    """Say in one sentence each what has no effect."""
    if config.dropout and config.num_layers == 1:
        return [
            f"Dropout of {exact(config.dropout)} has no effect: it acts between layers, and there is one. Take two "
            "layers, or set it to 0."
        ]
    return []


def jump(before: RunConfig, after: RunConfig, step: int) -> str:
    """Say if a change makes the learning rate jump after `step` updates because its schedule spans all of them."""
    if after.schedule == "constant" or not 0 < step < after.steps or before.steps == after.steps:
        return ""
    old, new = (c.lr * schedule_factor(c.schedule, min(step - 1, c.steps) / c.steps) for c in (before, after))
    if max(old, new) < JUMP * min(old, new):
        return ""
    return (
        f"The schedule ({after.schedule}) spans the whole run: with {after.steps:,} updates instead of "
        f"{before.steps:,} the learning rate jumps from {number(old, 2)} to {number(new, 2)} at update {step + 1:,}. "
        "Change lr too if that is not meant."
    )
