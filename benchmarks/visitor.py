"""One visitor of a class: opens the Train page, starts a race of its own, watches it, plays, and pauses it."""

import asyncio
import math
import random
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

import numpy as np
import pyarrow as pa

from tests.support.tab.client import Session
from tests.support.tab.refreshes import lateness
from tests.support.train_page import PAUSE, SCALE, START, Progress, curves, loss_chart, progress_of, texts

PAGE = "/"
CELLS = ("rnn", "lstm", "gru")
SETTINGS: dict[str, str | int] = {"task": "adding", "seq_len": 50, "hidden_size": 32, "batch_size": 32, "steps": 20_000}
LIGHT: dict[str, str | int] = {"cell": "gru", "seq_len": 20, "hidden_size": 8, "batch_size": 8}
FIRST_SEED = 1000
WAITING = re.compile(r"number [\d,]+ in line")

DECODE_EVERY = 4  # the client shares its cores with the server: it looks into every fourth chart
EVERY = 0.25  # seconds between two looks of the server at what has moved
STOP_PATIENCE = 10.0
SPREAD = 3.0  # not everybody presses Pause in the same instant
STILL = 0.2  # seconds after which a paused race is looked at again


@dataclass
class Visit:
    """What one visitor measured; times in seconds."""

    seed: int
    light: bool = False
    usable: float | None = None
    ticks: list[tuple[float, float]] = field(default_factory=list)  # when it came, and how late
    pictures: list[float] = field(default_factory=list)  # when each refresh was complete; nan: of a race that waits
    first_move: float | None = None  # from Start until the page showed an update
    waited: bool = False  # the page said that the race waits, and at which place
    interactions: list[tuple[float, float]] = field(default_factory=list)  # likewise
    stop: float | None = None
    watched: float = 0.0
    updates: int = 0
    progress: list[tuple[float, int]] = field(default_factory=list)  # moment and update, as the page showed them
    received_bytes: int = 0
    lost: int = 0
    faults: list[str] = field(default_factory=list)
    failure: str | None = None
    chart: pa.Table | None = None


class Visitor:
    """Drives one session through a visit and checks what it sees.

    Parameters
    ----------
    url
        Address of the app.
    seed
        Of the race this visitor starts, and of its own whims.
    every
        Seconds between uses of the page, from and to.
    light
        Whether the race is one small network, which moves between any two looks of the server.
    """

    def __init__(
        self, url: str, seed: int, every: tuple[float, float] = (3, 6), *, light: bool = False, task: str = ""
    ) -> None:
        self.visit = Visit(seed, light)
        query = urlencode(settings(seed, light=light, task=task))
        self.session = Session(url, f"{PAGE}?{query}", on_refresh=self._look)
        self._every = every
        self._chance = random.Random(seed)
        self._first: tuple[float, Progress] | None = None
        self._last: tuple[float, Progress] | None = None
        self._looked = self._scale = 0
        self._started = 0.0
        self._doing = "opening the page"

    async def attend(self, until: float, *, start: float = 0.0, plays: bool = True, pauses: bool = True) -> Visit:
        """Visit the page until the clock (`time.perf_counter`) shows `until`, and press Start not before `start`.

        Failures end up in the visit.
        """
        visit, session = self.visit, self.session
        try:
            async with asyncio.timeout(max(0, until - time.perf_counter()) + SPREAD + 30):
                visit.usable = await session.open()
                await asyncio.sleep(max(0, start - time.perf_counter()))
                self._doing = "starting"
                self._started = time.perf_counter()
                await session.click(START)
                self._doing = "watching"
                if plays:
                    await self._play(until)
                await asyncio.sleep(max(0, until - time.perf_counter()))
                if pauses:
                    await asyncio.sleep(self._chance.uniform(0, SPREAD))
                    self._doing = "pausing"
                    await self._stop()
        except Exception as error:
            visit.failure = f"while {self._doing}: {type(error).__name__} {error}".strip()
        finally:
            visit.faults += session.errors()
            await session.close()
        self._sum_up()
        return visit

    async def _play(self, until: float) -> None:
        """Use the page now and then: switch the chart between logarithmic and linear."""
        while (moment := time.perf_counter() + self._chance.uniform(*self._every)) < until - 0.5:
            await asyncio.sleep(moment - time.perf_counter())
            options = self.session.elements.find(SCALE).options
            self._scale += 1
            started = time.perf_counter()
            try:
                await self.session.set(SCALE, options[self._scale % len(options)])
                self._look(self.session)
            finally:  # one that is given up counts with the time it was waited for
                self.visit.interactions.append((started, time.perf_counter() - started))

    async def _stop(self) -> None:
        """Press Pause; take the time until the page shows the update count that does not move any more."""
        session = self.session
        pressed = time.perf_counter()
        try:
            await session.click(PAUSE)
        finally:
            self.visit.stop = time.perf_counter() - pressed
        seen = progress_of(session)
        while time.perf_counter() - pressed < STOP_PATIENCE:
            await asyncio.sleep(STILL)
            await session.rerun()
            now = progress_of(session)
            if now is not None and now == seen:
                self.visit.chart = loss_chart(session)
                if self.visit.chart is not None:
                    self._check(self.visit.chart, now.update)
                return
            self.visit.stop, seen = time.perf_counter() - pressed, now
        raise TimeoutError(f"The race still moves {STOP_PATIENCE:.0f} s after Pause.")

    def _look(self, session: Session) -> None:
        """Check each tick: this visitor's race and no other, never going back."""
        seen, now = progress_of(session), time.perf_counter()
        if seen is None:
            self.visit.waited |= any(WAITING.search(text) for text in texts(session))
            self.visit.pictures.append(math.nan)
            return
        self.visit.pictures.append(now)
        if seen.update and self.visit.first_move is None:
            self.visit.first_move = now - self._started
        before = self._last[1] if self._last else seen
        if seen.seed != self.visit.seed:
            self._fault("another visitor's race")
        if seen.update < before.update:
            self._fault("progress went back")
        moment = now, seen
        self._first, self._last = self._first or moment, moment
        self.visit.progress.append((moment[0], seen.update))
        self._looked += 1
        if self._looked % DECODE_EVERY == 0 and (chart := loss_chart(session)) is not None:
            self._check(chart, before.update)

    def _check(self, chart: pa.Table, update: int) -> None:
        """Check a curve of which `update` updates were there before it was drawn."""
        ends = []
        for cell, x in curves(chart).items():
            if len(x) > 1 and not (np.diff(x) > 0).all():
                self._fault(f"points of {cell} out of order")
            ends.append(x[-1] if len(x) else 0)
        if update and max(ends, default=0) < update:
            self._fault("the last point is missing")

    def _fault(self, text: str) -> None:
        if text not in self.visit.faults:
            self.visit.faults.append(text)

    def _sum_up(self) -> None:
        visit, session = self.visit, self.session
        visit.ticks = [tick for moments in session.refreshes.moments for tick in lateness(moments, EVERY)]
        visit.received_bytes, visit.lost = session.received_bytes, session.lost
        if self._first and self._last:
            (start, first), (end, last) = self._first, self._last
            visit.watched, visit.updates = end - start, last.update - first.update


def settings(seed: int, *, light: bool = False, task: str = "") -> dict[str, str | int]:
    """Return the settings of the race that a visitor with this seed starts, as they stand in the address.

    A task that is named is trained as the app recommends it.
    """
    if task:
        return {"task": task, "seed": seed}
    return {"cell": ",".join(CELLS), **SETTINGS, **(LIGHT if light else {}), "seed": seed}
