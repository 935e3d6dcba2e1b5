"""The one race that a test has started, waited for."""

from playground.live import process
from tests.support.waiting import until


def ended():
    """Wait until the race has ended, and return it."""
    (entry,) = process.pool()._entries.values()
    until(lambda: entry.trainee.status != "running")
    return entry.trainee
