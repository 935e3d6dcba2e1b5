"""What a training step costs through the engine, against the same step as a bare PyTorch loop.

python -m benchmarks.step
"""

import argparse
import copy
import statistics
import time
from collections.abc import Callable

import torch
from torch import nn

from benchmarks.figures import number, table
from rnncore.config import RunConfig
from rnncore.seeding import generator
from rnncore.training.run import Run
from rnncore.training.run_state import measured_at

CELLS = ("rnn", "lstm", "gru")
SIZES = ((32, 50, 32), (128, 64, 32))  # hidden size, sequence length, batch size
TARGET = 1.05
BLOCK = 24  # updates between two measurements on held-out examples
SETTLED = 125  # from here on, the engine measures after every 25th update


def bare(run: Run) -> Callable[[int], None]:
    """Return a loop that trains a copy of the run's network with nothing around it."""
    model, task, config = copy.deepcopy(run.model), run.task, run.config
    optimizer = torch.optim.Adam(model.parameters(), lr=config.lr, fused=True)
    parameters = list(model.parameters())
    data = generator(config.seed, "data")

    def steps(count: int) -> None:
        for _ in range(count):
            optimizer.zero_grad()
            batch = task.batch(config.batch_size, data)
            loss = task.loss(model(batch.inputs, batch.lengths), batch)
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, config.clip_norm)
            optimizer.step()
            loss.item()

    return steps


def seconds(do: Callable[[], object]) -> float:
    """Return how long a call takes."""
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def measure(cell: str, size: tuple[int, int, int], blocks: int) -> tuple[float, float, float]:
    """Return seconds of a bare step, of an engine step, and of the held-out measurement per update.

    Engine and bare loop take turns block by block, each first in every other block, so that whatever else the
    machine does meets both.
    """
    hidden, length, batch = size
    config = RunConfig(cell=cell, hidden_size=hidden, seq_len=length, batch_size=batch, lr=1e-3, steps=100_000)
    run = Run(config)
    by_hand = bare(run)
    run.advance(steps=SETTLED)
    by_hand(SETTLED)
    of_engine: list[float] = []
    of_bare: list[float] = []
    of_measured: list[float] = []
    for block in range(blocks):
        both = [
            (of_engine, lambda: run.advance(steps=BLOCK)),
            (of_bare, lambda: by_hand(BLOCK)),
        ]
        for times, do in both if block % 2 else reversed(both):
            times.append(seconds(do) / BLOCK)
        assert measured_at(run.step + 1)
        of_measured.append(seconds(lambda: run.advance(steps=1)))
    step, alone, measured = map(statistics.median, (of_engine, of_bare, of_measured))
    return alone, step, (measured - step) / (BLOCK + 1)


def main() -> None:
    """Measure every cell at every size, and print the ratios."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.step", description=str(__doc__).split("\n\n")[0])
    parser.add_argument("--blocks", type=int, default=15, help="blocks per cell and size (default: %(default)s)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    rows = []
    for size in SIZES:
        for cell in CELLS:
            alone, step, held_out = measure(cell, size, options.blocks)
            ratio = step / alone
            rows.append((
                f"{cell} H={size[0]} T={size[1]} B={size[2]}", number(alone * 1000, "ms"), number(step * 1000, "ms"),
                f"{ratio:.3f} x", "met" if ratio <= TARGET else "MISSED", f"{100 * held_out / alone:.1f} %",
            ))  # fmt: skip
    print(table(("one update", "bare loop", "engine", "ratio", f"<= {TARGET}", "held-out measurement adds"), rows))


if __name__ == "__main__":
    main()
