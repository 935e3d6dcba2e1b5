"""One greedy visitor beside five modest ones: how much of their fair share these keep.

    python -m benchmarks.greedy --seconds 20

Ten tabs of one browser train the largest networks that the server gives, sweep over sequence lengths and measure
gradients of 1,000 steps, again and again. First six modest visitors train without them: a sixth each is the share that
is fair. Races are told apart by their figures on the page, as a visitor sees them.
"""

import argparse
import asyncio
import contextlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean
from urllib.parse import urlencode

from benchmarks.client import Session
from benchmarks.server import Server, running
from benchmarks.visitor import PAUSE, SETTINGS, START, progress_of

MODEST, TABS = 5, 10
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


async def measure(server: Server, seconds: float) -> Figures:
    """Return what five modest visitors keep beside a greedy one."""
    alone = await _rates(server, MODEST + 1, seconds)
    watch = asyncio.create_task(server.watch())
    tabs = await _greedy(server)
    work = [asyncio.create_task(_keep_at_it(tab, seed)) for seed, tab in enumerate(tabs)]
    try:
        beside = await _rates(server, MODEST, seconds)
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
        await asyncio.sleep(SETTLE)
        before = [_update(tab) for tab in tabs]
        await asyncio.sleep(seconds)
        rates = [(_update(tab) - first) / seconds for tab, first in zip(tabs, before, strict=True)]
        await asyncio.gather(*(tab.click(PAUSE) for tab in tabs))  # the server keeps the race of a closed tab moving
        return rates
    finally:
        for tab in tabs:
            await tab.close()


def _update(tab: Session) -> int:
    found = progress_of(tab)
    return 0 if found is None else found.update


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


async def main(seconds: float) -> None:
    """Measure once and print the figures."""
    async with asyncio.timeout(120 + 4 * seconds), running(None) as server:
        found = await measure(server, seconds)
    print(f"modest visitors keep {found.share:.0%} of a fair share, the least {found.least:.0%} (goal 70 %)")
    print(f"memory, peak: {found.memory:.0f} MB")


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.greedy", description=str(__doc__).split("\n\n")[0])
    parser.add_argument("--seconds", type=float, default=20, help="how long rates are taken (default: %(default)s)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    asyncio.run(main(parse().seconds))
