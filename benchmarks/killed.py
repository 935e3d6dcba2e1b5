"""A server that is killed while a run is going: how soon it is up again, and whether the run can be had again.

python -m benchmarks.killed
"""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from playground.race import words
from tests.support.server import free_port, running
from tests.support.tab.client import Session
from tests.support.train_page import START, curves, loss_chart, progress_of

RUN = {"task": "adding", "cell": "rnn,lstm,gru", "seq_len": 50, "hidden_size": 32, "steps": 100, "speed": "medium",
       "seed": 7}  # fmt: skip
KILLED_AT = 40  # updates; so few that the chart shows every one of them
PATIENCE = 60.0
Losses = dict[tuple[str, int], float]  # by cell and update


@dataclass(frozen=True)
class Figures:
    """What became of a visitor whose server was killed.

    Attributes
    ----------
    up, seconds
        Seconds from the start of a new server until it says that it is well, and until the page is complete again.
    told
        Whether the page said that its run is gone.
    at
        The update at which the server was killed.
    losses, same
        Losses that the page had shown before, and how many of them it shows again after Start.
    """

    up: float
    seconds: float
    told: bool
    at: int
    losses: int
    same: int


async def measure() -> Figures:
    """Train, kill the server, start it again on its port, connect again, and press Start."""
    port = free_port()
    async with running(None, port=port) as server:
        session = Session(server.url, f"/?{urlencode(RUN)}")
        await session.open()
        await session.click(START)
        before = await shown_until(session, KILLED_AT)
        server.kill()
    await session.close()
    began = time.perf_counter()
    async with running(None, port=port):
        up = time.perf_counter() - began
        await session.connect(session.cookies)
        await session.rerun()
        seconds = time.perf_counter() - began
        told = any(node.proto.body == words.LOST for node in session.elements.of_kind("alert"))
        await session.click(START)
        after = await shown_until(session, int(RUN["steps"]))
        await session.close()
    same = sum(after.get(place) == loss for place, loss in before.items())
    return Figures(up, seconds, told, max(update for _, update in before), len(before), same)


async def shown_until(session: Session, update: int) -> Losses:
    """Wait until the page shows a race at this update, and return all the losses of its curves."""
    async with asyncio.timeout(PATIENCE):
        while (now := progress_of(session)) is None or now.update < update:
            await asyncio.sleep(0.1)
    chart = loss_chart(session)
    if chart is None:
        raise LookupError("The Train page shows no curve.")
    updates, losses = curves(chart), curves(chart, column="y")
    return {(cell, int(at)): float(loss) for cell, places in updates.items()
            for at, loss in zip(places, losses[cell], strict=True)}  # fmt: skip


async def main() -> None:
    """Measure once and print the figures."""
    found = await measure()
    print(f"killed at update {found.at}: up after {found.up:.1f} s, page complete after {found.seconds:.1f} s")
    print(f"page tells that its run is gone: {'yes' if found.told else 'no'}")
    print(f"losses that are the same after Start: {found.same} of {found.losses}")


if __name__ == "__main__":
    asyncio.run(main())
