"""The race that pages show for a set-up: this tab's own, a recorded one, or one that nobody has trained."""

from playground.race import own_race, recorded, untrained
from playground.race.setup import Setup
from rnncore.pool.entry import Entry
from rnncore.training.views import RaceView


def race_on_screen(setup: Setup) -> Entry[RaceView] | None:
    """Return this tab's own race, else the recorded one of the set-up's task, else one that nobody has trained."""
    return own_race.entry() or recorded.race(setup) or untrained.race(setup)
