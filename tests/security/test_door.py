"""The door of a running server: what strangers send gets no further, costs nobody else anything, and fills no log."""

import asyncio
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from playground.door.cookie import COOKIE
from tests.support.server import free_port
from tests.support.tab.client import XSRF_COOKIE, Session
from tests.support.uploads import put, upload
from tests.support.wire import PING, TEXT, connect, frame, nonsense, status, upgrade

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
ASKED = "asked for a name elsewhere: "
# Whoever asks for the address of a name that is not this machine is noted; nothing is asked outside.
PROGRAM = f"""
import runpy, socket, sys
real = socket.getaddrinfo

def look_up(host, *args, **options):
    if host in (None, "", "localhost", "127.0.0.1", "::1", "0.0.0.0", "::"):
        return real(host, *args, **options)
    print({ASKED!r} + str(host), flush=True)
    raise socket.gaierror("no names here")

socket.getaddrinfo = look_up
runpy.run_module("playground", run_name="__main__")
"""
LIMITS = {"SOCKETS_PER_ADDRESS": "12", "HEADER_SECONDS": "1", "FIRST_FRAME_SECONDS": "2", "UPLOAD_FILES": "2",
          "UPLOAD_BYTES": "3000000", "FRAME_BYTES": "400000", "REQUESTS_BURST": "5000",
          "NEW_SOCKETS_PER_SECOND": "200"}  # fmt: skip


@dataclass
class Door:
    url: str
    log: Path

    def logged(self):
        return self.log.read_text(errors="replace")

    def wait_for(self, text):
        until = time.monotonic() + PATIENCE
        while text not in self.logged():
            assert time.monotonic() < until, self.logged()
            time.sleep(0.1)

    def get(self, path, *headers):
        with connect(self.url) as connection:
            lines = [f"GET {path} HTTP/1.1", "Connection: close", *headers]
            if not any(line.lower().startswith("host:") for line in headers):
                lines.append(f"Host: {self.url.split('/')[2]}")
            connection.sendall("\r\n".join([*lines, "", ""]).encode())
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode(errors="replace")


@contextmanager
def serving(log, *options, **limits):
    """Run the app with these options and limits until the end of the block."""
    port, named = free_port(), {f"RNN_PLAYGROUND_{name}": value for name, value in limits.items()}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "--server.port", str(port), *options],
            cwd=ROOT, env=os.environ | named, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        found, until = Door(f"http://127.0.0.1:{port}", log), time.monotonic() + PATIENCE
        while True:
            try:
                if "200 OK" in found.get("/_stcore/health"):
                    break
            except OSError:
                assert process.poll() is None and time.monotonic() < until, found.logged()
                time.sleep(0.2)
        yield found
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    log = tmp_path_factory.mktemp("door") / "log"
    with serving(log, "--server.address", "127.0.0.1", **LIMITS) as found:
        yield found


@pytest.fixture(autouse=True)
def clean(door):
    yield
    assert "Traceback" not in door.logged(), door.logged()
    assert ASKED not in door.logged()


def closing_code(connection):
    """Read until the socket is closed; return the code it was closed with, None where it was cut off."""
    connection.settimeout(PATIENCE)
    data = b""
    try:
        while piece := connection.recv(65536):
            data += piece
    except OSError:
        return None
    at = data.rfind(b"\x88\x02")
    return int.from_bytes(data[at + 2 : at + 4], "big") if at >= 0 else None


def in_a_tab(door, use, path="/learning?text=own"):
    async def run():
        async with Session(door.url, path) as tab:
            return await use(tab)

    return asyncio.run(run())


# --- connections that stay open ---------------------------------------------------------------------------


def test_a_connection_that_is_used_again_and_again_is_not_cut_off(door):
    with connect(door.url) as connection:
        connection.settimeout(PATIENCE)
        for _ in range(10):  # seven times as long as the head of one request may take
            connection.sendall(f"GET /_stcore/health HTTP/1.1\r\nHost: {door.url.split('/')[2]}\r\n\r\n".encode())
            answer = b""
            while not answer.endswith(b"\r\n\r\nok"):
                piece = connection.recv(4096)
                assert piece, "the connection was cut off between two requests"
                answer += piece
            time.sleep(0.7)


# --- addresses ----------------------------------------------------------------------------------------


def test_without_an_address_of_its_own_a_server_knows_this_machine_and_a_proxy_on_it(tmp_path):
    """It listens to both families then, and IPv4 looks like ::ffff:127.0.0.1."""
    with serving(tmp_path / "log", REQUESTS_BURST="20", REQUESTS_PER_SECOND="0.01", PATIENCE_SECONDS="1") as both:
        assert both.get("/_stcore/metrics").startswith("HTTP/1.1 200")
        for visitor in range(60):  # each has a limit of its own, behind the proxy
            assert both.get("/_stcore/health", f"X-Forwarded-For: 203.0.113.{visitor}").startswith("HTTP/1.1 200")


# --- values of widgets --------------------------------------------------------------------------------


def test_a_whole_number_as_browsers_send_it_counts(door):
    async def use(tab):
        await tab.set("learning.seed", 7)
        await tab.rerun()
        return tab.elements.find("learning.new_seed").proto.help

    assert "The seed now is 7" in in_a_tab(door, use)


# --- who it is --------------------------------------------------------------------------------------------


def test_a_browser_gets_one_cookie_with_its_first_page_and_keeps_it(door):
    first = [line for line in door.get("/train").splitlines() if COOKIE in line]
    assert len(first) == 1 and first[0].endswith("; Path=/; HttpOnly; SameSite=Lax")
    value = first[0].split(f"{COOKIE}=")[1].split(";")[0]
    assert len(value) >= 20 and value not in door.get("/train")
    for path in ("/", "/_stcore/health", "/_stcore/host-config"):
        assert COOKIE not in door.get(path, f"Cookie: other=1; {COOKIE}={value}")
    script = re.search(r"static/js/[\w.-]+\.js", door.get("/"))[0]
    assert COOKIE not in door.get(f"/{script}")  # which anybody's cache may keep


# --- messages ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code"),
    [(frame(b"hello", TEXT), 1003), (frame(b"\xff" * 60), 1007), (frame(bytes(500_000)), None)],
    ids=["text", "nonsense", "too long"],
)  # fmt: skip
def test_what_is_no_message_ends_its_connection_and_no_other(door, data, code):
    connection, answer = upgrade(door.url)
    assert answer == 101
    with connection:
        connection.sendall(data)
        assert closing_code(connection) == code

    async def use(tab):
        return await tab.rerun()

    assert in_a_tab(door, use) > 0


@pytest.mark.parametrize("data", [frame(b"x", PING), frame(BackMsg(app_heartbeat=True).SerializeToString())])
def test_who_sends_faster_than_anybody_is_cut_off(door, data):
    connection, answer = upgrade(door.url)
    assert answer == 101
    with connection:
        try:
            connection.sendall(data * 20_000)
        except OSError:
            return
        assert closing_code(connection) is None
    door.wait_for("a client: messages faster than anybody sends them")


def test_a_message_of_another_kind_is_passed_over_and_the_tab_goes_on(door):
    async def use(tab):
        for ask in (BackMsg(clear_cache=True), BackMsg(debug_shutdown_runtime=True), BackMsg(set_run_on_save=True)):
            await tab._socket.send(ask.SerializeToString())
        return await tab.rerun()

    assert in_a_tab(door, use) > 0
    door.wait_for("a client: a message of a kind that no page sends")


def test_a_fragment_or_a_page_that_does_not_exist_changes_nothing(door):
    async def use(tab):
        for name, value in (("fragment_id", "none"), ("page_script_hash", "0" * 32), ("page_name", "none")):
            ask = BackMsg()
            setattr(ask.rerun_script, name, value)
            await tab._socket.send(ask.SerializeToString())
        await asyncio.sleep(0.5)

    in_a_tab(door, use)
    assert in_a_tab(door, lambda tab: tab.rerun()) > 0


def test_values_that_a_widget_cannot_have_are_passed_over_and_the_page_stays(door):
    async def use(tab):
        for kind, value in (("string_value", "hostile"), ("double_value", float("nan")), ("int_value", -(2**62)),
                            ("json_value", "{"), ("json_trigger_value", "7"), ("bytes_value", b"x")):  # fmt: skip
            ask = BackMsg()
            ask.rerun_script.page_script_hash, ask.rerun_script.query_string = tab.page_hash, tab.query
            for state in tab.elements.states(None).widgets:
                made = ask.rerun_script.widget_states.widgets.add(id=state.id)
                setattr(made, kind, value)
            await tab._socket.send(ask.SerializeToString())
            await tab.rerun()
        return tab.errors()

    for path in ("/train?task=own_series", "/train?task=digits", "/gradients", "/shakespeare", "/learning?text=own"):
        assert in_a_tab(door, use, path) == []
    assert "hostile" not in door.logged()


def test_who_says_nothing_is_let_go(door):
    connection, answer = upgrade(door.url)
    assert answer == 101
    with connection:
        assert closing_code(connection) == 1008


# --- who may connect --------------------------------------------------------------------------------------


def test_pages_of_other_sites_are_refused_without_asking_anybody(door):
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
        connection, answer = upgrade(door.url, origin=origin)
        connection.close()
        assert answer == 403
    door.wait_for("a client: a page of another site")
    assert "evil" not in door.logged()


def test_another_name_of_this_server_is_refused_and_says_what_to_do(door):
    said = door.get("/", "Host: evil.example")
    assert said.startswith("HTTP/1.1 421") and "RNN_PLAYGROUND_HOSTS" in said and "evil" not in said
    assert door.get("/", "Host: 127.0.0.1", "Host: evil.example").startswith("HTTP/1.1 400")
    assert door.get("/", "Host: classroom.local:8501").startswith("HTTP/1.1 200")


def test_one_address_has_so_many_tabs_and_no_more_and_room_comes_back(door):
    tabs = [upgrade(door.url) for _ in range(14)]
    answers = [answer for _, answer in tabs]
    for connection, _ in tabs:
        connection.close()
    assert answers == [101] * 12 + [403] * 2
    until = time.monotonic() + PATIENCE
    while True:
        connection, answer = upgrade(door.url)
        connection.close()
        if answer == 101:
            return
        assert time.monotonic() < until


# --- replies ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/", "/train", "/_stcore/health", "/_stcore/metrics", "/static/none.js", "/%2e%2e/secret", "//a/b", "/media/x"],
)
def test_every_reply_has_its_headers_once(door, path):
    head = door.get(path, "X-Forwarded-For: 203.0.113.9").partition("\r\n\r\n")[0].lower()
    for name in ("content-security-policy: ", "referrer-policy: same-origin", "x-content-type-options: nosniff"):
        assert head.count(name) == 1, head
    assert "frame-ancestors 'self'" in head and "server: uvicorn" not in head


def test_what_is_no_request_gets_a_reply_with_headers_too(door):
    with connect(door.url) as connection:
        connection.sendall(b"hello\r\n\r\n")
        said = connection.recv(65536)
    assert said.startswith(b"HTTP/1.1 400") and b"content-security-policy" in said


def test_nonsense_after_a_request_is_no_error_of_ours(door):
    for rest in (b"\x00\xff" * 500, b"GET", nonsense(3000)):
        with connect(door.url) as connection:
            host = door.url.split("/")[2]
            connection.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode() + rest)
            connection.settimeout(5)
            assert status(connection) in (200, 400)


def test_metrics_are_for_this_machine(door):
    assert door.get("/_stcore/metrics").startswith("HTTP/1.1 200")
    assert door.get("/_stcore/metrics", "X-Forwarded-For: 203.0.113.9").startswith("HTTP/1.1 404")
    assert door.get("/_stcore/metrics/", "X-Real-IP: 203.0.113.9").startswith("HTTP/1.1 404")


def test_only_files_are_sent_here(door):
    with connect(door.url) as connection:
        host = door.url.split("/")[2]
        connection.sendall(f"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n".encode())
        assert status(connection) == 405


# --- requests that do not end -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "beginning",
    [b"", b"GET", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
     b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"],
)  # fmt: skip
def test_a_request_that_does_not_end_is_ended(door, beginning):
    with connect(door.url) as connection:
        connection.sendall(beginning)
        connection.settimeout(PATIENCE)
        try:
            while connection.recv(65536):
                pass
        except ConnectionResetError:
            pass


def test_nor_does_it_help_to_send_a_little_now_and_then(door):
    with connect(door.url) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        connection.settimeout(0.2)
        until = time.monotonic() + PATIENCE
        while True:
            assert time.monotonic() < until
            try:
                connection.sendall(b"X: y\r\n")
                if connection.recv(65536) == b"":
                    return
            except TimeoutError:
                continue
            except OSError:
                return


# --- files ------------------------------------------------------------------------------------------------


def test_a_file_goes_only_where_a_page_has_asked_for_it(door):
    async def use(tab):
        token = tab.cookies[XSRF_COOKIE]
        invented = f"/_stcore/upload_file/{tab.session_id}/invented"
        answers = [await asyncio.to_thread(put, door.url, invented, 1000, token)]
        (place,) = await tab.announce(["a.txt"])
        for _ in range(2):
            answers.append(await asyncio.to_thread(put, door.url, place, 1000, token))
        return answers

    assert in_a_tab(door, use) == [403, 204, 403]

    async def without(tab):
        (place,) = await tab.announce(["a.txt"])
        return await asyncio.to_thread(put, door.url, place, 1000, tab.cookies[XSRF_COOKIE])

    assert in_a_tab(door, without, "/tasks") == 403


def test_a_file_is_taken_at_every_moment_of_a_page_run(door):
    """Streamlit empties its list of the page's widgets as a run begins, while a file that replaces one is coming."""

    async def use(tab):
        answers, token = [], tab.cookies[XSRF_COOKIE]
        for _ in range(4):
            for place in await tab.announce(["a.txt"] * 10):
                run = asyncio.create_task(tab.rerun())
                answers.append(await asyncio.to_thread(put, door.url, place, 1000, token))
                await run
        return answers

    assert in_a_tab(door, use) == [204] * 40


def test_the_oldest_files_of_a_tab_make_room(door):
    def kept():
        said = door.get("/_stcore/metrics")
        found = [line for line in said.splitlines() if "UploadedFileManager" in line]
        return int(found[0].split()[-1]) if found else 0

    before = kept()

    async def use(tab):
        places = await tab.announce(["a.txt"] * 5)
        token = tab.cookies[XSRF_COOKIE]
        sizes = [1_000_000, 1_000_000, 1_400_000, 1_400_000, 4_000_000]
        answers = [
            await asyncio.to_thread(put, door.url, place, size, token)
            for place, size in zip(places, sizes, strict=True)
        ]
        await asyncio.sleep(6)  # Streamlit counts anew after five seconds
        return answers, await asyncio.to_thread(kept)

    answers, after = in_a_tab(door, use)
    assert answers == [204, 204, 204, 204, 413]
    assert after - before <= 3_000_000


def test_a_file_that_was_read_is_forgotten_and_the_page_goes_on(door):
    rows = "".join(f"{i},{i % 7}\n" for i in range(90))

    async def use(tab):
        await upload(tab, "train.table", "rain.csv", f"day,rain\n{rows}".encode())
        before = list(tab.elements.texts())
        await tab.rerun()  # the browser still names the file
        return before, list(tab.elements.texts()), tab.errors()

    before, after, errors = in_a_tab(door, use, "/train?task=own_series")
    assert any("90 values" in text for text in before)
    assert after == before and not errors


# --- the log ----------------------------------------------------------------------------------------------


def test_the_log_has_a_line_for_each_kind_and_not_for_each_time(door):
    for _ in range(30):
        connection, _ = upgrade(door.url)
        with connection:
            connection.sendall(frame(b"visitor's own words", TEXT))
            closing_code(connection)
    lines = [line for line in door.logged().splitlines() if "a message in text" in line]
    assert 1 <= len(lines) <= 3 and "own words" not in door.logged()
