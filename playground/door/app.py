"""The door: ASGI middleware around all of Streamlit. Whoever may not come in does not get that far."""

import ipaddress
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from playground.door import uploads
from playground.door.addresses import Addresses, Open, place
from playground.door.cookie import introducing
from playground.door.frames import POLICY
from playground.door.hosts import known_host, known_origin
from playground.door.log import client_fault, quieten
from playground.door.runs import AllRuns, Runs
from playground.door.settings import DoorSettings
from playground.door.sockets import Socket

ASSETS = ("/static/", "/media/")
CUT_OFF_COUNTS = 10  # new tabs
METRICS = "/_stcore/metrics"
READING = ("GET", "HEAD", "OPTIONS")
WRITING = ("PUT", "DELETE")  # and only files
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
UNKNOWN_HOST = (
    "This server is not known by the name in the address. Whoever runs it can allow the name: "
    "RNN_PLAYGROUND_HOSTS=name, or several with commas between them."
)


class Door:
    """Lets in what a page of ours sends, at a measured pace, and refuses everything else.

    Parameters
    ----------
    app
        What is behind the door.
    settings
        The limits.
    """

    def __init__(self, app: ASGIApp, settings: DoorSettings) -> None:
        self.settings = settings
        self.connections = Open(settings.connections, settings.connections_per_address)
        self._app = app
        self._addresses = Addresses(settings)
        self._runs = AllRuns(settings)
        self._uploads = uploads.Uploads(settings, self._addresses.uploads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            quieten()
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope)
        address = place(scope["client"][0] if scope.get("client") else None)
        asset = scope["type"] == "http" and any(part in scope["path"] for part in ASSETS)
        hosts = given.getlist("host")
        if not await (self._addresses.assets if asset else self._addresses.requests).turn(address):
            await self._refuse(scope, receive, send, 429, "Too many requests.", "more requests than allowed")
        elif len(hosts) != 1 or not known_host(hosts[0], self.settings):
            await self._refuse(scope, receive, send, 421, UNKNOWN_HOST, "a name that this server does not have")
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send, given, address)
        else:
            await self._request(scope, receive, send if asset else introducing(send, given), given, address)

    async def _socket(self, scope: Scope, receive: Receive, send: Send, given: Headers, address: str) -> None:
        origins = given.getlist("origin")
        if len(origins) > 1 or not known_origin(given.get("origin"), given.get("host"), self.settings):
            await self._refuse(scope, receive, send, 403, "", "a page of another site")
        elif not self._addresses.sockets.enter(address):
            await self._refuse(scope, receive, send, 403, "", "more tabs than there is room for")
        else:
            try:
                if await self._addresses.new_sockets.turn(address):
                    runs = Runs(self._runs, prompt=not self._addresses.left_sockets.spent(address))
                    mine = Socket(self.settings, runs, self._uploads, receive, send)
                    try:
                        await self._app(_without_origin(scope), mine.receive, mine.send)
                    finally:
                        mine.close()
                        self._addresses.left_sockets.charge(address)
                        if mine.cut_off:
                            self.cut_off(scope["client"])
                else:
                    await self._refuse(scope, receive, send, 403, "", "more new tabs than allowed")
            finally:
                self._addresses.sockets.leave(address)

    def cut_off(self, client: tuple[str, int] | None) -> None:
        """Note that somebody's socket was ended because of what came over it."""
        address = place(client[0] if client else None)
        for count in (self._addresses.new_sockets, self._addresses.left_sockets):
            count.charge(address, CUT_OFF_COUNTS)

    async def _request(self, scope: Scope, receive: Receive, send: Send, given: Headers, address: str) -> None:
        method, path = scope["method"], scope["path"]
        file = uploads.PATH.search(path)
        if not (method in READING or (file and method in WRITING)):
            await self._refuse(scope, receive, send, 405, "This server only shows pages.", "a method that no page uses")
        elif path.rstrip("/").endswith(METRICS) and not (self.settings.metrics or _is_this_machine(scope, given)):
            await self._refuse(scope, receive, send, 404, "Not Found", "a look at the metrics")
        elif file and method == "PUT":
            await self._file(scope, receive, send, given, address, *file.groups())
        else:
            await self._app(scope, receive, send)

    async def _file(
        self, scope: Scope, receive: Receive, send: Send, given: Headers, address: str, session: str, file: str
    ) -> None:
        length = given.get("content-length", "")
        taking = self._uploads.taking(session, file, int(length) if length.isdecimal() else None, address)
        try:
            async with taking:
                await self._app(scope, self._uploads.paced(receive), send)
        except uploads.TooMuchError as error:
            await self._refuse(scope, receive, send, error.status, str(error), "a file that was not taken")

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, status: int, said: str, kind: str) -> None:
        """Answer with a sentence, or a socket by closing it, and note what kind of thing was refused."""
        client_fault(kind)
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": POLICY})
        else:
            await PlainTextResponse(said, status, {"connection": "close"})(scope, receive, send)


def _without_origin(scope: Scope) -> Scope:
    """Return a connection without its origin, which has been judged.

    Streamlit would judge it again, and for one that it does not know ask two servers on the internet for this
    machine's address, while everybody waits.
    """
    kept: list[Any] = [(name, value) for name, value in scope["headers"] if name.lower() != b"origin"]
    return {**scope, "headers": kept}


def _is_this_machine(scope: Scope, given: Headers) -> bool:
    """Return whether a request comes from this machine and through nobody, who might have it from elsewhere."""
    if any(name in given for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(scope["client"][0]).is_loopback
    except (KeyError, TypeError, ValueError):
        return False
