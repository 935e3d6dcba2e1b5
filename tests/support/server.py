"""The app as a server of its own: started and stopped, and its memory watched from outside."""

import asyncio
import os
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from tests.support.tab.web import get

START = (sys.executable, "-m", "playground", "--server.port", "{port}", "--server.address", "127.0.0.1")
HEALTH = "/_stcore/health"
MEGABYTE = 1024 * 1024


class Server:
    """A running app: its address, its process where it was found, and the most memory it was seen to use."""

    def __init__(self, url: str, process: psutil.Process | None) -> None:
        self.url = url
        self.peak = 0.0
        self._process = process

    def memory(self) -> float | None:
        """Return the resident memory of the app and its children in MB; None if the process is unknown or gone."""
        found = self._total(lambda process: process.memory_info().rss / MEGABYTE)
        self.peak = max(self.peak, found or 0.0)
        return found

    def most_memory(self) -> float:
        """Return the most resident memory in MB since the app began, as the system kept it where it does.

        Elsewhere it is the most that `watch` has seen.
        """
        self.memory()
        if self._process is not None:
            with suppress(OSError, StopIteration):
                lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
                kept = next(line for line in lines if line.startswith("VmHWM"))
                self.peak = max(self.peak, int(kept.split()[1]) / 1024)
        return self.peak

    def kill(self) -> None:
        """End the app without a warning, as `kill -9` does."""
        if self._process is None:
            raise ConnectionError(f"The process of the app at {self.url} is not known.")
        self._process.kill()

    def processor_seconds(self) -> float | None:
        """Return the processor time the app has used; None if the process is unknown or gone."""
        return self._total(lambda process: sum(process.cpu_times()[:2]))

    def _total(self, measure: Callable[[psutil.Process], float]) -> float | None:
        if self._process is None:
            return None
        try:
            return sum(measure(process) for process in (self._process, *self._process.children(recursive=True)))
        except psutil.NoSuchProcess:
            return None

    async def watch(self, pause: float = 0.5) -> None:
        """Follow the memory until cancelled."""
        while True:
            self.memory()
            await asyncio.sleep(pause)


@asynccontextmanager
async def running(url: str | None, start: tuple[str, ...] = START, port: int | None = None) -> AsyncIterator[Server]:
    """Use the app at `url`, or start one, on a free port if none is named, and stop it at the end, whatever happens."""
    if url is not None:
        url = url.rstrip("/")
        await healthy(url)
        yield Server(url, _listener(urlsplit(url).port))
        return
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile() as log:
        process = await asyncio.create_subprocess_exec(
            *(part.format(port=port) for part in start),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            try:
                await healthy(url, process)
            except (ConnectionError, TimeoutError) as error:
                log.seek(0)
                raise ConnectionError(f"{error}\n{log.read()[-2000:].decode(errors='replace')}") from None
            yield Server(url, psutil.Process(process.pid))
        finally:
            await _stop(process)


async def healthy(url: str, process: asyncio.subprocess.Process | None = None, patience: float = 60.0) -> None:
    """Wait until the app says that it is well; give up when it ends or stays silent."""
    deadline = asyncio.get_running_loop().time() + patience
    while True:
        with suppress(OSError, TimeoutError):
            if (await get(url, HEALTH, timeout=2)).status == 200:
                return
        if process is not None and process.returncode is not None:
            raise ConnectionError(f"The app ended with exit code {process.returncode} before it was ready.")
        if asyncio.get_running_loop().time() > deadline:
            raise TimeoutError(f"The app at {url} was not ready within {patience:.0f} s.")
        await asyncio.sleep(0.1)


async def _stop(process: asyncio.subprocess.Process) -> None:
    """End the app and its children: politely, then for certain."""
    for signal_, patience in ((signal.SIGTERM, 8), (signal.SIGKILL, 5)):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal_)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), patience)
            return


def _listener(port: int | None) -> psutil.Process | None:
    """Find the process that listens on a port of this machine."""
    with suppress(psutil.AccessDenied):
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
                return psutil.Process(connection.pid)
    return None


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
