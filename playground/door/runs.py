"""Page runs shared out when many are wanted: whoever has had few of late comes before whoever has had many."""

import asyncio
import heapq
import itertools
import time

from playground.door.bucket import Bucket
from playground.door.settings import DoorSettings
from playground.streamlit_internals.sessions import pages_running

FEW = 3  # runs of late, with which a tab goes first
AT_ONCE = 1  # pages that are run while a tab with more than those waits
LOOK_SECONDS = 0.01
REST_SECONDS, LONG_REST_SECONDS = 0.05, 0.2  # after a run; the long one where a tab asks for more than anybody is given
LONGEST_SECONDS = 1.0  # that a page which takes long holds up the others


class AllRuns:
    """The waiting line of all tabs: those first that have had fewest runs of late."""

    def __init__(self, settings: DoorSettings) -> None:
        self.settings = settings
        self.more = Bucket(settings.more_runs_per_second, settings.more_runs_per_second)
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._number = itertools.count()
        self._calling: asyncio.Task[None] | None = None

    async def when_calm(self, level: float) -> None:
        """Wait while pages are being run: Python computes one at a time, and each makes all others slower."""
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (-level, next(self._number), called))
        if self._calling is None or self._calling.done():
            self._calling = asyncio.ensure_future(self._call())
        await called

    async def _call(self) -> None:
        while self._waiting:
            until = time.monotonic() + LONGEST_SECONDS
            while pages_running() >= AT_ONCE and time.monotonic() < until:
                await asyncio.sleep(LOOK_SECONDS)
            lack, _, called = heapq.heappop(self._waiting)
            if not called.done():  # else its tab has gone
                called.set_result(None)
                # its run begins, and who has had few finds a gap after it
                await asyncio.sleep(LONG_REST_SECONDS if lack > 0 else REST_SECONDS)


class Runs:
    """The runs of one tab's page.

    Parameters
    ----------
    of_all
        What all tabs have together.
    prompt
        Whether its first runs wait for no gap between the runs of others.
    """

    def __init__(self, of_all: AllRuns, *, prompt: bool = True) -> None:
        self._all = of_all
        self._held_back = 0 if prompt else FEW
        self._mine = Bucket(of_all.settings.runs_per_second, of_all.settings.runs_burst)
        self._asked = Bucket(of_all.settings.runs_per_second, of_all.settings.runs_burst)

    def asked(self) -> float:
        """Count that this tab asked for a run, whether it gets one; return what is left, by which it is served.

        Who asks 20 times a second and is given one run would otherwise seem to have had few.
        """
        now = time.monotonic()
        self._asked.charge(now, 1, -self._asked.burst)
        return self._asked.level(now)

    async def turn(self) -> None:
        """Wait until this tab may have a run of its page."""
        now = time.monotonic()
        level = self.asked()
        slower = self._mine.wait(now) > self._all.more.wait(now)
        wait = (self._all.more if slower else self._mine).take(now)
        if wait:
            await asyncio.sleep(wait)
        held_back, self._held_back = self._held_back > 0, max(0, self._held_back - 1)
        if held_back or level < self._asked.burst - FEW:
            await self._all.when_calm(level)
