"""Whether a race keeps its speed while its networks are seen inside, and what that costs beside the curve alone.

python -m benchmarks.inside
"""

import argparse
import asyncio
import statistics
import time
from typing import NamedTuple
from urllib.parse import urlencode

from benchmarks.figures import number, table
from benchmarks.visitor import settings
from tests.support.server import Server, running
from tests.support.tab.client import Session
from tests.support.train_page import START, progress_of

SLOWED, COST = 0.9, 2.0  # of the pace beside the answers; all that is sent may be twice as much, curve and picture
VIEWS = ("answers", "inside")


class Stretch(NamedTuple):
    """A while of watching: updates a second, bytes a second, and processor seconds of the server for each update."""

    pace: float
    received: float
    processor: float


async def watched(session: Session, server: Server, seconds: float) -> Stretch:
    """Watch the race as it stands on screen for some seconds."""
    first, received, used, began = _update(session), session.received_bytes, _used(server), time.perf_counter()
    await asyncio.sleep(seconds)
    elapsed, updates = time.perf_counter() - began, _update(session) - first
    return Stretch(updates / elapsed, (session.received_bytes - received) / elapsed,
                   (_used(server) - used) / max(1, updates))  # fmt: skip


def _update(session: Session) -> int:
    shown = progress_of(session)
    if shown is None:
        raise LookupError("The Train page shows no race.")
    return shown.update


def _used(server: Server) -> float:
    found = server.processor_seconds()
    if found is None:
        raise LookupError("The process of the app is not known.")
    return found


async def measure(seconds: float, repeats: int) -> dict[str, list[Stretch]]:
    """Train one race, and have the answers and the networks' inside beside its curve in turn."""
    found: dict[str, list[Stretch]] = {name: [] for name in VIEWS}
    async with running(None) as server, Session(server.url, f"/?{urlencode(settings(1))}") as session:
        await session.click(START)
        await asyncio.sleep(seconds)
        for repeat in range(repeats):
            for name in VIEWS if repeat % 2 else reversed(VIEWS):
                await session.set("train.beside", name)
                await asyncio.sleep(1)
                found[name].append(await watched(session, server, seconds))
    return found


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inside", description=str(__doc__).split("\n\n")[0])
    parser.add_argument("--seconds", type=float, default=8, help="of each stretch (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=6, help="of each (default: %(default)s)")
    options = parser.parse_args()
    found = asyncio.run(measure(options.seconds, options.repeats))
    middle = {name: Stretch(*map(statistics.median, zip(*each, strict=True))) for name, each in found.items()}
    answers, inside = middle["answers"], middle["inside"]
    ratios = [statistics.median(b.pace / a.pace for a, b in zip(found["answers"], found["inside"], strict=True)),
              inside.received / answers.received, inside.processor / answers.processor]  # fmt: skip
    goals = [f">= {SLOWED}", f"<= {COST}", f"<= {1 / SLOWED:.2f}"]
    met = [ratios[0] >= SLOWED, ratios[1] <= COST, ratios[2] <= 1 / SLOWED]
    units = ("updates/s", "bytes/s", "processor s per update")
    every = zip(units, answers, inside, ratios, goals, met, strict=True)
    rows = [(unit, number(before), number(after), f"{ratio:.2f} x", goal, "met" if good else "MISSED")
            for unit, before, after, ratio, goal, good in every]  # fmt: skip
    print(table(("one race of three cells", "Answers", "Inside", "ratio", "goal", ""), rows))


if __name__ == "__main__":
    main()
