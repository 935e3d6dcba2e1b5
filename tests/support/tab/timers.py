"""The timers of a tab: they ask for live fragments at a fixed pace, as a browser does."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from websockets.exceptions import ConnectionClosed


class Timers:
    """One timer per live fragment.

    Parameters
    ----------
    ask
        Called with a fragment whenever it is due; the timer ends when this finds the connection closed.
    """

    def __init__(self, ask: Callable[[str], Awaitable[None]]) -> None:
        self._ask = ask
        self._timers: dict[str, tuple[float, asyncio.Task[None]]] = {}

    @property
    def pace(self) -> dict[str, float]:
        """The fragments that update themselves, with the seconds between their updates."""
        return {fragment: interval for fragment, (interval, _) in self._timers.items()}

    def start(self, fragment: str, interval: float) -> None:
        """Ask for a fragment from now on; a timer of the same pace goes on as it is."""
        if fragment in self._timers and self._timers[fragment][0] == interval:
            return
        self.stop(fragment)
        self._timers[fragment] = interval, asyncio.create_task(self._run(fragment, interval))

    def stop(self, fragment: str) -> None:
        """End one timer."""
        if fragment in self._timers:
            self._timers.pop(fragment)[1].cancel()

    def stop_all(self) -> None:
        """End all timers."""
        for fragment in list(self._timers):
            self.stop(fragment)

    async def _run(self, fragment: str, interval: float) -> None:
        """Ask at a fixed pace, like the browser's `setInterval`: late ticks are left out."""
        due = time.perf_counter() + interval
        while True:
            await asyncio.sleep(due - time.perf_counter())
            try:
                await self._ask(fragment)
            except (ConnectionClosed, ConnectionError):
                return
            due = max(due + interval, time.perf_counter())
