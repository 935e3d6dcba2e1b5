"""What a server sends without being asked: when it came, and how late."""

import asyncio
import time
from collections.abc import Callable, Sequence

TOGETHER = 0.02  # the messages of one refresh come within so many seconds
FEWEST = 4


class Refreshes:
    """The refreshes of a tab, by the run of the page that made it live.

    Parameters
    ----------
    seen
        Called once a refresh is complete.
    """

    def __init__(self, seen: Callable[[], None]) -> None:
        self.moments: list[list[float]] = [[]]
        self._seen = seen
        self._soon: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """The page has been run: its refreshes have a rhythm of their own from now on."""
        self.moments.append([])

    def came(self) -> None:
        """Take a message of a refresh."""
        now = time.perf_counter()
        if self._soon is None:
            self.moments[-1].append(now)
            self._soon = asyncio.get_running_loop().call_later(TOGETHER, self._complete)
        else:
            self.moments[-1][-1] = now

    def stop(self) -> None:
        """Wait for nothing more."""
        if self._soon is not None:
            self._soon.cancel()

    def _complete(self) -> None:
        self._soon = None
        self._seen()


def lateness(moments: Sequence[float], every: float) -> list[tuple[float, float]]:
    """Return each refresh with the seconds it came after its due moment in the server's rhythm.

    The server looks every so many seconds whether something has moved, and a tab cannot know when exactly. So the
    rhythm is taken that leaves the refreshes least late together; with that the quickest counts as in time. Nothing
    is said of a page with few refreshes, and one that is later than `every` is taken for the next one.
    """
    if len(moments) < FEWEST:
        return []
    rhythms = [[(moment - start + 1e-9) % every for moment in moments] for start in moments]
    return list(zip(moments, min(rhythms, key=sum), strict=True))
