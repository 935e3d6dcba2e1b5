"""A visitor without a browser: opens a page of the app, keeps it live, and uses its widgets.

It speaks the protocol of Streamlit's own front end over the WebSocket ``/_stcore/stream``: script reruns out,
page deltas in, both protocol buffers. Only what a browser would send is sent, at the times it would send it.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from tests.support.tab.address import bound
from tests.support.tab.elements import TRIGGERS, Elements
from tests.support.tab.messages import MessageCache
from tests.support.tab.refreshes import Refreshes
from tests.support.tab.requests import Request, Requests
from tests.support.tab.timers import Timers
from tests.support.tab.web import cookie_header, get

STREAM = "/_stcore/stream"
XSRF_COOKIE = "_streamlit_xsrf"
PATIENCE = 30.0  # seconds that the server is given to answer
NO_TOKEN = "PLACEHOLDER_AUTH_TOKEN"  # noqa: S105  what the front end sends where there is no token


class Session:
    """One open tab.

    Parameters
    ----------
    url
        Address of the server, such as ``http://127.0.0.1:8501``.
    path
        Page and settings, such as ``/train?task=adding&seed=1``.
    on_refresh
        Called after every refresh that the server sends unasked.
    cookies
        Those of another tab of the same browser; by default it gets its own.

    Notes
    -----
    A server answers a rerun by `new_session` ... deltas ... `script_finished`, with nothing that names the
    request. A request is therefore answered by the first run that starts after it was sent and concerns it;
    requests that the server merges into one run are all answered by that run.

    A server that is asked for a fragment in the moment between the end of a page's script and the sending of
    its last elements drops those elements, the end of the run, and the orders to keep fragments live with them
    (the script runner has changed, so its events no longer count). A browser is left with a page that is not up
    to date; here the request counts as answered, and `lost` as one more.
    """

    def __init__(
        self,
        url: str,
        path: str,
        *,
        on_refresh: "Callable[[Session], None] | None" = None,
        cookies: dict[str, str] | None = None,
    ) -> None:
        self.url = url
        page, _, self.query = path.partition("?")
        self.page_name = page.strip("/")
        self.page_hash = ""
        self.session_id = ""
        self.cookies = dict(cookies or {})
        self.elements = Elements()
        self.received_bytes = 0
        self._cache = MessageCache()
        self._max_age = 2
        self._run = ""
        self._requests = Requests()
        self._places: asyncio.Future[list[str]] | None = None
        self._timers = Timers(self._ask_for_tick)
        self.refreshes = Refreshes(lambda: on_refresh(self) if on_refresh else None)
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._loss: str | None = None

    async def __aenter__(self) -> Self:
        try:
            await self.open()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> float:
        """Load the page and run it once; return the seconds until it could be used."""
        started = time.perf_counter()
        for path in (f"/{self.page_name}?{self.query}", "/_stcore/health", "/_stcore/host-config"):
            answer = await get(self.url, path, cookies=self.cookies)
            if answer.status != 200:
                raise ConnectionError(f"{path} answers {answer.status}.")
            self.cookies |= answer.cookies
        await self.connect(self.cookies)
        await self.rerun()
        return time.perf_counter() - started

    async def connect(self, cookies: dict[str, str] | None = None) -> None:
        """Open the socket; after a loss, to the same session, which needs a `rerun` to continue."""
        cookies = cookies or {}
        protocols = [Subprotocol("streamlit"), Subprotocol(cookies.get(XSRF_COOKIE, NO_TOKEN))]
        if self.session_id:
            protocols.append(Subprotocol(self.session_id))
        headers = {"Cookie": cookie_header(cookies)} if cookies else {}
        self._socket = await connect(
            f"ws://{urlsplit(self.url).netloc}{STREAM}",
            origin=Origin(self.url),
            subprotocols=protocols,
            additional_headers=headers,
            max_size=None,
            max_queue=None,
            ping_interval=None,
            open_timeout=30,
            close_timeout=2,
            proxy=None,
        )
        self._loss = None
        self._reader = asyncio.create_task(self._read(self._socket))

    async def close(self) -> None:
        """Close the tab."""
        self._timers.stop_all()
        self.refreshes.stop()
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            await self._reader
        self._socket = self._reader = None

    async def rerun(self) -> float:
        """Run the whole page again; return the seconds until it was complete."""
        return await self._ask("")

    async def visit(self, page: str, query: str = "") -> float:
        """Go to another page in the same tab; return the seconds until it was complete."""
        self._timers.stop_all()
        self.page_name, self.page_hash, self.query = page, "", query
        return await self.rerun()

    async def click(self, name: str) -> float:
        """Press the button with this key or label; return the seconds until the page was complete."""
        node = self.elements.find(name)
        if node.kind not in TRIGGERS:
            raise LookupError(f"'{name}' is a {node.kind}, not a button.")
        if node.proto.disabled:
            raise LookupError(f"The button '{name}' is disabled.")
        return await self._ask(node.fragment, pressed=node.id)

    async def set(self, name: str, value: Any) -> float:
        """Give the widget with this key or label a value; return the seconds until the page was complete."""
        node = self.elements.find(name)
        self.elements.put(node, value)
        self.query = bound(self.query, self.elements, node)
        return await self._ask(node.fragment)

    async def announce(self, names: list[str]) -> list[str]:
        """Return addresses to send files to, one for each name."""
        if self._socket is None:
            raise ConnectionError("The session is not connected.")
        ask = BackMsg()
        ask.file_urls_request.request_id, ask.file_urls_request.session_id = "1", self.session_id
        ask.file_urls_request.file_names.extend(names)
        self._places = asyncio.get_running_loop().create_future()
        await self._socket.send(ask.SerializeToString())
        return await asyncio.wait_for(self._places, PATIENCE)

    def errors(self) -> list[str]:
        """Return the messages of exceptions that the page shows."""
        return [f"{node.proto.type}: {node.proto.message}" for node in self.elements.of_kind("exception")]

    @property
    def lost(self) -> int:
        """Requests for the page whose end the server never told."""
        return self._requests.lost

    @property
    def live(self) -> dict[str, float]:
        """The fragments that update themselves, with the seconds between their updates."""
        return self._timers.pace

    async def _ask(self, fragment: str, pressed: str | None = None) -> float:
        answered = asyncio.get_running_loop().create_future()
        await self._send(Request(time.perf_counter(), fragment, answered), pressed)
        return await answered

    async def _send(self, request: Request, pressed: str | None = None) -> None:
        if self._socket is None or self._loss is not None:
            raise ConnectionError(self._loss or "The session is not connected.")
        state = ClientState(
            query_string=self.query,
            widget_states=self.elements.states(pressed),
            page_script_hash=self.page_hash,
            page_name="" if self.page_hash else self.page_name,
            fragment_id=request.fragment,
            is_auto_rerun=request.answered is None,
            cached_message_hashes=self._cache.hashes(),
        )
        state.context_info.timezone = "UTC"
        state.context_info.timezone_offset = 0
        state.context_info.locale = "en"
        state.context_info.url = f"{self.url}/{self.page_name}"
        state.context_info.is_embedded = False
        state.context_info.color_scheme = "light"
        self._requests.sent(request)
        await self._socket.send(BackMsg(rerun_script=state).SerializeToString())

    async def _read(self, socket: ClientConnection) -> None:
        """Take in messages until the connection ends; then nothing that waits is left waiting."""
        reason = "The server closed the connection."
        try:
            async for data in socket:
                if isinstance(data, str):
                    raise TypeError("The server sent text where protocol buffers were expected.")
                self.received_bytes += len(data)
                self._take(self._cache.resolve(data))
        except ConnectionClosed as error:
            reason = f"Connection lost: {error}"
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            await socket.close()
        self._loss = reason
        self._timers.stop_all()
        self._requests.fail(reason)
        if self._places is not None and not self._places.done():
            self._places.set_exception(ConnectionError(reason))

    def _take(self, message: ForwardMsg) -> None:
        shape = message.WhichOneof("type")
        run = message.metadata.run
        if shape == "delta":
            self.elements.apply(tuple(message.metadata.delta_path), message.delta, self._run)
            if not self._requests.runs:  # no run of the page or a fragment: the server shows what has moved
                self.refreshes.came()
        elif shape == "new_session":
            self._start(message.new_session, run.script_run_id, list(run.fragment_ids))
        elif shape == "script_finished":
            self._finish(message.script_finished, run.script_run_id, list(run.fragment_ids))
        elif shape == "auto_rerun":
            self._timers.start(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif shape == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self._timers.stop(fragment)
        elif shape == "navigation":
            self.page_hash = message.navigation.page_script_hash
        elif shape == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif shape == "file_urls_response":
            if self._places is not None and not self._places.done():
                self._places.set_result([each.upload_url for each in message.file_urls_response.file_urls])
        elif shape == "page_not_found":
            raise LookupError(f"The app has no page '{message.page_not_found.page_name}'.")

    def _start(self, info: Any, run: str, fragments: list[str]) -> None:
        """A script run begins."""
        self.session_id = info.initialize.session_id
        self._max_age = info.config.max_cached_message_age
        self.page_hash = info.page_script_hash
        self._run = run
        self._requests.begin(run, fragments)
        if not fragments:
            self._timers.stop_all()

    def _finish(self, status: int, run: str, fragments: list[str]) -> None:
        """A script run ends: by success, which answers its requests, or to make way for another run.

        A run that "makes way" for a run of other fragments is complete all the same; only if a run of the page
        comes next was it broken off. So its requests wait for the next run to begin.
        """
        requests = self._requests.finish(run)
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            self._requests.keep(requests)
            return
        if status == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            raise RuntimeError("The script does not compile.")
        self.elements.finish(run, fragments)
        self._cache.finish(self._max_age, fragments)
        if not fragments:
            self.refreshes.begin()
        self._requests.answer(requests)

    async def _ask_for_tick(self, fragment: str) -> None:
        await self._send(Request(time.perf_counter(), fragment, None))
