"""Files that visitors hand over: only in a place that was handed out for it, and only so much for each and for all."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from starlette.types import Message, Receive

from playground.door.addresses import Rates
from playground.door.bucket import Bucket
from playground.door.settings import DoorSettings
from playground.streamlit_internals.uploads import has_uploader, make_room, stored_bytes

PATH = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)$")
MOST_HANDED_OUT = 20_000  # places for files, of all tabs; the oldest are forgotten


class TooMuchError(Exception):
    """A file that is not taken, with the status and the sentence of the reply."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status


class Uploads:
    """Knows which places for files are open, and how much is kept."""

    def __init__(self, settings: DoorSettings, rates: Rates) -> None:
        self._settings, self._rates = settings, rates
        self._open: dict[tuple[str, str], None] = {}
        self._coming = 0
        self._pace = Bucket(settings.upload_read_per_second, settings.upload_read_per_second)

    def paced(self, receive: Receive) -> Receive:
        """Return what reads a file's pieces no faster than all files together may be read.

        Streamlit takes them apart in Python: 200 MB at once would keep everybody waiting for seconds.
        """

        async def read() -> Message:
            event = await receive()
            if wait := self._pace.take(time.monotonic(), len(event.get("body") or b"")):
                await asyncio.sleep(wait)
            return event

        return read

    def hand_out(self, addresses: Iterable[str]) -> None:
        """Note that a tab was given addresses to send files to."""
        for address in addresses:
            if found := PATH.search(address):
                self._open[found[1], found[2]] = None
        while len(self._open) > MOST_HANDED_OUT:
            self._open.pop(next(iter(self._open)))

    @asynccontextmanager
    async def taking(self, session: str, file: str, length: int | None, address: str) -> AsyncIterator[None]:
        """Make room for a file, or say why it is not taken; it comes in inside of the block.

        Raises
        ------
        TooMuchError
            If nobody asked for this file, or it is one too many.
        """
        if (session, file) not in self._open or not has_uploader(session):
            raise TooMuchError(403, "No page has asked for this file.")
        if length is None:
            raise TooMuchError(411, "A file must say how long it is.")
        del self._open[session, file]
        settings = self._settings
        if length > settings.upload_bytes:
            raise TooMuchError(413, "The file is too large.")
        make_room(session, settings.upload_files - 1, settings.upload_bytes - length)
        if stored_bytes() + self._coming + length > settings.upload_bytes_in_all:
            raise TooMuchError(503, "The server holds too many files at this moment. Try again in a few minutes.")
        if not await self._rates.turn(address, length):
            raise TooMuchError(429, "Too many files came from this network. Try again in a minute.")
        self._coming += length
        try:
            yield
        finally:
            self._coming -= length
