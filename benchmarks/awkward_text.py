"""What awkward texts cost their readers: time and memory for each kind of text and each reader, at any size."""

import argparse
import tracemalloc
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.figures import number, table
from tests.support.awkward_text import KINDS, READERS, outcome, seconds

SIZE = 29_000_000  # characters, more than any reader takes


class Figures(NamedTuple):
    """What reading one text took, and what came of it: "read", or the sentence that refused it."""

    reader: str
    kind: str
    characters: int
    seconds: float
    megabytes: float
    outcome: str


def measure(size: int = SIZE, readers: Sequence[str] = (), kinds: Sequence[str] = ()) -> list[Figures]:
    """Give every reader every kind of text of this size, once for its time and once for its memory."""
    found = []
    for kind in kinds or KINDS:
        text = KINDS[kind](size)
        for name in readers or READERS:
            taken = seconds(READERS[name], text)
            tracemalloc.start()
            said = outcome(READERS[name], text)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            found.append(Figures(name, kind, len(text), taken, peak / 1e6, said))
    return found


def main() -> None:
    """Print the readers that take longest, or most memory, and how many refuse."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE, help="characters of each text")
    parser.add_argument("--shown", type=int, default=20, help="rows to print")
    asked = parser.parse_args()
    found = measure(asked.size)
    found.sort(key=lambda each: max(each.seconds, each.megabytes / 100), reverse=True)
    head = ("reader", "kind", "seconds", "MB", "outcome")
    print(table(head, [(f.reader, f.kind, number(f.seconds), number(f.megabytes), f.outcome[:60]) for f in
                       found[: asked.shown]]))  # fmt: skip
    refused = sum(f.outcome != "read" for f in found)
    print(f"{len(found)} readings, {refused} refused; longest {max(f.seconds for f in found):.2f} s, "
          f"most memory {max(f.megabytes for f in found):.0f} MB")  # fmt: skip


if __name__ == "__main__":
    main()
