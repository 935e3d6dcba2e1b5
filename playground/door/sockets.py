"""One tab's socket: what it sends is read at a measured pace, and only what a page of ours can have sent."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from playground.door import frames
from playground.door.bucket import Bucket
from playground.door.log import client_fault
from playground.door.settings import DoorSettings
from playground.door.uploads import Uploads
from playground.streamlit_internals import upload_addresses

Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]


class Socket:
    """Stands between Streamlit and one socket.

    Parameters
    ----------
    settings
        The limits.
    uploads
        Is told of the places for files that are handed out over this socket.
    receive, send
        Of the socket itself.
    """

    def __init__(self, settings: DoorSettings, uploads: Uploads, receive: Receive, send: Send) -> None:
        self._settings, self._uploads = settings, uploads
        self._receive, self._send = receive, send
        self._frames = Bucket(settings.frames_per_second, settings.frames_burst)
        self._bytes = Bucket(settings.bytes_per_second, settings.bytes_burst)
        self._first = True
        self._ended = False
        self._asked_for_files = 0

    async def receive(self) -> Event:
        """Return the next message that Streamlit is to see. Until this is called the socket is not read on."""
        while True:
            event = await self._next()
            if event["type"] != "websocket.receive":
                return event
            data = event.get("bytes")
            if data is None:
                return await self._end("a message in text", frames.UNSUPPORTED)
            now = time.monotonic()
            await asyncio.sleep(max(self._frames.take(now), self._bytes.take(now, len(data))))
            try:
                frame = frames.read(data, self._settings)
            except frames.RefusedError as refused:
                if refused.code:
                    return await self._end(str(refused), refused.code)
                client_fault(str(refused))
                continue
            self._asked_for_files += frame.WhichOneof("type") == "file_urls_request"
            return {"type": "websocket.receive", "bytes": frame.SerializeToString()}

    async def send(self, event: Event) -> None:
        """Send a message of Streamlit's, unless the socket has been ended here."""
        if self._ended:
            return
        if self._asked_for_files and event["type"] == "websocket.send":
            found = upload_addresses(event.get("bytes") or b"")
            if found is not None:
                self._asked_for_files -= 1
                self._uploads.hand_out(found)
        try:
            await self._send(event)
        except OSError:  # it is gone, which `receive` will tell; Streamlit takes it for an error
            self._ended = True

    async def _next(self) -> Event:
        """Wait for a message; a tab says something at once, so who says nothing is none."""
        if not self._first:
            return await self._receive()
        try:
            event = await asyncio.wait_for(self._receive(), self._settings.first_frame_seconds)
        except TimeoutError:
            return await self._end("a connection on which nothing was said", frames.POLICY)
        self._first = event["type"] == "websocket.connect"
        return event

    async def _end(self, why: str, code: int) -> Event:
        client_fault(why)
        self._ended = True
        await self._send({"type": "websocket.close", "code": code, "reason": ""})
        return {"type": "websocket.disconnect", "code": code}
