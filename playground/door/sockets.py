"""One tab's socket: what it sends is read at a measured pace, and only what a page of ours can have sent."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from playground.door import frames
from playground.door.bucket import Bucket
from playground.door.log import client_fault
from playground.door.runs import Runs
from playground.door.settings import DoorSettings
from playground.door.uploads import Uploads
from playground.streamlit_internals.frames import Frame, upload_addresses

AT_ONCE_SECONDS = 0.02

Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]


class Socket:
    """Stands between Streamlit and one socket.

    Parameters
    ----------
    settings
        The limits.
    runs
        Says when this tab may have a run of its page.
    uploads
        Is told of the places for files that are handed out over this socket.
    receive, send
        Of the socket itself.
    """

    def __init__(self, settings: DoorSettings, runs: Runs, uploads: Uploads, receive: Receive, send: Send) -> None:
        self._settings, self._uploads = settings, uploads
        self._receive, self._send = receive, send
        self._frames = Bucket(settings.frames_per_second, settings.frames_burst)
        self._runs = runs
        self._refreshes = Bucket(settings.refreshes_per_second, 2 * settings.refreshes_per_second)
        self._ahead: deque[Frame | Event] = deque()
        self._bytes = Bucket(settings.bytes_per_second, settings.bytes_burst)
        self._reading: asyncio.Future[Frame | Event] | None = None
        self._first = True
        self._ended = False
        self.cut_off = False  # because of what came over it
        self._asked_for_files = 0

    async def receive(self) -> Event:
        """Return the next message that Streamlit is to see. The socket is not read on much before this is called."""
        if self._ahead:
            found = self._ahead.popleft()
            if isinstance(found, Frame) and found.WhichOneof("type") == "rerun_script":
                found.rerun_script.ClearField("cached_message_hashes")
        else:
            found = await asyncio.shield(self._begin_to_read())
            self._reading = None
        if not isinstance(found, Frame):
            return found
        kind = found.WhichOneof("type")
        if kind == "rerun_script":
            found = await self._when_due(found)
        self._asked_for_files += kind == "file_urls_request"
        return {"type": "websocket.receive", "bytes": found.SerializeToString()}

    async def _when_due(self, run: Frame) -> Frame:
        """Wait until this tab may have a run of its page, and return the request for it: the newest that will do."""
        asked = time.monotonic()
        if run.rerun_script.is_auto_rerun and run.rerun_script.fragment_id:  # a text that is being written, say
            if wait := self._refreshes.take(asked):
                await asyncio.sleep(wait)
                run.rerun_script.ClearField("cached_message_hashes")  # see below
            return run
        turn = asyncio.ensure_future(self._runs.turn())
        try:
            while not turn.done():
                reading = self._begin_to_read()
                both: list[asyncio.Future[Any]] = [turn, reading]
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
                if not reading.done():
                    break
                found, self._reading = reading.result(), None
                if isinstance(found, Frame) and not self._ahead and frames.replaces(found, run):
                    run = found
                    self._runs.asked()
                    continue
                self._ahead.append(found)
                if not isinstance(found, Frame):
                    break
                if len(self._ahead) > self._settings.frames_waiting:
                    self._ahead.append(await self._end("messages faster than anybody sends them", frames.POLICY))
                    break
        finally:
            turn.cancel()
        if time.monotonic() - asked > AT_ONCE_SECONDS:
            # It names the long messages that its browser had then; a browser forgets them after two runs of a page,
            # and one that is sent by its name only would end the connection.
            run.rerun_script.ClearField("cached_message_hashes")
        return run

    def _begin_to_read(self) -> "asyncio.Future[Frame | Event]":
        if self._reading is None:
            self._reading = asyncio.ensure_future(self._read())
        return self._reading

    def close(self) -> None:
        """Read no more."""
        if self._reading is not None:
            self._reading.cancel()

    async def _read(self) -> Frame | Event:
        """Return the next message that a page can have sent, or what else has happened to the socket."""
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
                return frames.parse_frame(data, self._settings)
            except frames.RefusedError as refused:
                if refused.code:
                    return await self._end(str(refused), refused.code)
                client_fault(str(refused))

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
        self._ended = self.cut_off = True
        await self._send({"type": "websocket.close", "code": code, "reason": ""})
        return {"type": "websocket.disconnect", "code": code}
