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
from rnncore.model import build_cell, unroll
from rnncore.randomness import generator

CELLS = ("rnn_sigmoid", "gru_cho", "lstm_peephole", "lstm_peephole_full")
SHORT, LONG = 100, 800
HIDDEN, BATCH, INPUTS = 32, 32, 2
TARGET = 9.0  # 8 is linear


def measure(name: str, repeats: int) -> tuple[float, float]:
    """Return the median seconds of forward and backward over a short and over a long sequence."""
    chance = generator(0, "init")
    cell = build_cell(RunConfig(cell=name, hidden_size=HIDDEN), INPUTS, chance, first=True)
    inputs = torch.rand(LONG, BATCH, INPUTS, generator=chance)

    def both_ways(length: int) -> None:
        outputs, _ = unroll(cell, inputs[:length], cell.initial_state(BATCH))
        outputs[-1].square().mean().backward()

    times: dict[int, list[float]] = {SHORT: [], LONG: []}
    both_ways(SHORT)
    for _ in range(repeats):
        for length, found in times.items():
            found.append(seconds(partial(both_ways, length)))
    return statistics.median(times[SHORT]), statistics.median(times[LONG])


def main() -> None:
    """Measure every cell without a fused kernel, and print how its time grows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=str(__doc__).split("\n\n")[0])
    parser.add_argument("--repeats", type=int, default=9, help="of each measurement (default: %(default)s)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    rows = []
    for name in CELLS:
        short, long = measure(name, options.repeats)
        kept = "met" if long / short <= TARGET else "MISSED"
        rows.append((name, number(short * 1000, "ms"), number(long * 1000, "ms"), f"{long / short:.2f} x", kept))
    print(table(("forward and backward", f"T={SHORT}", f"T={LONG}", "ratio", f"<= {TARGET:g}"), rows))


if __name__ == "__main__":
    main()
