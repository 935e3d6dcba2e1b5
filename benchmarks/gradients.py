"""What a measurement of gradient flow costs: how it grows with the length, and beside one plain pass of PyTorch's own.

python -m benchmarks.gradients
"""

import argparse
import statistics
from collections.abc import Callable

import torch
from torch import nn

from benchmarks.figures import number, table
from benchmarks.step import seconds
from rnncore.analysis.gradients import gradient_flow
from rnncore.config import RunConfig

CELLS = ("rnn", "lstm", "gru", "lstm_peephole")
OWN = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
SHORT, LONG, USUAL = 100, 1000, 200
HIDDEN, BATCH, INPUTS = 64, 32, 2
GROWTH, FOUR_CELLS = 11.0, 1.0  # goals: ratio, seconds of processor time


def medians(tasks: list[Callable[[], object]], repeats: int) -> list[float]:
    """Return the median seconds of each task; they take turns, so a slow moment hits all alike."""
    found: list[list[float]] = [[] for _ in tasks]
    for task in tasks:
        task()
    for _ in range(repeats):
        for times, task in zip(found, tasks, strict=True):
            times.append(seconds(task))
    return [statistics.median(times) for times in found]


def plain_pass(kind: type[nn.RNNBase]) -> Callable[[], object]:
    """Return one forward and backward pass through PyTorch's module at the usual size."""
    module, inputs = kind(INPUTS, HIDDEN), torch.rand(USUAL, BATCH, INPUTS)
    return lambda: module(inputs)[0][-1].square().sum().backward()


def main() -> None:
    """Measure each cell and print its growth, its cost, and the cost of four together."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gradients", description=str(__doc__).split("\n\n")[0])
    parser.add_argument("--repeats", type=int, default=7, help="of each measurement (default: %(default)s)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    rows, together = [], 0.0
    for cell in CELLS:
        configs = [RunConfig(cell=cell, hidden_size=HIDDEN, seq_len=length) for length in (SHORT, USUAL, LONG)]
        tasks: list[Callable[[], object]] = [lambda c=c: gradient_flow(c, batch_size=BATCH) for c in configs]  # type: ignore[misc]
        if cell in OWN:
            tasks.append(plain_pass(OWN[cell]))
        short, usual, long, *plain = medians(tasks, options.repeats)
        together += usual
        beside = f"{usual / plain[0]:.1f} x" if plain else "-"
        kept = "met" if long / short <= GROWTH else "MISSED"
        times = (number(value * 1000, "ms") for value in (short, usual, long))
        rows.append((cell, *times, f"{long / short:.2f} x", kept, beside))
    head = ("one measurement", *(f"T={length}" for length in (SHORT, USUAL, LONG)), f"{LONG} / {SHORT}",
            f"<= {GROWTH:g}", f"beside PyTorch's pass, T={USUAL}")  # fmt: skip
    print(table(head, rows))
    kept = "met" if together < FOUR_CELLS else "MISSED"
    print(
        f"\nfour cells at T={USUAL}, H={HIDDEN}, batch {BATCH}: {together:.2f} s (goal: under {FOUR_CELLS:g} s, {kept})"
    )


if __name__ == "__main__":
    main()
