"""Run attacks and print what the others felt: `python -m benchmarks.attacks [--seconds N] [--url URL] [name ...]`."""

import argparse
import asyncio

from benchmarks.attacks.every import ATTACKS
from benchmarks.attacks.others import Outcome, measure
from benchmarks.figures import number, table
from tests.support.server import running

HEAD = (
    "attack",
    "sent",
    "taken",
    "refused",
    "normal p95 ms",
    "during p95 ms",
    "factor",
    "lost",
    "memory MB",
    "peak MB",
)


async def main() -> None:
    """Run the attacks that were named, or all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--url")
    chosen = parser.parse_args()
    rows = []
    async with running(chosen.url) as server:
        for name in chosen.names or ATTACKS:
            found = await measure(server, name, chosen.seconds)
            rows.append(row(found))
            print(table(HEAD, rows[-1:]), found.attempt.notes or "", flush=True)
    print("\n" + table(HEAD, rows))


def row(found: Outcome) -> tuple[str, ...]:
    """Return the figures of one attack as they stand in the table."""
    done = found.attempt
    return (found.name, number(done.sent), number(done.taken), number(done.refused), number(found.normal_p95 * 1000),
            number(found.during_p95 * 1000), number(found.factor), number(found.lost), number(found.memory_before),
            number(found.memory_peak))  # fmt: skip


asyncio.run(main())
