"""What is said about a run that diverged, on a page and in the terminal alike: its figures, and what usually helps."""

from rnncore.config import RunConfig
from rnncore.measures import Divergence


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
