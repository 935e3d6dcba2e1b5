"""Whether the engine's own loop over time stays linear in the length of the sequence.

python -m benchmarks.growth
"""

import argparse
import statistics
from functools import partial

import torch

from benchmarks.figures import number, table
from benchmarks.step import seconds
from rnncore.config import RunConfig
from rnncore.networks.sequence_model import build_cell, unroll
from rnncore.seeding import generator

CELLS = ("rnn_sigmoid", "gru_cho", "lstm_peephole", "lstm_peephole_full")
SHORT, LONG, TWICE = 100, 800, 1600
HIDDEN, BATCH, INPUTS = 32, 32, 2
TARGET = 9.0  # 8 is linear; long sequences leave the cache, which costs once, while TWICE / LONG stays at 2


def measure(name: str, repeats: int) -> list[float]:
    """Return the median seconds of forward and backward over sequences of each length."""
    chance = generator(0, "init")
    cell = build_cell(RunConfig(cell=name, hidden_size=HIDDEN), INPUTS, chance, first=True)
    inputs = torch.rand(TWICE, BATCH, INPUTS, generator=chance)

    def both_ways(length: int) -> None:
        outputs, _ = unroll(cell, inputs[:length], cell.initial_state(BATCH))
        outputs[-1].square().mean().backward()

    times: dict[int, list[float]] = {SHORT: [], LONG: [], TWICE: []}
    both_ways(SHORT)
    for _ in range(repeats):
        for length, found in times.items():
            found.append(seconds(partial(both_ways, length)))
    return [statistics.median(found) for found in times.values()]


def main() -> None:
    """Measure every cell without a fused kernel, and print how its time grows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=str(__doc__).split("\n\n")[0])
    parser.add_argument("--repeats", type=int, default=9, help="of each measurement (default: %(default)s)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    rows = []
    for name in CELLS:
        found = measure(name, options.repeats)
        short, long, twice = found
        kept = "met" if long / short <= TARGET else "MISSED"
        times = (number(value * 1000, "ms") for value in found)
        rows.append((name, *times, f"{long / short:.2f} x", kept, f"{twice / long:.2f} x"))
    lengths = (f"T={length}" for length in (SHORT, LONG, TWICE))
    head = ("forward and backward", *lengths, f"{LONG} / {SHORT}", f"<= {TARGET:g}", f"{TWICE} / {LONG}")
    print(table(head, rows))


if __name__ == "__main__":
    main()
