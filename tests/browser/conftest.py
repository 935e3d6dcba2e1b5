"""The app in a process of its own, a real Chromium, and a visitor who reads the page as a person does."""

import contextlib
import csv
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip
PATIENCE = 60.0  # seconds; only ever reached by a failure
STATUS = re.compile(r"(Ready|Training live|Paused|Finished|Stopped) at update ([\d,]+)(?: of [\d,]+)? · seed (\d+)")
# Opened at a page of its own, such as /train, Streamlit looks for its server below that first, and then one level up.
HARMLESS = re.compile(r"/(train|gradients|memory|shakespeare|learning|tasks|reference)/_stcore/(health|host-config)$")


def missing(what: str) -> None:
    """Skip, but never silently pass where the tests are meant to run."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and the browser tests must run here")
    pytest.skip(f"{what} is missing: the browser tests were skipped")


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@dataclass
class Server:
    """The running app."""

    port: int
    process: subprocess.Popen
    log: Path

    def healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://localhost:{self.port}/_stcore/health", timeout=5) as answer:
                return answer.read() == b"ok"
        except OSError:
            return False


@contextlib.contextmanager
def running(log: Path, *program: str) -> Iterator[Server]:
    """Run the app in a process of its own until the end of the block."""
    port = free_port()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *program, "--server.port", str(port)],
            cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        server = Server(port, process, log)
        deadline = time.monotonic() + PATIENCE
        while not server.healthy():
            assert process.poll() is None and time.monotonic() < deadline, f"the app did not start:\n{log.read_text()}"
            time.sleep(0.2)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("app") / "app.log", "-m", "playground") as server:
        yield server


@pytest.fixture
def script_server(tmp_path) -> Iterator[Callable[[str], Server]]:
    """Serves a Streamlit script of a few lines."""
    with contextlib.ExitStack() as stack:

        def serve(source: str) -> Server:
            script = tmp_path / "script.py"
            script.write_text(source, encoding="utf-8")
            program = ("-m", "streamlit", "run", str(script), "--server.headless", "true")
            return stack.enter_context(running(tmp_path / "script.log", *program))

        yield serve


IMPATIENT = """
import os, runpy, sys, threading, time
from pathlib import Path
from playground.live import process

process.GRACE_SECONDS, process.ROUND_SECONDS = 4, 0.2
ours = process.RunPool


class Counted(ours):
    def __init__(self, *args, **settings):
        super().__init__(*args, **settings)
        threading.Thread(target=self.count, daemon=True).start()

    def count(self):
        while True:
            Path({count!r} + ".new").write_text(str(len(self)))
            os.replace({count!r} + ".new", {count!r})  # so that nobody reads half of it
            time.sleep(0.1)


process.RunPool = Counted
runpy.run_module("playground", run_name="__main__")
"""


@pytest.fixture
def impatient(tmp_path) -> Iterator[tuple[Server, Callable[[], int]]]:
    """The app with 4 seconds of grace in place of 45, and a function that counts the races in its pool."""
    count = tmp_path / "count"
    with running(tmp_path / "app.log", "-c", IMPATIENT.format(count=str(count))) as server:
        yield server, lambda: int(count.read_text()) if count.exists() else -1


@pytest.fixture(scope="module")
def chromium():
    """One browser per file: Playwright's event loop must not outlive it into tests that have loops of their own."""
    path = shutil.which("chromium")
    if path is None:
        missing("Debian's chromium (apt-get install chromium)")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright (requirements-dev.txt)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Status:
    """What the line above the chart says."""

    state: str
    update: int
    seed: int


@dataclass
class Visitor:
    """One browser window, with words for what people do and see on the Train page."""

    page: Any
    url: str
    errors: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Collect everything that a clean page never says."""
        self.page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        self.page.on("console", self._said)

    def _said(self, message: Any) -> None:
        source = (message.location or {}).get("url", "")
        if message.type == "error" and not ("404" in message.text and HARMLESS.search(source)):
            self.errors.append(f"console: {message.text} ({source})")

    def open(self, path: str = "/") -> "Visitor":
        self.page.goto(self.url + path)
        self.settled()
        return self

    def settled(self) -> None:
        """Wait until the page is connected and its chart is drawn."""
        self.page.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]")
        self.page.wait_for_selector("[data-testid=stVegaLiteChart] svg")
        self.page.wait_for_selector("[data-test-script-state=notRunning]")

    def settled_again(self) -> None:
        """Wait for the connection only: while a race is going, the script is never at rest for long."""
        self.page.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]")

    def until(self, true: Callable[[], Any], what: str = "") -> Any:
        """Wait until something holds, and return it."""
        deadline = time.monotonic() + PATIENCE
        while not (found := true()):
            assert time.monotonic() < deadline, f"never came: {what or true}; the page says {self.status()}"
            self.page.wait_for_timeout(50)
        return found

    def wait(self, seconds: float) -> None:
        """Let time pass in which nothing should happen."""
        self.page.wait_for_timeout(1000 * seconds)

    @property
    def main(self) -> Any:
        return self.page.locator("[data-testid=stMain]")

    @property
    def sidebar(self) -> Any:
        return self.page.locator("[data-testid=stSidebar]")

    def text(self) -> str:
        return self.main.inner_text()

    def status(self) -> Status | None:
        found = STATUS.search(self.text())
        return Status(found[1], int(found[2].replace(",", "")), int(found[3])) if found else None

    def update(self) -> int:
        status = self.status()
        return status.update if status else -1

    def reached(self, update: int) -> Status:
        """Wait until the race has come this far."""
        return self.until(lambda: (s := self.status()) and s.update >= update and s, f"update {update}")

    def says(self, state: str, update: int | None = None) -> Status:
        """Wait until the line above the chart says this."""
        return self.until(
            lambda: (s := self.status()) and s.state == state and update in (None, s.update) and s,
            f"{state} at update {update}",
        )

    def button(self, name: str) -> Any:
        return self.main.get_by_role("button", name=name).first

    def press(self, name: str) -> None:
        self.button(name).click()

    def curves(self) -> list[str]:
        """Return the lines of the loss chart as they are drawn now, one SVG path per cell."""
        return self.page.evaluate(
            """() => [...document.querySelector('[data-testid=stVegaLiteChart]')
                .querySelectorAll('.mark-line.role-mark path')].map(path => path.getAttribute('d'))"""
        )

    def alerts(self) -> list[str]:
        return self.page.locator("[data-testid=stAlert]").all_inner_texts()

    def drawer(self, title: str) -> Any:
        """Open a drawer of the side bar and return it."""
        drawer = self.sidebar.locator("details").filter(has_text=title).first
        if drawer.get_attribute("open") is None:
            drawer.locator("summary").click()
        return drawer

    def download(self, name: str) -> bytes:
        drawer = self.drawer("Share and save")
        drawer.get_by_role("button", name="Make files").wait_for()  # what is in a drawer comes when it is opened
        drawer.get_by_role("button", name="Make files").click()
        drawer.get_by_text("As at update").wait_for()
        # While a page runs, Streamlit may drop its files, if just then the page of somebody else ends.
        self.page.wait_for_timeout(300)
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        with self.page.expect_download(timeout=10_000) as started:
            drawer.get_by_role("button", name=name).click()
        return Path(started.value.path()).read_bytes()

    def csv(self) -> str:
        """Return the downloaded curve without the processor time, the one column that is never the same twice."""
        return without_seconds(self.download("Curve as CSV").decode())

    def upload(self, name: str, data: bytes) -> None:
        drawer = self.drawer("Share and save")
        drawer.locator("input[type=file]").set_input_files(
            [{"name": name, "mimeType": "application/octet-stream", "buffer": data}]
        )

    def slide(self, drawer: str, label: str, key: str) -> None:
        """Move a slider by one key press."""
        thumb = self.drawer(drawer).get_by_role("slider", name=label).first
        thumb.focus()
        thumb.press(key)


def without_seconds(text: str) -> str:
    rows = list(csv.reader(io.StringIO(text)))
    place = rows[0].index("seconds")
    return "\n".join(",".join(row[:place] + row[place + 1 :]) for row in rows)


@pytest.fixture
def visitors(chromium, server) -> Iterator[Callable[..., Visitor]]:
    """Return a function that opens a browser window of its own; afterwards all windows and the log must be clean."""
    with contextlib.ExitStack() as closing:
        came: list[Visitor] = []
        logged = server.log.stat().st_size

        def arrive(port: int | None = None, **options: Any) -> Visitor:
            context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
            closing.callback(context.close)
            visitor = Visitor(context.new_page(), f"http://localhost:{port or server.port}")
            visitor.watch()
            came.append(visitor)
            return visitor

        yield arrive
        for visitor in came:
            assert not visitor.errors, visitor.errors
            if not visitor.page.is_closed():
                assert not visitor.page.locator("[data-testid=stException]").count(), visitor.text()
        log = server.log.read_bytes()[logged:].decode(errors="replace")
        assert "Traceback" not in log, log


@pytest.fixture
def visitor(visitors) -> Visitor:
    return visitors()


@pytest.fixture
def trained_alone():
    """Return a function that trains a set-up to its end in this process and returns its CSV, without seconds."""
    from playground.race.setup import read_setup
    from rnncore.files.curve_csv import curve_csv
    from rnncore.training.race import Race

    def train(**query: str) -> str:
        race = Race.of(read_setup(query)[0].configs)
        race.start()
        while race.status == "running":
            race.advance_one()
        return without_seconds(curve_csv(race))

    return train


class Wire:
    """A cable between browsers and the app that can be pulled out and put back."""

    def __init__(self, to_port: int) -> None:
        self._to, self._cut, self._ends = to_port, False, set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            if self._cut:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self._to))
            self._ends |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def cut(self) -> None:
        self._cut = True
        for end in list(self._ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._ends = set()

    def mend(self, to_port: int | None = None) -> None:
        self._to, self._cut = to_port or self._to, False

    def close(self) -> None:
        self.cut()
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()


@pytest.fixture
def servers(tmp_path) -> Iterator[Callable[[], Server]]:
    """Return a function that starts the app once more, in a process of its own that may be killed."""
    with contextlib.ExitStack() as closing:
        numbers = iter(range(10))
        yield lambda: closing.enter_context(running(tmp_path / f"app{next(numbers)}.log", "-m", "playground"))


@pytest.fixture
def wires() -> Iterator[Callable[[int], Wire]]:
    """Return a function that lays a cable to a port."""
    with contextlib.ExitStack() as closing:

        def lay(port: int) -> Wire:
            wire = Wire(port)
            closing.callback(wire.close)
            return wire

        yield lay
