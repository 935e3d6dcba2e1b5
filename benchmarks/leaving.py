"""Visitors who leave without a word: whether the app lets go of all they had."""

import asyncio
import re
import time

import numpy as np

from benchmarks.figures import number
from benchmarks.visitor import FIRST_SEED, Visit, Visitor
from tests.support.server import Server
from tests.support.tab.web import get

STAY = 3.0  # seconds that one wave stays
KEPT = 155.0  # Streamlit keeps lost sessions for 120 s, and the server gives memory back every 30
FILLED = 2  # waves after which caches are full
PATIENCE = 120.0
QUIET = 0.05  # cores: below this, no run is computing
METRICS = "/_stcore/metrics"
SESSIONS = re.compile(rb"^active_sessions (\d+)", re.MULTILINE)


async def sessions_held(server: Server) -> int | None:
    """Return how many sessions the server counts as connected; None if it does not tell."""
    found = SESSIONS.search((await get(server.url, METRICS)).body)
    return int(found[1]) if found else None


async def waves(server: Server, count: int, sessions: int) -> list[dict[str, object]]:
    """Let class after class come, run for a short while and leave; each waits until nothing of the last is kept."""
    found: list[dict[str, object]] = []
    memories: list[float] = []
    for wave in range(1, count + 1):
        visits = await _come_and_go(server, sessions, STAY)
        quiet = await _until_quiet(server)
        await asyncio.sleep(KEPT)
        memory = server.memory()
        memories += [memory] if memory is not None else []
        failed = sum(v.failure is not None for v in visits)
        held = await sessions_held(server)
        found.append({"wave": wave, "failed": failed, "memory": memory, "quiet after": quiet, "sessions held": held})
        print(
            f"wave {wave:2}: {failed} failed, memory {number(memory, 'MB')}, "
            f"quiet after {number(quiet, 's')}, sessions held {number(held)}",
            flush=True,
        )
    later = memories[FILLED:]
    if len(later) > 1:
        slope = np.polyfit(range(len(later)), later, 1)[0]
        print(f"from wave {FILLED + 1} on: {number(slope, 'MB')} more per wave (goal: 1)")
    return found


async def leave(server: Server, sessions: int, seconds: float) -> dict[str, object]:
    """Let everybody disconnect at once; return how long the app takes to stop all their runs."""
    visits = await _come_and_go(server, sessions, seconds)
    answer = {
        "failed sessions": sum(v.failure is not None for v in visits),
        "memory before, MB": server.memory(),
        "quiet after, s (goal: 60)": await _until_quiet(server),
        "memory after, MB": server.memory(),
        "sessions held (goal: 0)": await sessions_held(server),
    }
    print("\n".join(f"{name}: {number(value)}" for name, value in answer.items()))
    return dict(answer)


async def _come_and_go(server: Server, sessions: int, seconds: float) -> list[Visit]:
    until = time.perf_counter() + 1 + seconds
    visitors = [Visitor(server.url, FIRST_SEED + i) for i in range(sessions)]
    return await asyncio.gather(*(visitor.attend(until, plays=False, pauses=False) for visitor in visitors))


async def _until_quiet(server: Server) -> float | None:
    """Wait until the server computes nothing for two seconds; None if it never does, or if it cannot be watched."""
    began = time.perf_counter()
    while time.perf_counter() - began < PATIENCE:
        before, moment = server.processor_seconds(), time.perf_counter()
        await asyncio.sleep(2)
        after = server.processor_seconds()
        if before is None or after is None:
            return None
        if (after - before) / (time.perf_counter() - moment) < QUIET:
            return moment - began
    return None
