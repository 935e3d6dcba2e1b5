"""Shared by the whole process: the pool of runs, and the janitor that frees what nobody holds any more."""

import atexit
import ctypes
import gc
import logging
import math
import sys
import threading
import time
from collections.abc import Hashable

from playground.live.turn import Turn
from playground.live.visitor import visitor
from playground.session import owned
from playground.streamlit_internals.sessions import is_connected, pages_running, session_of_thread
from rnncore.caching.once import once
from rnncore.pool.pool import RunPool
from rnncore.training.limits import Limits

LIMITS = Limits()
GRACE_SECONDS = 45  # a lost connection may come back; a closed tab must not keep a run for a minute
ROUND_SECONDS = 3
COLLECT_SECONDS = 30
TICKS = ((32, 0.25), (math.inf, 0.5))  # up to so many sessions with a race: seconds between refreshes
LATE_SECONDS = 0.05  # waits this long mean that refreshes come faster than they can be answered
SLOW_SECONDS = 60
SLOW_TICK = 0.5  # seconds between refreshes of a server that is late
COLLECT_AFTER = (20_000, 20, 1000)  # Python's own 700 new objects cost a full class 4 % of its time, 0.1 s at once
# Seconds after which Python takes its lock from a thread that computes. Streamlit sends a page in about 50 messages
# and gives the lock away at each; at Python's own 0.005 a page took a quarter of a second to leave a busy server.
SWITCH_SECONDS = 0.001

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # names of glibc's malloc.h
LARGE_BLOCK, HEAPS = 2**20, 2

log = logging.getLogger(__name__)


def _who() -> str | None:
    """Return the visitor whose page is run on this thread; None on a thread of ours, live views among them."""
    return visitor() if session_of_thread() is not None else None


def _others_train(who: Hashable) -> bool:
    return pool().moves_for_others(who)


page_turn = Turn(_who, _others_train)  # held while a page, a fragment or a live view is drawn


@once
def pool() -> RunPool:
    """Return the pool of this process; made once, together with its janitor."""
    sys.setswitchinterval(SWITCH_SECONDS)
    _return_large_blocks()
    made = RunPool(LIMITS, others_wait=page_is_running, is_there=is_connected)
    threading.Thread(target=_janitor_loop, args=(made,), name="janitor", daemon=True).start()
    atexit.register(made.close)  # a worker inside a PyTorch operation would bring the ending process down with noise
    gc.set_threshold(*COLLECT_AFTER)
    gc.collect()
    gc.freeze()
    return made


def page_is_running() -> bool:
    """Return whether a page, a fragment or a live view is being drawn at this moment for somebody who asks with reason.

    Not for one who asks without a pause, and not while a page waits for a measurement: training would stand still.
    """
    drawn_or_waiting = page_turn.taken + page_turn.queue + page_turn.away
    return page_turn.taken_by_modest or pages_running() > drawn_or_waiting


class Pace:
    """The time between two refreshes of live views: longer when many watch, and while pages wait long for their turn.

    A refresh takes the server 2 to 3 ms, and training needs time too. A server that cannot keep up would answer
    everybody late and train nobody, so it slows down for a minute before it tries again.
    """

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._slow_until = -math.inf

    def seconds(self, watched: int, now: float) -> float:
        """Return the seconds between two refreshes while `watched` sessions have a race."""
        if self._turn.waited > LATE_SECONDS:
            self._slow_until = now + SLOW_SECONDS
        usual = next(seconds for most, seconds in TICKS if watched <= most)
        return SLOW_TICK if now < self._slow_until else usual


_pace = Pace(page_turn)


def tick_seconds() -> float:
    """Return the time between two refreshes of a live view."""
    return _pace.seconds(len(pool().owners()), time.monotonic())


def _janitor_loop(of: RunPool) -> None:
    leases = Leases(GRACE_SECONDS)
    collected = time.monotonic()
    while True:
        time.sleep(ROUND_SECONDS)
        try:
            gone = leases.expired(of.owners() | owned.owners())
            of.release(gone)
            owned.release(gone)
            if of.replace_dead_workers():
                log.error("a worker thread had died and was replaced")
            if time.monotonic() - collected > COLLECT_SECONDS:
                gc.collect()
                trim_memory()
                collected = time.monotonic()
        except Exception:
            log.exception("the janitor met an error and goes on")


def _return_large_blocks() -> None:
    """Have the C library return large blocks of memory to the system as soon as they are free, where it can.

    Left to itself it keeps them, in a heap for each thread: after large networks have trained and have been measured
    that is 170 MB more at the peak.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if set_option is not None:
        set_option(M_MMAP_THRESHOLD, LARGE_BLOCK)
        set_option(M_ARENA_MAX, HEAPS)


def trim_memory() -> None:
    """Return freed memory to the system where the C library can; after a look at all tasks that is 90 MB."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


class Leases:
    """Tells which sessions have been without a connection for longer than the grace period."""

    def __init__(self, grace: float) -> None:
        self.grace = grace
        self._gone_since: dict[str, float] = {}

    def expired(self, owners: set[str], now: float | None = None) -> list[str]:
        """Return the owners whose browser has been gone for too long."""
        now = time.monotonic() if now is None else now
        gone = {owner for owner in owners if not is_connected(owner)}
        self._gone_since = {owner: self._gone_since.get(owner, now) for owner in gone}
        return [owner for owner, since in self._gone_since.items() if now - since >= self.grace]
