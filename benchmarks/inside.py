"""Whether a race keeps its speed while its networks are seen inside, and what that costs beside curve and answers.

python -m benchmarks.inside
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from benchmarks.figures import number, table
from benchmarks.visitor import settings
from tests.support.server import Server, free_port, running
from tests.support.tab.client import Session
from tests.support.train_page import START, progress_of

SLOWED, COST = 0.9, 2.0  # of the pace beside the answers; all that is sent may be twice as much, curve and picture
VIEWS = ("answers", "inside")
CURVE, INSIDE = "curve", "inside"

# The app, with a clock on what draws the curve and on what measures and draws the picture: the processor time of their
# own threads, which others on the same machine hardly change.
PROGRAM = """
import json, os, runpy, sys, threading, time
import playground.train.inside as inside, playground.train.question as question, playground.train.view as view

used = {{"curve": 0.0, "inside": 0.0}}

def timed(name, function):
    def call(*args, **settings):
        began = time.thread_time()
        try:
            return function(*args, **settings)
        finally:
            used[name] += time.thread_time() - began
    return call

view._curve = timed("curve", view._curve)
inside.inside = timed("inside", inside.inside)
inside.Insides.refresh = timed("inside", question.Replies.refresh)

def write():
    while True:
        time.sleep(0.2)
        with open({path!r} + ".new", "w") as file:
            json.dump(used, file)
        os.replace({path!r} + ".new", {path!r})

threading.Thread(target=write, daemon=True).start()
sys.argv = ["playground", "--server.port", "{port}", "--server.address", "127.0.0.1"]
runpy.run_module("playground", run_name="__main__")
"""


class Stretch(NamedTuple):
    """A while of watching, each a second: updates, bytes, those of curve and picture, and their processor time in ms.

    `processor` is what the server took in all, in seconds for each update.
    """

    pace: float
    received: float
    processor: float
    curve_bytes: float
    inside_bytes: float
    curve_ms: float
    inside_ms: float


class Weighed(Session):
    """A tab that counts what the curve and the picture send."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.bytes: Counter[str] = Counter()

    def _take(self, message: Any) -> Any:
        if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            kind = element.WhichOneof("type")
            if kind == "vega_lite_chart" or (kind == "html" and "unrolled-data" in element.html.body):
                self.bytes[CURVE if kind == "vega_lite_chart" else INSIDE] += message.ByteSize()
        return super()._take(message)


async def watched(session: Weighed, server: Server, clock: Path, seconds: float) -> Stretch:
    """Watch the race as it stands on screen for some seconds."""
    first, received, used, began = _update(session), session.received_bytes, _used(server), time.perf_counter()
    weighed, took = session.bytes.copy(), json.loads(clock.read_text())
    await asyncio.sleep(seconds)
    elapsed, updates = time.perf_counter() - began, _update(session) - first
    sent = [(session.bytes[name] - weighed[name]) / elapsed for name in (CURVE, INSIDE)]
    after = json.loads(clock.read_text())
    own = [1000 * (after[name] - took[name]) / elapsed for name in (CURVE, INSIDE)]
    return Stretch(updates / elapsed, (session.received_bytes - received) / elapsed,
                   (_used(server) - used) / max(1, updates), *sent, *own)  # fmt: skip


def _update(session: Session) -> int:
    shown = progress_of(session)
    if shown is None:
        raise LookupError("The Train page shows no race.")
    return shown.update


def _used(server: Server) -> float:
    found = server.processor_seconds()
    if found is None:
        raise LookupError("The process of the app is not known.")
    return found


async def measure(seconds: float, repeats: int) -> dict[str, list[Stretch]]:
    """Train one race, and have the answers and the networks' inside beside its curve in turn."""
    found: dict[str, list[Stretch]] = {name: [] for name in VIEWS}
    with tempfile.TemporaryDirectory() as folder:
        clock, port = Path(folder) / "clock", free_port()
        program = PROGRAM.format(path=str(clock), port=port).replace("{", "{{").replace("}", "}}")
        async with (
            running(None, (sys.executable, "-c", program), port) as server,
            Weighed(server.url, f"/?{urlencode(settings(1))}") as session,
        ):
            await session.click(START)
            await asyncio.sleep(seconds)
            for repeat in range(repeats):
                for name in VIEWS if repeat % 2 else reversed(VIEWS):
                    await session.set("train.beside", name.capitalize())  # as its button says
                    await asyncio.sleep(1)
                    found[name].append(await watched(session, server, clock, seconds))
    return found


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inside", description=str(__doc__).split("\n\n")[0])
    parser.add_argument("--seconds", type=float, default=8, help="of each stretch (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=6, help="of each (default: %(default)s)")
    options = parser.parse_args()
    found = asyncio.run(measure(options.seconds, options.repeats))
    middle = {name: Stretch(*map(statistics.median, zip(*each, strict=True))) for name, each in found.items()}
    answers, inside = middle["answers"], middle["inside"]
    if not inside.inside_bytes or answers.inside_bytes:
        raise LookupError("Inside did not stand beside the curve when it should have, or when it should not.")
    ratios = [statistics.median(b.pace / a.pace for a, b in zip(found["answers"], found["inside"], strict=True)),
              inside.received / answers.received, inside.processor / answers.processor]  # fmt: skip
    goals = [f">= {SLOWED}", f"<= {COST}", f"<= {1 / SLOWED:.2f}"]
    met = [ratios[0] >= SLOWED, ratios[1] <= COST, ratios[2] <= 1 / SLOWED]
    units = ("updates/s", "bytes/s", "processor s per update")
    every = zip(units, answers, inside, ratios, goals, met, strict=False)
    rows = [(unit, number(before), number(after), f"{ratio:.2f} x", goal, "met" if good else "MISSED")
            for unit, before, after, ratio, goal, good in every]  # fmt: skip
    print(table(("one race of three cells", "Answers", "Inside", "ratio", "goal", ""), rows))
    alone = [(unit, number(curve), number(picture), f"{picture / curve:.2f} x", "<= 1", "met" if picture <= curve else
              "MISSED") for unit, curve, picture in (("bytes/s", inside.curve_bytes, inside.inside_bytes),
             ("processor ms/s of their own threads", inside.curve_ms, inside.inside_ms))]  # fmt: skip
    print(table(("Inside and the curve beside it", "curve", "Inside", "ratio", "goal", ""), alone))


if __name__ == "__main__":
    main()
