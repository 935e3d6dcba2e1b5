"""What a page and the terminal say alike: of a run that diverged, and of a schedule that ends at another update."""

from rnncore.config import RunConfig
from rnncore.measures import Divergence
from rnncore.training import schedule_factor


def divergence(blown: Divergence) -> str:
    """Say at which update training blew up, and with what figures; the sentence goes on from a network's name."""
    return (
        f"diverged at update {blown.step:,}: loss {blown.loss:.3g}, gradient norm "
        f"{blown.grad_norm:.3g}, learning rate {blown.lr:g}. Its training stopped by itself."
    )


def advice(config: RunConfig) -> str:
    """Say what usually helps a run that diverged."""
    smaller = f"a learning rate ten times smaller ({config.lr / 10:g})"
    return f"What usually helps: {smaller if config.clip_norm else f'clipping gradients at 1, or {smaller}'}."


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
        f"The learning rate was {old:.2g} here; stretched to {after.steps:,} updates, its {curve} "
        f"{'jumps up' if new > old else 'drops'} to {new:.2g} and falls to 0 from there."
    )
