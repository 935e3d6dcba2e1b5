"""Over sequence length: what share of the gradient at the last step still reaches the first.

`python -m playground.gradients.sweep` measures it with the page's first settings and records what the page shows then.
"""

import json
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from playground.components.numbers import number
from playground.gradients.settings import FIRST, LIMITS, LOOKING, FlowView
from playground.live import jobs, measurements
from playground.live.visitor import visitor
from playground.race.setup import Setup, read_setup
from playground.session import state
from rnncore.analysis.decay import FLOOR
from rnncore.analysis.gradients import reach
from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.tasks import TASKS

LENGTHS = (2, 5, 10, 20, 50, 100, 200, 500, 1000)
SEEDS = 3
FEWEST, MOST = 2, 8  # examples of one measurement
RECORDED = Path(__file__).with_name("recorded_lengths.json")


class Reached(NamedTuple):
    """One measurement: the share that one network of one length passes on from the last step to the first."""

    cell: str
    length: int
    seed: int
    share: float


def lengths(setup: Setup) -> list[int]:
    """Return the lengths that this task has, and at which there is memory to look at every step of all networks."""
    low, high = TASKS[setup.config.task].seq_len_range
    of_task = [length for length in LENGTHS if low <= length <= high]
    return [
        length
        for length in of_task
        if length == of_task[0]
        or all(measurements.examples([config.with_(seq_len=length)]) >= FEWEST for config in setup.configs)
    ]


def left_out(setup: Setup) -> str:
    """Say which of the task's lengths are left out, and why; empty if none is."""
    high = TASKS[setup.config.task].seq_len_range[1]
    measured = lengths(setup)
    longer = [length for length in LENGTHS if measured[-1] < length <= high]
    if not longer:
        return ""
    return (
        f"The sweep ends at {measured[-1]:,} steps: {longer[0]:,} would take more memory than this server gives "
        "one measurement. Fewer layers, one direction or a smaller hidden size reach further."
    )


def start(setup: Setup) -> None:
    """Begin the sweep in the background."""
    jobs.start(state.session_id(), visitor(), about(setup), pieces(setup))


def pieces(setup: Setup) -> list[partial["Reached"]]:
    """Return the measurements of a sweep: short lengths first, so that something is drawn at once."""
    return [
        partial(measure, config, length, config.seed + seed)
        for length in lengths(setup)
        for config in setup.configs
        for seed in range(SEEDS)
    ]


def recorded(setup: Setup) -> list["Reached"]:
    """Return a sweep that was measured earlier with these settings; empty if there is none."""
    return _recording() if about(setup) == about(_first()) else []


@cache
def _first() -> Setup:
    return read_setup(FIRST, LIMITS, FlowView)[0]


@cache
def _recording() -> list["Reached"]:
    return [Reached(*row) for row in json.loads(RECORDED.read_text())]


def about(setup: Setup) -> str:
    """Return what a sweep depends on: everything but the length and how it is looked at."""
    return str({name: value for name, value in setup.flat().items() if name != "seq_len" and name not in LOOKING})


def measure(config: RunConfig, length: int, seed: int) -> Reached:
    """Measure one network at one length."""
    changed = config.with_(seq_len=length, seed=seed)
    return Reached(changed.cell, length, seed, reach(changed, batch_size=min(MOST, measurements.examples([changed]))))


def rows(found: list[Reached]) -> pa.Table:
    """Return kind, series, lag (the length), mean, low, high over the seeds, as `flow_charts.flow_chart` takes them."""
    columns: dict[str, list[object]] = {name: [] for name in ("kind", "series", "lag", "mean", "low", "high")}
    for cell, length in dict.fromkeys((one.cell, one.length) for one in found):
        shares = np.array([one.share for one in found if (one.cell, one.length) == (cell, length)])
        if np.isfinite(shares).all() and shares.mean() > FLOOR:
            values = ("h", CELLS[cell].label, length, shares.mean(), max(shares.min(), FLOOR), shares.max())
            for name, value in zip(columns, values, strict=True):
                columns[name].append(value)
    return pa.table(columns)


def csv(found: list[Reached]) -> str:
    """Return every single measurement."""
    lines = [f"{one.cell},{one.length},{one.seed},{one.share!r}" for one in found]
    return "\n".join(["cell,length,seed,share", *lines]) + "\n"


def finding(found: list[Reached]) -> str:
    """Say for each cell how long a sequence may be for 1/1000 to come through."""
    said = []
    for cell in dict.fromkeys(one.cell for one in found):
        mean = {n: float(np.mean([o.share for o in found if (o.cell, o.length) == (cell, n)]))
                for n in dict.fromkeys(o.length for o in found if o.cell == cell)}  # fmt: skip
        lost = [length for length, share in mean.items() if not share >= 1e-3]
        longest = max(mean)
        said.append(
            f"**{CELLS[cell].label}**: at {min(lost):,} steps less than 1/1000 of the gradient reaches the first step."
            if lost
            else f"**{CELLS[cell].label}**: even at {longest:,} steps {number(mean[longest], 2)} of the gradient "
            "arrives."
        )
    return " ".join(said)


if __name__ == "__main__":
    RECORDED.write_text(json.dumps([piece() for piece in pieces(_first())]).replace("],", "],\n") + "\n")
