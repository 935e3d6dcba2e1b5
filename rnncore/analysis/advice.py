"""Advice that a page and the terminal give alike: on a run that diverged, and on a schedule that ends elsewhere."""

from dataclasses import dataclass
from typing import Any

from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.number_text import exact, number
from rnncore.tasks import TASKS
from rnncore.training.optimizer import schedule_factor
from rnncore.training.run import Run
from rnncore.training.run_state import Divergence
from rnncore.training.views import RunView

TRIED = 20  # updates; a later blow-up would take too long to try


def divergence(blown: Divergence) -> str:
    """Say at which update training blew up, and with what figures; the sentence goes on from a network's name."""
    if not blown.step:
        return f"blew up before its first update: its very first answers have a loss of {number(blown.loss, 3)}."
    return (
        f"diverged at update {blown.step:,}: loss {number(blown.loss)}, gradient norm "
        f"{number(blown.grad_norm)}, learning rate {exact(blown.lr)}. Its training stopped by itself."
    )


@dataclass(frozen=True)
class Remedy:
    """A change that helps a run that diverged: in words, and as settings."""

    words: str
    changes: dict[str, Any]


def remedies(run: RunView) -> list[Remedy]:
    """Return what helps a run that diverged, each of them enough alone.

    Where the very first answers overflow, no update has done harm, so neither clipping nor the learning rate can help:
    the start can, another activation, or a shorter sequence. What blew up within 20 updates is tried out: only changes
    with which the same run gets past that update are named.
    """
    config, blown = run.config, run.divergence
    if blown is None:
        return []
    found = []
    if run.step:
        found += smaller_updates(config)
    elif not config.clip_norm and run.held_loss is not None:
        found.append(Remedy("clipping gradients at 1", {"clip_norm": 1.0}))
    if config.init != "default":
        if config.gain > 1:
            found.append(Remedy(f"a gain of 1 in place of {exact(config.gain)}", {"gain": 1.0}))
        found.append(Remedy("PyTorch's own small start", {"init": "default"}))
    if (instead := CELLS[config.cell].instead) is not None:
        found.append(Remedy(instead[0], {"cell": instead[1]}))
    shorter = max(config.seq_len // 4, TASKS[config.task].seq_len_range[0])
    if not run.step and shorter < config.seq_len:
        found.append(Remedy(f"sequences a quarter as long ({shorter})", {"seq_len": shorter}))
    if blown.step > TRIED:
        return found
    tried = [each for each in found if _gets_past(config, each, blown.step)]
    return tried or [each for each in _together(config, found) if _gets_past(config, each, blown.step)][:1]


def smaller_updates(config: RunConfig) -> list[Remedy]:
    """Return what keeps single updates small."""
    clipped = [] if config.clip_norm else [Remedy("clipping gradients at 1", {"clip_norm": 1.0})]
    return [*clipped, Remedy(f"a learning rate ten times smaller ({number(config.lr / 10)})", {"lr": config.lr / 10})]


def _together(config: RunConfig, found: list[Remedy]) -> list[Remedy]:
    """Return changes at once, for a run that none of them helps alone; the smallest first."""
    clip = {} if config.clip_norm else {"clip_norm": 1.0}
    said = "clipping gradients at 1 and " if clip else ""
    slower = [
        Remedy(f"{said}a learning rate {by} times smaller ({number(config.lr / by)})", {**clip, "lr": config.lr / by})
        for by in (10, 100, 1000)
    ]
    return [
        *slower,
        Remedy(" and ".join(each.words for each in found), {k: v for e in found for k, v in e.changes.items()}),
    ]


def _gets_past(config: RunConfig, remedy: Remedy, step: int) -> bool:
    """Return whether a fresh run with this change goes on beyond an update."""
    try:
        tried = Run(config.with_(**remedy.changes))
    except ConfigError:
        return False
    tried.advance(steps=step + 5)
    return tried.divergence is None


def advice(run: RunView) -> str:
    """Say what helps a run that diverged."""
    found = remedies(run)
    return usually(found) if found else "No change that was tried helps: begin with the recommended settings."


def usually(found: list[Remedy]) -> str:
    """Return remedies as a sentence."""
    return f"What usually helps: {', or '.join(each.words for each in found)}."


def schedule_change(before: RunConfig, after: RunConfig, step: int) -> str:
    """Say what the learning rate does where a run goes on to another last update than it had; "" if nothing.

    Parameters
    ----------
    before, after
        The run's settings with the old and the new number of updates.
    step
        The update after which the change is made.
    """
    if after.schedule == "constant" or before.steps == after.steps or step >= after.steps:
        return ""
    old = before.lr * schedule_factor(before.schedule, min(1.0, step / before.steps))
    new = after.lr * schedule_factor(after.schedule, step / after.steps)
    curve = "half cosine" if after.schedule == "cosine" else "line"
    return (
        f"The learning rate was {number(old, 2)} here; stretched to {after.steps:,} updates, its {curve} "
        f"{'jumps up' if new > old else 'drops'} to {number(new, 2)} and falls to 0 from there."
    )
