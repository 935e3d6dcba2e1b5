"""Attacks by requests: files under invented names, and paths that lead nowhere good."""

import asyncio
import time

from benchmarks.attacks.attempts import Attempt
from tests.support.tab.client import XSRF_COOKIE, Session
from tests.support.uploads import put
from tests.support.wire import connect, status

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
