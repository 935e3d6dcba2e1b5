"""Networks as they start, shown where nothing has been recorded: a visitor's own text or table before Start."""

from playground.live.process import page_turn
from playground.race.setup import Setup
from rnncore.caching.by_text import CacheByText, without_texts
from rnncore.errors import PlaygroundError
from rnncore.pool.entry import Entry, at_rest
from rnncore.training.race import Race
from rnncore.training.views import RaceView

_CACHE: CacheByText[Entry[RaceView]] = CacheByText(8)  # set-ups, about 4 MB each


def race(setup: Setup) -> Entry[RaceView] | None:
    """Return the set-up's race at update 0, which is never moved; None if the set-up cannot be made."""
    try:
        known = without_texts(setup.flat())
        return _CACHE.get("", known, lambda: at_rest(Race.of(setup.configs)), meanwhile=page_turn.given_away)
    except PlaygroundError:
        return None
