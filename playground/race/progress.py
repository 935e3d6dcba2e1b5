"""The progress of a race: a bar, what is left at the pace that was measured, and with whom it shares the cores."""

from markupsafe import Markup

from playground.components.templates import render
from rnncore.pool.entry import Entry, Sharing
from rnncore.training.views import RaceView

TEMPLATE = "race/progress.html"
PARTS = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth", 9: "ninth",
         10: "tenth", 11: "eleventh", 12: "twelfth"}  # fmt: skip


def remaining(entry: Entry[RaceView], race: RaceView) -> str:
    """Return " · about 40 s to go"; at most, where it can end earlier; nothing before a pace has been measured."""
    runs = [run for run in race.runs if run.status not in ("diverged", "finished")]
    left = max((run.config.steps - run.step for run in runs), default=0)
    seconds = entry.pace.seconds_for(left)
    return "" if seconds is None else to_go(seconds, limited=any(run.config.target is not None for run in runs))


def to_go(seconds: float, *, limited: bool = False) -> str:
    """Return how long what is left takes, in words that follow others; `limited` if it may end earlier."""
    return f" · {'at most about' if limited else 'about'} {duration(seconds)} to go"


def bar(done: int, of: int) -> Markup:
    """Return how far a run is as a thin bar, in HTML."""
    return render(TEMPLATE, "bar", done, of)


def duration(seconds: float) -> str:
    """Return a time as people say it, rounded so that it does not flicker."""
    if seconds < 10:
        return f"{max(1, round(seconds))} s"
    if seconds < 57.5:
        return f"{5 * round(seconds / 5)} s"
    if seconds < 3600:
        return f"{max(1, round(seconds / 60))} min"
    return f"{seconds / 3600:.1f} h"


def shared(sharing: Sharing) -> str:
    """Say who shares the cores, once there are more races than cores: everybody has an equal part."""
    if sharing.races <= sharing.cores:
        return ""
    cores = f"{sharing.cores} cores" if sharing.cores > 1 else "one core"
    if sharing.owners == 1:
        return f" · your {sharing.races} races share the {cores}"
    part = PARTS.get(sharing.owners, f"{sharing.owners}th")
    part = f"{'an' if part.startswith(('e', '18')) else 'a'} {part}"
    return (
        f" · {sharing.owners} people are training here, each gets {part} of the {cores}"
        f"{'' if sharing.full else ' or more'}"
    )


FAR = 3540.0  # seconds to go, in the most letters
NO_BAR = render(TEMPLATE, "no_bar")  # as high as a bar
SHARED_LONGEST = shared(Sharing(races=40, owners=40, cores=16, full=False))


def longest(race: RaceView) -> str:
    """Return the longest line that may say how far a race is while it moves."""
    last, seed = race.steps, race.config.seed
    limited = any(run.config.target is not None for run in race.runs)
    return f"{training(last, last, seed)}{to_go(FAR, limited=limited)}{SHARED_LONGEST}"


def training(step: int, last: int, seed: int, name: str = "Training live") -> str:
    """Return the line that says how far something is that is being trained, or paused."""
    return f"**{name}** at update {step:,} of {last:,} · seed {seed}"
