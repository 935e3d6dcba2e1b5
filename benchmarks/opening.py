"""How long a page takes to open, first in a new process and then again, and to follow one click; alone on the server.

python -m benchmarks.opening --task digits
"""

import argparse
import asyncio
import statistics
import sys
import time

from benchmarks.figures import table
from tests.support.server import START, running
from tests.support.tab.client import Session

WHAT = ("first in the process", "again, a new visitor", "the scale is changed", "and changed back")


async def once(start: tuple[str, ...], task: str) -> list[float]:
    """Start the app and return the milliseconds of each."""
    found = []
    async with running(None, start) as server:
        for _ in range(2):
            began = time.perf_counter()
            async with Session(server.url, f"/train?task={task}") as session:
                found.append(time.perf_counter() - began)
                if len(found) == 2:
                    for scale in ("linear", "log"):
                        found.append(await session.set("train.scale", scale))
    return [1000 * seconds for seconds in found]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.opening", description=str(__doc__).split("\n\n")[0])
    parser.add_argument("--task", default="digits", help="the task of the Train page (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=3, help="new processes (default: %(default)s)")
    parser.add_argument("--tree", help="measure another checkout of the project too, in turn with this one")
    asked = parser.parse_args()
    starts = {"this one": START}
    if asked.tree:
        command = " ".join((sys.executable, *START[1:]))
        starts["the other"] = ("sh", "-c", f"cd '{asked.tree}' && exec {command}")
    found: dict[str, list[list[float]]] = {name: [] for name in starts}
    for _ in range(asked.repeats):
        for name, start in starts.items():
            found[name].append(asyncio.run(once(start, asked.task)))
    medians = {name: [statistics.median(each) for each in zip(*runs, strict=True)] for name, runs in found.items()}
    rows = [(what, *(f"{medians[name][at]:,.0f} ms" for name in starts)) for at, what in enumerate(WHAT)]
    print(table(("", *starts), rows))


if __name__ == "__main__":
    main()
