"""The most memory that one page brings a server to: the heaviest that a visitor may ask for, each on a fresh server.

python -m benchmarks.heaviest
python -m benchmarks.heaviest sweep "model file"
"""

import argparse
import asyncio
import random
import re
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from benchmarks.figures import number, table
from rnncore.text.own import LONGEST, MOST_SYMBOLS
from tests.support.largest_file import largest_file
from tests.support.server import Server, running
from tests.support.tab.client import Session
from tests.support.uploads import open_drawer, upload

GOAL, MORE = 600.0, 100.0  # MB: the server at its most, and what one page adds to one that is warm
PATIENCE, WORK = 30.0, 300.0  # seconds, for what a page says and for work to end
MOVES = re.compile(r"at update (?!0\b)[\d,]+")
FOUR = "rnn,gru,lstm,lstm_peephole"
FLOW = {"task": "adding", "cell": "lstm,gru,gru_cho,lstm_peephole", "hidden_size": 1024, "num_layers": 4,
        "bidirectional": "true", "seq_len": 1000}  # fmt: skip
READ = {
    "table": re.compile(r"[\d,]{6,} values"),
    "text": re.compile(rf"<b>{LONGEST:,}</b> characters"),
    "model": re.compile("Loaded: the race goes on from update 99,999"),
}


@dataclass(frozen=True)
class Asking:
    """One thing to ask for: where, what is pressed, which file is handed over, and what tells that it is done.

    Attributes
    ----------
    drawer, place, file, named
        The drawer that is opened first, the key of the uploader in it, what makes the file, and its name.
    read
        What the page says once it has read the file.
    press
        Keys of buttons, pressed one after the other, after the file.
    done
        What the page says once it has begun to do what was asked; None if a complete page is all.
    until_gone
        Label of a button that is there as long as the work goes on.
    """

    path: str
    press: tuple[str, ...] = ()
    drawer: str = ""
    place: str = ""
    file: Callable[[], bytes] | None = None
    read: re.Pattern[str] | None = None
    done: re.Pattern[str] | None = None
    until_gone: str = ""
    named: str = "file.txt"


@dataclass(frozen=True)
class Figures:
    """What one asking came to, in MB: the server before and at its most."""

    name: str
    baseline: float
    peak: float

    @property
    def more(self) -> float:
        """What the page adds."""
        return self.peak - self.baseline


def _at(page: str, **settings: object) -> str:
    return f"/{page}?{urlencode(settings)}"


def _race(**settings: object) -> Asking:
    return Asking(_at("", **{"cell": FOUR, "steps": 100_000, **settings}), ("train.start",), done=MOVES)


@cache
def _table() -> bytes:
    """Return a table of as many characters as are read, and 50,000 rows."""
    chance = random.Random(0)
    rows = (f"2019-01-01,{chance.random():.15f},{chance.random():.15f},{chance.random():.15f}" for _ in range(50_000))
    return "\n".join(["date,first,second,third", *rows]).encode()


@cache
def _text() -> bytes:
    """Return a text of as many characters and symbols as are learned, all of them wide ones."""
    return "".join(random.Random(0).choices([chr(0x1F300 + i) for i in range(MOST_SYMBOLS)], k=LONGEST)).encode()


ASKINGS: dict[str, Asking] = {
    "race: long updates": _race(task="or_table", batch_size=512, hidden_size=64, seq_len=1000),
    "race: one cell": _race(cell="lstm", task="or_table", batch_size=512, hidden_size=16, seq_len=1000),
    "race: large layers": _race(task="adding", batch_size=512, hidden_size=400, seq_len=1000),
    "race: most weights": _race(task="adding", batch_size=512, hidden_size=490, seq_len=10, equal="true"),
    "race: captions": _race(task="captions", batch_size=512, hidden_size=256),
    "gradients": Asking(_at("gradients", **FLOW)),
    "sweep": Asking(_at("gradients", **{**FLOW, "seq_len": 10}, look="length", swept="true"), until_gone="Stop"),
    "every step": Asking(_at("gradients", **{**FLOW, "task": "copy_memory"}, look="every")),
    "singular values": Asking(_at("gradients", **FLOW, look="stretch")),
    "exploding": Asking(_at("gradients", **FLOW, look="clip"), ("gradients.train",), done=MOVES),
    "learning to write": Asking(_at("learning", text="python", cell="gru", hidden_size=320, num_layers=3),
                                ("learning.start",)),
    "own text": Asking(_at("learning", text="own", cell="lstm", hidden_size=320, num_layers=3),
                       ("learning.start",), place="learning.upload", file=_text, read=READ["text"]),
    "own table": Asking(_at("", task="own_series", cell=FOUR), ("train.start",), place="train.table", file=_table,
                        read=READ["table"], done=MOVES),
    "model file": Asking(_at(""), ("train.start",), drawer="train.drawer.share", place="train.upload",
                         file=largest_file, named="run.safetensors", read=READ["model"]),
}  # fmt: skip


async def measure(seconds: float, names: Iterable[str] = ()) -> list[Figures]:
    """Return what each asking comes to, watched for so many seconds after it was answered."""
    return [await _measure(name, ASKINGS[name], seconds) for name in names or ASKINGS]


async def _measure(name: str, asking: Asking, seconds: float) -> Figures:
    data = asking.file() if asking.file else b""
    async with running(None) as server, _watched(server):
        baseline = server.memory() or 0.0
        async with Session(server.url, asking.path) as tab:
            if asking.drawer:
                await open_drawer(tab, asking.drawer)
            if asking.place:
                await upload(tab, asking.place, asking.named, data)
            if asking.read:
                await says(tab, asking.read)
            for key in asking.press:
                await tab.click(key)
            if asking.done:
                await says(tab, asking.done)
            async with asyncio.timeout(WORK):
                while asking.until_gone and tab.elements.has(asking.until_gone):
                    await asyncio.sleep(0.5)
            await asyncio.sleep(seconds)
            if errors := tab.errors():
                raise LookupError(f"The page shows an error: {errors[0]}")
        return Figures(name, baseline, server.most_memory())


@asynccontextmanager
async def _watched(server: Server) -> AsyncIterator[None]:
    watch = asyncio.create_task(server.watch(0.1))
    try:
        yield
    finally:
        watch.cancel()


async def says(tab: Session, wanted: re.Pattern[str]) -> None:
    """Wait until the page says something."""
    until = time.perf_counter() + PATIENCE
    while True:
        alerts = [node.proto.body for node in tab.elements.of_kind("alert")]
        if any(map(wanted.search, (*tab.elements.texts(), *alerts))):
            return
        if time.perf_counter() > until:
            told = "; ".join(alerts)[:300]
            raise LookupError(f"The page /{tab.page_name} never says '{wanted.pattern}', but: {told or 'nothing'}")
        await asyncio.sleep(0.1)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.heaviest", description=str(__doc__).split("\n\n")[0])
    parser.add_argument("names", nargs="*", help=f"of {', '.join(ASKINGS)} (default: all)")
    parser.add_argument("--seconds", type=float, default=8, help="watched after each (default: %(default)s)")
    asked = parser.parse_args(arguments)
    for each in asked.names or ASKINGS:
        (found,) = asyncio.run(measure(asked.seconds, [each]))
        kept = "met" if found.peak <= GOAL and found.more < MORE else "MISSED"
        print(table(("asked for", "before MB", "peak MB", "more MB", f"<= {GOAL:g} and < {MORE:g}"),
                    [(found.name, *map(number, (found.baseline, found.peak, found.more)), kept)]),
              flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
