"""What the app survives, row by row: greedy visitors, heavy pages, a killed server, bad files, attacks.

    python -m benchmarks.resilience
    python -m benchmarks.resilience --rows 7 11
    python -m benchmarks.resilience --write

`--write` also writes docs/resilience.md. Every row starts servers of its own and stops them.
"""

import argparse
import asyncio
import subprocess
import sys
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path
from statistics import median

import psutil
import torch

from benchmarks import greedy, heaviest, hostile_files, killed
from benchmarks.attacks.every import ATTACKS
from benchmarks.attacks.others import Outcome
from benchmarks.attacks.others import measure as measure_attack
from benchmarks.figures import number
from benchmarks.goals import Row, as_text, machine, page
from benchmarks.load import BUSY
from tests.support.server import running

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "resilience.md"
ACCESSIBLE = ROOT / "tests" / "browser" / "test_accessibility.py"
SHARE, SHARE_OF_HALL, FACTOR, UP = (
    0.7,
    0.5,
    2.0,
    10.0,
)  # goals; others stand in their own benchmarks
AFTER_SECONDS = 5.0  # that a heavy page is watched for
HALL, SECONDS_OF_HALL = 99, 200.0  # each has four turns in this time
LONGEST = 2400.0

# attack: the goal it belongs to, and what it is
ATTACKED = {
    "files": (16, "12 large files, half of them under invented names"),
    "paths": (17, "paths that lead outside"),
    "foreign_pages": (18, "pages of other sites connect"),
    "garbage": (18, "text, nonsense and frames of 4 MB"),
    "other_kinds": (18, "messages that no page sends"),
    "flood": (19, "a flood of page runs"),
    "new_tabs": (19, "a new tab with three page runs, again and again"),
    "steady": (19, "eight tabs, 20 page runs a second each"),
    "pings": (19, "a flood of pings"),
    "file_names": (19, "120,000 files announced in a message"),
    "widgets": (19, "15,000 widgets in a message"),
    "many_tabs": (19, "600 open tabs"),
    "unfinished": (19, "600 requests without an end"),
}

# why a goal is missed, by the row's words; said of a row only as long as it misses its goal
GREEDY = "one greedy visitor (10 tabs: largest networks, sweeps, gradients) beside five modest ones"
GREEDY_IN_HALL = "the same beside 99 modest ones, of whom 40 at a time have a place"
MEMORY = f"peak memory of a page, the worst of {len(heaviest.ASKINGS)} of the heaviest"
MORE = "what one page at its limits adds to the server, the worst of the same"
REASONS: dict[str, str] = {}


async def greedy_row(asked: argparse.Namespace) -> list[Row]:
    """Ten tabs of a greedy visitor beside five modest ones, and once beside a full hall."""
    found = []
    for _ in range(asked.repeats):
        async with running(None) as server:
            found.append(await greedy.measure(server, 3 * asked.seconds))
    share, least = median(each.share for each in found), median(each.least for each in found)
    async with running(None) as server:
        hall = await greedy.measure(server, SECONDS_OF_HALL, HALL)
    return [_kept(GREEDY, share, least, SHARE), _kept(GREEDY_IN_HALL, hall.share, hall.least, SHARE_OF_HALL)]


def _kept(what: str, share: float, least: float, goal: float) -> Row:
    measured = f"{share:.0%}; the one that kept least {least:.0%}"
    return Row(6, what, f"each keeps >= {goal:.0%} of a fair share", measured, least >= goal)


async def memory_row(_: argparse.Namespace) -> list[Row]:
    """Every heavy page alone."""
    found = await heaviest.measure(AFTER_SECONDS)
    worst, most = max(found, key=lambda each: each.peak), max(found, key=lambda each: each.more)
    peak = f"{number(worst.peak, 'MB')} ({worst.name}), of which the server alone {number(worst.baseline, 'MB')}"
    more = f"{number(most.more, 'MB')} ({most.name})"
    return [Row(7, MEMORY, f"<= {heaviest.GOAL:.0f} MB", peak, worst.peak <= heaviest.GOAL),
            Row(7, MORE, f"< {heaviest.MORE:.0f} MB", more, most.more < heaviest.MORE)]  # fmt: skip


async def killed_row(_: argparse.Namespace) -> list[Row]:
    """A server that is killed while a run is going."""
    found = await killed.measure()
    told = "its page tells that the run is gone" if found.told else "its page does not tell that the run is gone"
    measured = (f"page complete after {found.seconds:.1f} s; {told}; after Start {found.same} of {found.losses} losses "
                "the same to the bit")  # fmt: skip
    kept = found.seconds <= UP and found.told and found.same == found.losses > 0
    return [Row(11, "`kill -9` while a run is going", f"up <= {UP:.0f} s, told, the same losses", measured, kept)]


async def files_row(_: argparse.Namespace) -> list[Row]:
    """Model files that are flipped, cut or crafted."""
    torch.set_num_threads(1)
    found = await asyncio.to_thread(hostile_files.measure)
    bad = found.accepted, found.unclear, found.slow, found.large
    measured = (f"of {found.tried:,} accepted {len(found.accepted)}, not told in a sentence {len(found.unclear)}; at "
                f"most {number(found.seconds, 's')} and {number(found.megabytes, 'MB')}")  # fmt: skip
    goal = f"0 accepted, each told, <= {hostile_files.SECONDS:.0f} s and {hostile_files.MEGABYTES:.0f} MB"
    what = "model files: for each of 3 kinds 200 flipped bits, 50 cuts, and over 100 crafted"
    return [Row(12, what, goal, measured, not any(bad))]


async def attack_rows(asked: argparse.Namespace) -> list[Row]:
    """Every attack that belongs to a row that is wanted; each repetition on a server of its own."""
    names = [name for name in ATTACKS if ATTACKED[name][0] in asked.rows]
    found: dict[str, list[Outcome]] = defaultdict(list)
    for _ in range(asked.repeats):
        async with running(None) as server:
            for name in names:
                found[name].append(await measure_attack(server, name, asked.seconds))
    return [attack_row(name, found[name]) for name in names]


def attack_row(name: str, found: Sequence[Outcome]) -> Row:
    """Return what the others felt of an attack: the median over its repetitions, and all who were cut off."""
    factor, lost = median(each.factor for each in found), sum(each.lost for each in found)
    normal, during = (median(values) for values in
                      zip(*((each.normal_p95, each.during_p95) for each in found), strict=True))  # fmt: skip
    measured = f"{factor:.2f} x ({normal * 1000:.0f} -> {during * 1000:.0f} ms); cut off {lost}"
    row, what = ATTACKED[name]
    return Row(row, f"attack: {what}", f"others' p95 <= {FACTOR:g} x", measured, factor <= FACTOR and not lost)


async def accessible_row(_: argparse.Namespace) -> list[Row]:
    """Every page under axe-core, by the test that holds them to it."""
    test = str(ACCESSIBLE.relative_to(ROOT))
    command = (sys.executable, "-m", "pytest", "-q", "-o", "addopts=", test)
    ran = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    said = ran.stdout.strip().splitlines()[-1:] or ["nothing was said"]
    return [Row(22, "accessibility: axe-core on every page", "0 critical, 0 serious", f"{said[0]} ({test})",
                ran.returncode == 0)]  # fmt: skip


MEASURES: dict[tuple[int, ...], Callable[[argparse.Namespace], Awaitable[list[Row]]]] = {
    (6,): greedy_row,
    (7,): memory_row,
    (11,): killed_row,
    (12,): files_row,
    (16, 17, 18, 19): attack_rows,
    (22,): accessible_row,
}
ROWS = tuple(number for numbers in MEASURES for number in numbers)


async def main(asked: argparse.Namespace) -> None:
    """Measure the rows that are wanted, print them, and write the document if that is wanted.

    Raises
    ------
    SystemExit
        If a row could not be measured; then nothing is written.
    """
    others = psutil.cpu_percent(interval=1)
    if others > BUSY:
        print(f"  ! this machine is {others:.0f} % busy with other things: the figures are not of the app alone")
    rows: list[Row] = []
    failed = []
    async with asyncio.timeout(LONGEST):
        for numbers, measure in MEASURES.items():
            if not set(numbers) & set(asked.rows):
                continue
            try:
                fresh = await measure(asked)
            except (ConnectionError, LookupError, TimeoutError, subprocess.TimeoutExpired) as error:
                failed.append(f"Row {numbers[0]} could not be measured: {type(error).__name__}: {error}")
                print(failed[-1], flush=True)
                continue
            rows += fresh
            print(as_text(fresh), flush=True)
    rows.sort(key=lambda row: row.number)
    print("\n" + as_text(rows))
    if failed:
        raise SystemExit("\n".join(failed))
    if asked.write:
        command = "python -m benchmarks.resilience " + " ".join(sys.argv[1:])
        DOCUMENT.write_text(page(rows, command, date.today(), machine(), REASONS))


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.resilience", description=str(__doc__).split("\n\n")[0])
    parser.add_argument("--rows", type=int, nargs="+", choices=ROWS, default=list(ROWS), help="default: all")
    parser.add_argument("--seconds", type=float, default=6, help="of each stretch under attack (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=3, help="of what is noisy (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help=f"also write {DOCUMENT.relative_to(ROOT)}")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    asyncio.run(main(parse()))
