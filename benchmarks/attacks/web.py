"""Attacks by requests: files under invented names, and paths that lead nowhere good."""

import asyncio
import time
from contextlib import suppress

from benchmarks.attacks.raw import Attempt, connect, status
from benchmarks.client import XSRF_COOKIE, Session

FILE = 31_000_000  # bytes
FILES = 12
PATHS = [
    "/..%2f..%2f..%2fetc/passwd", "/static/../../../../etc/passwd", "//evil.example/x", "/_stcore/metrics",
    "/media/../../secret", "/component/x/../../../setup.py", "/%00", "/" + "a" * 8000, "/_stcore/upload_file/x/y",
    "/_stcore/bidi-components/../../x", "/app/static/..%5c..%5cx",
]  # fmt: skip


def paths(url: str, seconds: float) -> Attempt:
    """Ask for what is none of a visitor's business, as fast as it is answered."""
    host = url.split("/")[2]
    done, until = Attempt(), time.monotonic() + seconds
    while time.monotonic() < until:
        with connect(url) as connection:
            path = PATHS[done.sent % len(PATHS)]
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            answer = status(connection)
            done.sent += 1
            done.taken += answer == 200
            done.refused += answer != 200
    return done


def files(url: str, seconds: float) -> Attempt:
    """Hand over twelve large files in a tab of one's own, half of them under invented names; then again."""
    return asyncio.run(_files(url, seconds))


async def _files(url: str, seconds: float) -> Attempt:
    done, until = Attempt(), time.monotonic() + seconds
    while time.monotonic() < until:
        async with Session(url, "/learning?text=own") as tab:
            handed_out = await tab.announce(["a.txt"] * (FILES // 2))
            invented = [f"/_stcore/upload_file/{tab.session_id}/invented-{number}" for number in range(FILES // 2)]
            for place in [*handed_out, *invented]:
                answer = await asyncio.to_thread(put, url, place, FILE, tab.cookies.get(XSRF_COOKIE, ""))
                done.sent += 1
                done.bytes += FILE
                done.taken += answer == 204
                done.refused += answer != 204
                if time.monotonic() > until:
                    break
    return done


def put(url: str, place: str, size: int, token: str) -> int:
    """Hand over a file of so many zeros; return the status of the reply."""
    return hand_over(url, place, "a.txt", bytes(size), token)


def hand_over(url: str, place: str, name: str, data: bytes, token: str) -> int:
    """Hand over a file; return the status of the reply."""
    head = f'--b\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n\r\n'
    body = head.encode() + data + b"\r\n--b--\r\n"
    lines = [
        f"PUT {place} HTTP/1.1", f"Host: {url.split('/')[2]}", "Connection: close",
        "Content-Type: multipart/form-data; boundary=b", f"Content-Length: {len(body)}",
        f"Cookie: {XSRF_COOKIE}={token}", f"X-Xsrftoken: {token}", "", "",
    ]  # fmt: skip
    with connect(url) as connection:
        with suppress(OSError):
            connection.sendall("\r\n".join(lines).encode())
            connection.sendall(body)
        return status(connection)
