"""Whether a race keeps its speed while its gradients are watched: the Gradients page against nobody looking.

python -m benchmarks.watched
"""

import argparse
import asyncio
import statistics
import time
from urllib.parse import urlencode

from benchmarks.figures import number, table
from benchmarks.visitor import settings
from tests.support.server import running
from tests.support.tab.client import Session
from tests.support.train_page import START, progress_of

GOAL = 0.8
NOBODY = "nobody looks"
PAGES = {
    NOBODY: ("reference", ""),
    "the Train page is open": ("", ""),
    "the Gradients page is open": ("gradients", "source=mine"),
}


def step_of(session: Session) -> int:
    """Return the update that the Train page shows."""
    shown = progress_of(session)
    if shown is None:
        raise LookupError("The Train page shows no race.")
    return shown.update


async def pace(session: Session, page: str, query: str, seconds: float) -> float:
    """Return updates per second while one page is open, by what the Train page says before and after."""
    await session.visit("")
    first, began = step_of(session), time.perf_counter()
    await session.visit(page, query)
    await asyncio.sleep(seconds)
    await session.visit("")
    return (step_of(session) - first) / (time.perf_counter() - began)


async def measure(url: str | None, seconds: float, repeats: int) -> dict[str, list[float]]:
    """Train one race; have its gradients open, its curve, and a page that shows neither, in turn."""
    found: dict[str, list[float]] = {name: [] for name in PAGES}
    async with running(url) as server, Session(server.url, f"/?{urlencode(settings(1))}") as session:
        await session.click(START)
        for _ in range(repeats):
            for name, (page, query) in PAGES.items():
                found[name].append(await pace(session, page, query, seconds))
    return found


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.watched", description=str(__doc__).split("\n\n")[0])
    parser.add_argument("--url", help="use the app that runs there instead of starting one")
    parser.add_argument("--seconds", type=float, default=6, help="of each stretch (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=3, help="of each (default: %(default)s)")
    options = parser.parse_args()
    found = asyncio.run(measure(options.url, options.seconds, options.repeats))
    alone = statistics.median(found[NOBODY])
    rows = []
    for name, paces in found.items():
        share = statistics.median(paces) / alone
        kept = "" if name == NOBODY else "met" if share >= GOAL else "MISSED"
        rows.append((name, number(statistics.median(paces)), f"{share:.2f} x", kept))
    print(table(("one race of three cells", "updates/s", "of unwatched", f"goal {GOAL} x"), rows))


if __name__ == "__main__":
    main()
