"""What the others feel: visitors who use their pages before and during an attack."""

import asyncio
import json
import random
import sys
import time
from dataclasses import asdict, dataclass

from benchmarks.attacks.attempts import Attempt
from benchmarks.attacks.every import ATTACKS
from benchmarks.figures import percentile
from tests.support.server import Server
from tests.support.tab.client import Session

VISITORS = 4
PAUSE = 0.25, 0.75  # seconds between an answer and the next click of each, by chance: in step they would never meet
LATER = 1.0  # seconds after its beginning from which an attack is felt


@dataclass(frozen=True)
class Outcome:
    """One attack: what it came to, and what it cost the others.

    Attributes
    ----------
    normal_p50, normal_p95, during_p50, during_p95
        Seconds until a page that was asked for was complete, without and with the attack.
    memory_before, memory_peak
        Of the app, in MB; None where its process is not known.
    lost
        Visitors whose connection was lost.
    """

    name: str
    attempt: Attempt
    normal_p50: float
    normal_p95: float
    during_p50: float
    during_p95: float
    memory_before: float | None
    memory_peak: float | None
    lost: int

    @property
    def factor(self) -> float:
        """How many times as long as normally the others wait."""
        return self.during_p95 / self.normal_p95


async def measure(server: Server, name: str, seconds: float = 20.0) -> Outcome:
    """Let visitors use their pages for a while, without and then with an attack from a process of its own."""
    tabs = [Session(server.url, f"/train?task=adding&seed={number}") for number in range(VISITORS)]
    try:
        for tab in tabs:
            await tab.open()
        normal, _ = await _used(tabs, seconds)
        server.peak = 0.0
        before = server.memory()
        watch = asyncio.create_task(server.watch(0.2))
        attack = asyncio.create_task(_attack(server.url, name, seconds + LATER))
        await asyncio.sleep(LATER)
        during, lost = await _used(tabs, seconds)
        attempt = await attack
        watch.cancel()
    finally:
        for tab in tabs:
            await tab.close()
    return Outcome(
        name, attempt, percentile(normal, 50), percentile(normal, 95), percentile(during, 50), percentile(during, 95),
        before, server.peak or None, lost,
    )  # fmt: skip


async def _used(tabs: list[Session], seconds: float) -> tuple[list[float], int]:
    waits: list[float] = []
    until = time.perf_counter() + seconds

    async def use(tab: Session, chance: random.Random) -> bool:
        await asyncio.sleep(chance.uniform(0, PAUSE[1]))
        while time.perf_counter() < until:
            started = time.perf_counter()
            try:
                waits.append(await asyncio.wait_for(tab.rerun(), 60))
            except (ConnectionError, TimeoutError):
                waits.append(time.perf_counter() - started)
                return True
            await asyncio.sleep(chance.uniform(*PAUSE))
        return False

    lost = await asyncio.gather(*(use(tab, random.Random(number)) for number, tab in enumerate(tabs)))
    return waits, sum(lost)


async def _attack(url: str, name: str, seconds: float) -> Attempt:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.attacks.others", name, url, str(seconds), stdout=asyncio.subprocess.PIPE
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), seconds + 120)
    except TimeoutError:
        process.kill()
        return Attempt(notes=["the attack did not come to its end"])
    return Attempt(**json.loads(said)) if said else Attempt(notes=["the attack failed"])


if __name__ == "__main__":
    print(json.dumps(asdict(ATTACKS[sys.argv[1]](sys.argv[2], float(sys.argv[3])))))
