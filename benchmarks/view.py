"""Whether looking at a run costs the same after 1,000 updates and after 100,000.

python -m benchmarks.view
"""

import math
import statistics
from functools import partial

from benchmarks.figures import number, table
from benchmarks.step import seconds
from rnncore.config import RunConfig
from rnncore.training.run import Run, measured_at

SHORT, LONG = 1_000, 100_000
POINTS = 120
REPEATS = 200
TARGET = 1.5


def grown(updates: int) -> Run:
    """Return a run with a made-up history of so many updates, and print what appending cost."""
    run = Run(RunConfig(steps=LONG))
    history = run.history

    def append_all() -> None:
        for step in range(1, updates + 1):
            loss = 0.2 * math.exp(-step / updates) + 0.01 * math.sin(step)
            history.append(loss=loss, metric=loss, grad_norm=1.0, lr=0.01, clip_norm=1.0, seconds=0.003 * step)
            if measured_at(step):
                history.append_held_out(step=step, loss=loss, metric=loss, update_ratio=1e-3, saturated=0.1)

    print(f"appending, {updates:,} updates: {number(1e6 * seconds(append_all) / updates, 'us')} each")
    run.step = updates
    return run


def main() -> None:
    """Look at a short and a long run in turns, and print the ratio."""
    runs = {updates: grown(updates) for updates in (SHORT, LONG)}
    times: dict[int, list[float]] = {updates: [] for updates in runs}
    for _ in range(REPEATS):
        for updates, run in runs.items():
            times[updates].append(seconds(partial(run.view, POINTS)))
    short, long = (statistics.median(times[updates]) for updates in (SHORT, LONG))
    ratio = long / short
    rows = [
        (f"view of {POINTS} points", number(short * 1000, "ms"), number(long * 1000, "ms"), f"{ratio:.2f} x",
         "met" if ratio <= TARGET else "MISSED"),
    ]  # fmt: skip
    print(table(("", f"{SHORT:,} updates", f"{LONG:,} updates", "ratio", f"<= {TARGET:g}"), rows))


if __name__ == "__main__":
    main()
