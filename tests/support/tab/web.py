"""A plain GET on the loopback interface: just enough HTTP to open a page as a browser does."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Response:
    """Status, body and the cookies a server set."""

    status: int
    body: bytes
    cookies: dict[str, str]


async def get(url: str, path: str, timeout: float = 10.0, cookies: Mapping[str, str] | None = None) -> Response:
    """Fetch one path of a server; a connection that is refused raises OSError, a slow one TimeoutError."""
    parts = urlsplit(url)
    async with asyncio.timeout(timeout):
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        try:
            lines = [f"GET {path} HTTP/1.1", f"Host: {parts.netloc}", "Accept: */*", "Connection: close"]
            if cookies:
                lines.append(f"Cookie: {cookie_header(cookies)}")
            writer.write("\r\n".join([*lines, "", ""]).encode())
            answer = await reader.read()
        finally:
            writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *headers = head.decode("latin-1").split("\r\n")
    if not status.startswith("HTTP/"):
        raise ConnectionError(f"The server at {url} closed the connection without an answer.")
    received: SimpleCookie = SimpleCookie()
    for header in headers:
        name, _, value = header.partition(":")
        if name.lower() == "set-cookie":
            received.load(value.strip())
    return Response(int(status.split()[1]), body, {name: morsel.value for name, morsel in received.items()})


def cookie_header(cookies: Mapping[str, str]) -> str:
    """Return cookies as a browser sends them."""
    return "; ".join(f"{name}={value}" for name, value in cookies.items())
