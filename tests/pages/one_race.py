"""The one race that a test has started, waited for."""

from playground import server
from tests.support.waiting import until


def ended():
    """Wait until the race has ended, and return it."""
    (entry,) = server.pool()._entries.values()
    until(lambda: entry.race.status != "running")
    return entry.race
