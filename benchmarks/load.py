"""A class of visitors on one app: what each of them waits for, and what it costs the server.

    python -m benchmarks.load --sessions 30 --seconds 30 --hz 4
    python -m benchmarks.load --sessions 30 --seconds 60 --task captions --verify 0
    python -m benchmarks.load --sessions 10 --waves 10
    python -m benchmarks.load --sessions 30 --leave

Without `--url` the app is started here and stopped at the end.
"""

import argparse
import asyncio
import json
import math
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import psutil

from benchmarks import leaving
from benchmarks.alone import same_as_alone
from benchmarks.figures import jain, number, percentile, table
from benchmarks.visitor import FIRST_SEED, Visit, Visitor
from tests.support.server import Server, running

RAMP = 5.0  # everybody opens the link within so many seconds, and presses Start within as many more
SETTLE = 2.0  # and the class is steady so long after that
BASELINE = 12.0
WARM_UP = 2.0
BUSY = 10.0  # per cent

# figure: (unit, factor from the unit measured in, goal of 30, goal of 100, whether larger is better)
GOALS: dict[str, tuple[str, float, float | None, float | None, bool]] = {
    "failed sessions": ("", 1, 0, 0, False),
    "faults seen": ("", 1, 0, 0, False),
    "page runs cut off": ("", 1, 0, 0, False),
    "usable p50": ("ms", 1000, None, None, False),
    "usable p95": ("ms", 1000, 1000, 2000, False),
    "usable max": ("ms", 1000, None, None, False),
    "tick p50": ("ms", 1000, None, None, False),
    "tick p95": ("ms", 1000, 100, 400, False),
    "tick p95 while they come in": ("ms", 1000, None, None, False),
    "live refreshes": ("Hz", 1, None, None, True),
    "rhythm of refreshes": ("Hz", 1, 4, 2, True),
    "first update shown, max": ("ms", 1000, 5000, None, False),
    "sessions that moved": ("", 1, None, None, True),
    "sessions told their place in line": ("", 1, None, None, True),
    "sessions refused": ("", 1, 0, 0, False),
    "interaction p50": ("ms", 1000, None, None, False),
    "interaction p95": ("ms", 1000, 500, 1000, False),
    "stop p95": ("ms", 1000, 500, None, False),
    "updates per second, all": ("", 1, None, None, True),
    "Jain's index of progress": ("", 1, 0.95, None, True),
    "received per session": ("kB/s", 1e-3, None, None, False),
    "memory, peak": ("MB", 1, 500, 650, False),
    "cores used by this client": ("", 1, None, None, False),
}
LATE = 0.95  # a live curve may miss a tick where the visitor has just used the page
SOONEST = 25  # per cent of the gaps between two pictures


async def attend(
    server: Server,
    count: int,
    seconds: float,
    ramp: float = RAMP,
    every: tuple[float, float] = (3, 6),
    light: bool = False,
    task: str = "",
) -> tuple[dict[str, float], list[Visit]]:
    """Let `count` visitors come within `ramp` seconds, start within as many more, and stay; return what was seen."""
    began, used = time.perf_counter(), psutil.Process().cpu_times()
    until = began + 2 * ramp + seconds
    server.peak = 0.0
    watch = asyncio.create_task(server.watch())
    visitors = [Visitor(server.url, FIRST_SEED + i, every, light=light, task=task) for i in range(count)]
    try:
        visits = await asyncio.gather(
            *(_after(ramp * i / count, who, began + ramp, until) for i, who in enumerate(visitors))
        )
    finally:
        watch.cancel()
    now = psutil.Process().cpu_times()
    share = (now.user + now.system - used.user - used.system) / (time.perf_counter() - began)
    for text in sorted({text for v in visits for text in (v.failure, *v.faults) if text}):
        print(f"  ! {text}", file=sys.stderr)
    found = {"memory, peak": server.peak or math.nan, "cores used by this client": share}
    return figures(visits, began + 2 * ramp + SETTLE) | found, visits


async def _after(delay: float, visitor: Visitor, start: float, until: float) -> Visit:
    await asyncio.sleep(delay)
    return await visitor.attend(until, start=start + delay)


def figures(visits: Sequence[Visit], steady: float) -> dict[str, float]:
    """Return the figures of a class by name, in seconds, bytes and counts; `steady` is when all were in."""
    usable = [v.usable for v in visits if v.usable is not None]
    ticks = [seconds for v in visits for sent, seconds in v.ticks if sent >= steady]
    early_ticks = [seconds for v in visits for sent, seconds in v.ticks if sent < steady]
    interactions = [seconds for v in visits for sent, seconds in v.interactions if sent >= steady]
    watched = [v for v in visits if v.watched]
    return {
        "failed sessions": sum(v.failure is not None for v in visits),
        "faults seen": sum(len(v.faults) for v in visits),
        "page runs cut off": sum(v.lost for v in visits),
        "usable p50": percentile(usable, 50),
        "usable p95": percentile(usable, 95),
        "usable max": percentile(usable, 100),
        "tick p50": percentile(ticks, 50),
        "tick p95": percentile(ticks, 95),
        "tick p95 while they come in": percentile(early_ticks, 95),
        "live refreshes": percentile([pace for v in watched if (pace := _pace(v.pictures, steady))], 50),
        "rhythm of refreshes": percentile([pace for v in watched if (pace := _rhythm(v.pictures, steady))], 50),
        "first update shown, max": percentile([v.first_move for v in visits if v.first_move is not None], 100),
        "sessions that moved": sum(v.first_move is not None for v in visits),
        "sessions told their place in line": sum(v.waited for v in visits),
        "sessions refused": sum(v.failure is None and v.first_move is None and not v.waited for v in visits),
        "interaction p50": percentile(interactions, 50),
        "interaction p95": percentile(interactions, 95),
        "stop p95": percentile([v.stop for v in visits if v.stop is not None], 95),
        "updates per second, all": sum(v.updates / v.watched for v in watched),
        "Jain's index of progress": jain(_progress_together([v.progress for v in watched])),
        "received per session": percentile([v.received_bytes / v.watched for v in watched], 50),
    }


def _pace(pictures: list[float], steady: float) -> float:
    """Return how many pictures a second came once the class was steady, while the race moved."""
    gaps = _gaps(pictures, steady)
    return len(gaps) / float(gaps.sum()) if len(gaps) else 0.0


def _rhythm(pictures: list[float], steady: float) -> float:
    """Return the pace of the pictures that came soonest after one another: a page with nothing new gets none."""
    gaps = _gaps(pictures, steady)
    return 1 / percentile(gaps.tolist(), SOONEST) if len(gaps) else 0.0


def _gaps(pictures: list[float], steady: float) -> np.ndarray:
    gaps = np.diff([moment for moment in pictures if not moment < steady])
    return gaps[np.isfinite(gaps)]


def _progress_together(progress: list[list[tuple[float, int]]]) -> list[float]:
    """Return how far each race came while all were moving: whoever starts early or stops late has had others' share."""
    if not progress:
        return []
    start = max(moments[0][0] for moments in progress)
    end = min(moments[-1][0] for moments in progress)
    each = [np.interp([start, end], *zip(*moments, strict=True)) for moments in progress]
    return [float(after - before) for before, after in each]


def report(idle: dict[str, float], load: dict[str, float], sessions: int, hz: float | None, *, light: bool) -> str:
    """Lay out the figures beside those of a single session, and the goals."""
    rows = []
    for name, (unit, factor, goal_30, goal_100, larger) in GOALS.items():
        goal = goal_30 if sessions <= 30 else goal_100
        if name == "sessions that moved":
            goal = min(sessions, 40)
        if name == "rhythm of refreshes":
            goal = LATE * (hz or goal or 0) if light else None
        value, base = load[name] * factor, idle[name] * factor
        ratio = f"{value / base:.2f} x" if base and math.isfinite(value / base) else "-"
        bound = "-" if goal is None else f"{'>=' if larger else '<='} {number(goal, unit)}"
        kept = "" if goal is None else "met" if (value >= goal if larger else value <= goal) else "MISSED"
        rows.append((name, number(base, unit), number(value, unit), ratio, bound, kept))
    return table(("", "1 session", f"{sessions} sessions", "ratio", "goal", ""), rows)


async def steady(server: Server, options: argparse.Namespace) -> dict[str, object]:
    """Measure one session alone, then a class; compare some curves with the same races trained alone."""
    # the first visitor of a cold process pays for its imports
    await attend(server, 1, WARM_UP, ramp=0)
    idle, _ = await attend(server, 1, BASELINE, ramp=0, every=(0.5, 1.5), light=options.light, task=options.task)
    load, visits = await attend(server, options.sessions, options.seconds, light=options.light, task=options.task)
    print(report(idle, load, options.sessions, options.hz, light=options.light))
    whole = [visit for visit in visits if visit.chart is not None]
    checked = whole[:: max(1, len(whole) // max(1, options.verify))][: options.verify]
    same = sum(map(same_as_alone, checked))
    print(f"\ncurves equal to the same race trained alone, bit for bit: {same} of {len(checked)}")
    return {"idle": idle, "load": load, "checked": len(checked), "same as alone": same}


async def main(options: argparse.Namespace) -> None:
    """Run what was asked for, within a bounded time."""
    limit = 300 + 3 * options.seconds + (2 * leaving.STAY + leaving.PATIENCE + leaving.KEPT) * options.waves
    others = psutil.cpu_percent(interval=1)
    if others > BUSY:
        print(f"  ! this machine is {others:.0f} % busy with other things: the figures are not of the app alone")
    answer: dict[str, object] = {"sessions": options.sessions, "seconds": options.seconds, "busy before": others}
    async with asyncio.timeout(limit), running(options.url) as server:
        if options.waves:
            answer["waves"] = await leaving.waves(server, options.waves, options.sessions)
        elif options.leave:
            answer["leave"] = await leaving.leave(server, options.sessions, options.seconds)
        else:
            answer |= await steady(server, options)
    if options.json:
        Path(options.json).write_text(json.dumps(answer, indent=2) + "\n")


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=str(__doc__).split("\n\n")[0])
    parser.add_argument("--sessions", type=int, default=30, help="visitors (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=30, help="how long all stay (default: %(default)s)")
    parser.add_argument("--hz", type=float, help="live updates per second to expect (default: 4, or 2 for over 30)")
    parser.add_argument("--verify", type=int, default=3, metavar="N", help="curves to train again (default: 3)")
    parser.add_argument("--url", help="a running app (default: start one)")
    parser.add_argument("--json", metavar="FILE", help="also write the figures to a file")
    parser.add_argument("--light", action="store_true", help="small networks, which move between any two refreshes")
    parser.add_argument("--task", default="", help="a task as it is recommended, instead of small networks on adding")
    parser.add_argument("--waves", type=int, default=0, metavar="N", help="N classes come, run 3 s and leave")
    parser.add_argument("--leave", action="store_true", help="all disconnect at once; wait until nothing computes")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    asyncio.run(main(parse()))
