"""Addresses of visitors, and the share of the server that one address may have: a class has one for all of it."""

import asyncio
import ipaddress
import time
from collections import Counter

from playground.door.bucket import Bucket
from playground.door.settings import DoorSettings

MOST_KNOWN = 10_000  # addresses remembered; those that have done nothing lately are forgotten first


def plain(address: str) -> str:
    """Return an address of IPv4 as such, also where a socket for both families writes it as one of IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(mapped or found)


def place(address: str | None) -> str:
    """Return the name under which an address counts: IPv6 by its network, of which one household has all."""
    try:
        found = ipaddress.ip_address(plain(address or ""))
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))
    return str(found)


class Open:
    """Counts what is open: at most so many in all, and so many from one place."""

    def __init__(self, in_all: int, from_one: int) -> None:
        self._in_all, self._from_one = in_all, from_one
        self._open: Counter[str] = Counter()

    def enter(self, place: str) -> bool:
        """Count one more and return True, or return False where there is no room."""
        if self._open.total() >= self._in_all or (place and self._open[place] >= self._from_one):
            return False
        self._open[place] += 1
        return True

    def leave(self, place: str) -> None:
        """Count one less."""
        self._open[place] -= 1
        if self._open[place] <= 0:
            del self._open[place]


class Rates:
    """A bucket for each place; whoever is too fast waits, and is refused where that would take too long."""

    def __init__(self, rate: float, burst: float, patience: float) -> None:
        self._rate, self._burst, self._patience = rate, burst, patience
        self._buckets: dict[str, Bucket] = {}

    async def turn(self, place: str, amount: float = 1) -> bool:
        """Wait until it is this place's turn; return False where it would wait for longer than it may."""
        now = time.monotonic()
        bucket = self._bucket(place, now)
        if bucket.wait(now, amount) > self._patience:
            return False
        wait = bucket.take(now, amount)
        if wait:
            await asyncio.sleep(wait)
        return True

    def charge(self, place: str, amount: float = 1) -> None:
        """Count so much without waiting for it; a `turn` waits for half the patience at most because of this."""
        now = time.monotonic()
        self._bucket(place, now).charge(now, amount, -self._patience / 2 * self._rate)

    def spent(self, place: str) -> bool:
        """Return whether nothing is left for this place at the moment."""
        now = time.monotonic()
        return self._bucket(place, now).wait(now) > 0

    def _bucket(self, place: str, now: float) -> Bucket:
        if place not in self._buckets:
            if len(self._buckets) >= MOST_KNOWN:
                self._forget(now)
            self._buckets[place] = Bucket(self._rate, self._burst)
        return self._buckets[place]

    def _forget(self, now: float) -> None:
        for name in [name for name, bucket in self._buckets.items() if bucket.full(now)]:
            del self._buckets[name]
        while len(self._buckets) >= MOST_KNOWN:
            self._buckets.pop(next(iter(self._buckets)))


class Addresses:
    """All that is counted for each place."""

    def __init__(self, settings: DoorSettings) -> None:
        patience = settings.patience_seconds
        self.sockets = Open(settings.sockets, settings.sockets_per_address)
        self.new_sockets = Rates(settings.new_sockets_per_second, settings.new_sockets_burst, patience)
        self.left_sockets = Rates(settings.left_sockets_per_second, settings.left_sockets_burst, patience)
        self.requests = Rates(settings.requests_per_second, settings.requests_burst, patience)
        self.assets = Rates(settings.assets_per_second, settings.assets_burst, patience)
        self.uploads = Rates(settings.upload_bytes_per_second, settings.upload_bytes_per_address, patience)
