"""Connections, below what ASGI sees: who sends a request too slowly, or more messages than anybody reads, is cut off.

uvicorn waits for ever for the end of a request that has begun, and takes in as many messages as come with one piece of
data. Both classes here are its own with a limit added; `USED` names what they rely on, and a test holds that it exists.
"""

import asyncio
from typing import Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from playground.door.addresses import place, plain
from playground.door.bucket import Bucket
from playground.door.log import client_fault

USED = {
    H11Protocol: ("connection_made", "connection_lost", "data_received", "handle_websocket_upgrade",
                  "send_400_response"),
    WebSocketsSansIOProtocol: ("connection_made", "connection_lost", "data_received", "receive", "handle_cont",
                               "handle_ping", "handle_pong"),
}  # fmt: skip
CHECK_SECONDS = 2.0
BODY_CHECKS = 5  # a slow body is judged over so many checks
PIECE = 4096  # bytes of a socket's data that are read before the messages in it are
SMALL_RATE, SMALL_BURST = 50, 500  # pings, pongs and continuations: browsers send hardly any
AFTER_THE_END = 65536  # bytes that somebody may still send on a socket that was closed


class _Counted:
    """Counts a connection from its beginning to its end."""

    _place: str | None = None
    client: tuple[str, int] | None

    def _name_client(self) -> None:
        """Write the client's address plainly, so that a proxy on this machine is known by it."""
        if self.client is not None:
            self.client = plain(self.client[0]), self.client[1]

    def _enter(self, door: Any, transport: asyncio.BaseTransport, trusted: list[str] | str) -> bool:
        peer = transport.get_extra_info("peername")
        address = plain(str(peer[0])) if isinstance(peer, tuple) and peer else ""
        proxies = [each.strip() for each in trusted.split(",")] if isinstance(trusted, str) else trusted
        counted = "" if address in proxies or "*" in proxies else place(address)  # a proxy brings everybody's
        if not door.connections.enter(counted):
            client_fault("more connections than there is room for")
            return False
        self._place = counted
        return True

    def _leave(self, door: Any) -> None:
        if self._place is not None:
            door.connections.leave(self._place)
            self._place = None


class PatientHttp(_Counted, H11Protocol):
    """An HTTP connection that ends when its request does not."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to watch."""
        super().connection_made(transport)
        self._name_client()
        self._door = cast(Any, self.config.app)
        self._came = self._came_before = 0
        self._quiet_checks = self._body_checks = 0
        self._since: float | None = None  # when the last reply had ended, or the connection begun
        self._answered: Any = None  # that reply's request, and how much had come by then
        self._came_then = 0
        self._unread_since: float | None = None
        if self._enter(self._door, transport, self.config.forwarded_allow_ips):
            self.loop.call_later(CHECK_SECONDS, self._check)
            self._since = self.loop.time()
        else:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Make room."""
        super().connection_lost(exc)
        self._leave(self._door)

    def handle_websocket_upgrade(self, event: Any) -> None:
        """Hand the connection over."""
        self._leave(self._door)
        super().handle_websocket_upgrade(event)

    def data_received(self, data: bytes) -> None:
        """Take in what has come."""
        self._came += len(data)
        try:
            super().data_received(data)
        except h11.LocalProtocolError:  # nonsense in the middle of a reply, to which no reply can be given
            self._cut("a request that cannot be read")

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request, with the headers of every reply."""
        client_fault("a request that cannot be read")
        lines = [b"HTTP/1.1 400 Bad Request", *(b": ".join(each) for each in self.server_state.default_headers)]
        lines += [
            b"content-type: text/plain",
            b"connection: close",
            b"content-length: %d" % len(msg),
            b"",
            msg.encode(),
        ]
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(b"\r\n".join(lines))
        self.transport.close()

    def _check(self) -> None:
        if self._place is None or self.transport.is_closing() or self.transport.get_protocol() is not self:
            return
        now, settings = self.loop.time(), self._door.settings
        if self.flow.write_paused:
            self._unread_since = self._unread_since or now
            if now - self._unread_since > settings.reading_seconds:
                return self._cut("a reply that nobody reads")
        else:
            self._unread_since = None
        if self.cycle is None or self.cycle.response_complete:
            if self._since is None or self.cycle is not self._answered:  # it was used since the last look
                self._since, self._answered, self._came_then = now, self.cycle, self._came
            if now - self._since > settings.header_seconds:
                begun = self._came > self._came_then
                return self._cut("a request that does not end") if begun else self.transport.close()
        else:
            self._since = None
            if self._is_slow(settings.body_bytes_per_second, settings.body_seconds):
                return self._cut("a body that comes too slowly")
        self.loop.call_later(CHECK_SECONDS, self._check)

    def _is_slow(self, needed: float, longest: float) -> bool:
        """Return whether a body comes too slowly, or has come for too long."""
        came, self._came_before = self._came - self._came_before, self._came
        self._body_checks = self._body_checks + 1 if self.cycle.more_body else 0
        quiet = self.cycle.more_body and not self.flow.read_paused and came < needed * CHECK_SECONDS
        self._quiet_checks = self._quiet_checks + 1 if quiet else 0
        return self._quiet_checks >= BODY_CHECKS or self._body_checks * CHECK_SECONDS > longest

    def _cut(self, why: str) -> None:
        client_fault(why)
        self.transport.abort()


class PacedSocket(_Counted, WebSocketsSansIOProtocol):
    """A socket whose data are taken apart piece by piece, each after what was in the one before has been read."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to count."""
        super().connection_made(transport)
        self._name_client()
        self._door = cast(Any, self.config.app)
        self._rest = b""
        self._after_end = 0
        self._small = Bucket(SMALL_RATE, SMALL_BURST)
        self.close_timeout = 2.0
        if not self._enter(self._door, transport, self.config.forwarded_allow_ips):
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Make room; what was not read yet is of no use to anybody."""
        self._drop()
        super().connection_lost(exc)
        self._leave(self._door)

    def data_received(self, data: bytes) -> None:
        """Take in what has come, as far as it can be read now."""
        if self.close_sent:
            self._after_end += len(data)
            if self._after_end > AFTER_THE_END:
                return self.transport.abort()
        self._rest += data
        self._feed()

    async def receive(self) -> Any:
        """Return the next message, taking apart more data where there is none."""
        if self.queue.empty():
            self._feed()
        return await super().receive()

    def _feed(self) -> None:
        while self._rest and self.queue.empty() and not self.transport.is_closing():
            piece, self._rest = self._rest[:PIECE], self._rest[PIECE:]
            super().data_received(piece)
        if self.queue.qsize() > self._door.settings.frames_waiting:
            self._cut("messages faster than anybody sends them")
        elif self._rest and not self.read_paused and not self.transport.is_closing():
            self.read_paused = True
            self.transport.pause_reading()

    def handle_cont(self, event: Any) -> None:
        """Take a part of a message."""
        if self._may():
            super().handle_cont(event)

    def handle_ping(self) -> None:
        """Answer a ping."""
        if self._may():
            super().handle_ping()

    def handle_pong(self, event: Any) -> None:
        """Note an answer."""
        if self._may():
            super().handle_pong(event)

    def _may(self) -> bool:
        if not self._small.take(self.loop.time()):
            return True
        self._cut("messages faster than anybody sends them")
        return False

    def _cut(self, why: str) -> None:
        if not self.transport.is_closing():
            client_fault(why)
            self._door.cut_off(self.scope["client"])
            self._drop()  # before anybody reads on
            self.transport.abort()

    def _drop(self) -> None:
        self._rest = b""
        while not self.queue.empty():
            self.queue.get_nowait()
