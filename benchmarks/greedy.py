"""One greedy visitor beside modest ones, five or a full hall: how much of their fair share these keep.

    python -m benchmarks.greedy --seconds 20
    python -m benchmarks.greedy --modest 99 --seconds 160

Ten tabs of one browser train the largest networks that the server gives, sweep over sequence lengths and measure
gradients of 1,000 steps, again and again. First one modest visitor more trains without them: an equal part each is the
share that is fair. Races are told apart by their figures on the page, as a visitor sees them. Where more train than
have a place at once, a race that waits shows no update: its last one counts, and the time must hold several turns.
"""

import argparse
import asyncio
import contextlib
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean
from urllib.parse import urlencode

from benchmarks.visitor import SETTINGS
from tests.support.server import Server, running
from tests.support.tab.client import Session
from tests.support.train_page import PAUSE, START, progress_of

MODEST, TABS = 5, 10
LOOK_EVERY = 1.0  # seconds
SETTLE = 5.0
GREEDY_TRAIN = {"task": "adding", "cell": "lstm,gru,rnn,lstm_peephole", "hidden_size": 400, "seq_len": 1000,
                "batch_size": 512, "steps": 100_000}  # fmt: skip
GREEDY_FLOW = {"task": "adding", "cell": "lstm,gru", "hidden_size": 128, "seq_len": 1000}


@dataclass(frozen=True)
class Figures:
    """What the modest visitors kept.

    Attributes
    ----------
    share
        Updates a second of a modest race beside the greedy visitor, over those among six modest visitors.
    least
        The same of the one that kept least.
    memory
        The server's peak, in MB.
    """

    share: float
    least: float
    memory: float


async def measure(server: Server, seconds: float, modest: int = MODEST) -> Figures:
    """Return what so many modest visitors keep beside a greedy one."""
    alone = await _rates(server, modest + 1, seconds)
    watch = asyncio.create_task(server.watch())
    tabs = await _greedy(server)
    work = [asyncio.create_task(_keep_at_it(tab, seed)) for seed, tab in enumerate(tabs)]
    try:
        beside = await _rates(server, modest, seconds)
    finally:
        for task in (*work, watch):
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        for tab in tabs:
            await tab.close()
    fair = mean(alone)
    return Figures(mean(beside) / fair, min(beside) / fair, server.peak or math.nan)


async def _rates(server: Server, count: int, seconds: float) -> list[float]:
    """Return the updates a second of so many modest visitors' races."""
    tabs = [Session(server.url, "/?" + urlencode({**SETTINGS, "cell": "gru", "seed": 500 + i})) for i in range(count)]
    try:
        for tab in tabs:
            await tab.open()
        await asyncio.gather(*(tab.click(START) for tab in tabs))
        await _watch(tabs, SETTLE, reached := [0] * count)
        before = [*reached]
        await _watch(tabs, seconds, reached)
        await asyncio.gather(*map(_pause, tabs))  # the server keeps the race of a closed tab moving
        return [(last - first) / seconds for first, last in zip(before, reached, strict=True)]
    finally:
        for tab in tabs:
            await tab.close()


async def _watch(tabs: Sequence[Session], seconds: float, reached: list[int]) -> None:
    """Look for so long what update each tab names, and keep the last: while a race waits for a place it names none."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        await asyncio.sleep(min(LOOK_EVERY, left))
        for i, tab in enumerate(tabs):
            if found := progress_of(tab):
                reached[i] = found.update


async def _pause(tab: Session) -> None:
    """Pause the race, unless it has ended or the server takes too long to say so."""
    with contextlib.suppress(LookupError, TimeoutError):
        await tab.click(PAUSE)


async def _greedy(server: Server) -> list[Session]:
    """Open the tabs of one browser: half of them training, the others on the Gradients page."""
    tabs: list[Session] = []
    for i in range(TABS):
        path = "/?" + urlencode({**GREEDY_TRAIN, "seed": i}) if i % 2 else "/gradients?" + urlencode(GREEDY_FLOW)
        tabs.append(Session(server.url, path, cookies=tabs[0].cookies if tabs else None))
        await tabs[-1].open()
    return tabs


async def _keep_at_it(tab: Session, seed: int) -> None:
    """Train, or measure one seed after another; what the server refuses is tried again."""
    if tab.page_name != "gradients":
        await tab.click(START)
        return
    while True:
        seed += 100
        tab.query = urlencode({**GREEDY_FLOW, "seed": seed, "look": "length" if seed % 200 else "distance", "swept": 1})
        with contextlib.suppress(LookupError):
            await tab.rerun()
        await asyncio.sleep(0.1)


async def main(seconds: float, modest: int) -> None:
    """Measure once and print the figures."""
    async with asyncio.timeout(120 + 4 * (seconds + modest)), running(None) as server:
        found = await measure(server, seconds, modest)
    print(f"modest visitors keep {found.share:.0%} of a fair share, the least {found.least:.0%}")
    print(f"memory, peak: {found.memory:.0f} MB")


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.greedy", description=str(__doc__).split("\n\n")[0])
    parser.add_argument("--seconds", type=float, default=20, help="how long rates are taken (default: %(default)s)")
    parser.add_argument("--modest", type=int, default=MODEST, help="modest visitors (default: %(default)s)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    asked = parse()
    asyncio.run(main(asked.seconds, asked.modest))
