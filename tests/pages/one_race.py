"""The one race that a test has started, waited for."""

import time

from playground import server


def ended():
    """Wait until the race has ended, and return it."""
    (entry,) = server.pool()._entries.values()
    deadline = time.monotonic() + 30
    while entry.race.status == "running":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return entry.race
