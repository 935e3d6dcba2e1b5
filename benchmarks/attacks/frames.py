"""Attacks over one socket, or a few: too many messages, too large ones, and such as no page sends."""

import time
from contextlib import suppress

from streamlit.proto.BackMsg_pb2 import BackMsg

from benchmarks.attacks.attempts import Attempt, blast, drain
from tests.support.wire import PING, TEXT, frame, nonsense, upgrade

SOCKETS = 4
CLEAR_CACHE = b"\x28\x01"


def flood(url: str, seconds: float) -> Attempt:
    """Ask for the page again and again, as fast as the socket takes it."""
    ask = BackMsg()
    ask.rerun_script.query_string = ""
    return _blasting(url, frame(ask.SerializeToString()), seconds)


def steady(url: str, seconds: float) -> Attempt:
    """Ask for the page from eight tabs, 20 times a second each: not so fast that anybody would be cut off."""
    ask = BackMsg()
    ask.rerun_script.query_string = ""
    data = frame(ask.SerializeToString())
    done, until = Attempt(), time.monotonic() + seconds
    tabs = [upgrade(url)[0] for _ in range(8)]
    while time.monotonic() < until:
        for tab in tabs:
            with suppress(OSError):
                done.sent += tab.send(data) == len(data)
                drain(tab)
        time.sleep(0.05)
    for tab in tabs:
        tab.close()
    return done


def new_tabs(url: str, seconds: float) -> Attempt:
    """Open a tab, ask for its page three times, leave, and begin again."""
    ask = BackMsg()
    ask.rerun_script.query_string = ""
    data = 3 * frame(ask.SerializeToString())
    done, until = Attempt(), time.monotonic() + seconds
    while time.monotonic() < until:
        tab, status = upgrade(url)
        with tab:
            done.sent += 1
            done.refused += status != 101
            with suppress(OSError):
                done.taken += tab.send(data) == len(data)
                tab.recv(1)
    return done


def pings(url: str, seconds: float) -> Attempt:
    """Send pings, which a server answers by itself."""
    return _blasting(url, frame(b"x", PING), seconds)


def file_names(url: str, seconds: float) -> Attempt:
    """Announce 120,000 files in one message."""
    ask = BackMsg()
    ask.file_urls_request.request_id = "1"
    ask.file_urls_request.file_names.extend(["abcd"] * 120_000)
    return _blasting(url, frame(ask.SerializeToString()), seconds)


def widgets(url: str, seconds: float) -> Attempt:
    """Send the values of 15,000 widgets that do not exist."""
    ask = BackMsg()
    for number in range(15_000):
        state = ask.rerun_script.widget_states.widgets.add()
        state.id, state.string_value = f"$$ID-{number}", "x" * 20
    return _blasting(url, frame(ask.SerializeToString()), seconds)


def other_kinds(url: str, seconds: float) -> Attempt:
    """Ask for what no page asks for: to empty everybody's caches, to stop the server."""
    kinds = [BackMsg(debug_shutdown_runtime=True), BackMsg(load_git_info=True), BackMsg(set_run_on_save=True)]
    data = b"".join(map(frame, [CLEAR_CACHE, *(kind.SerializeToString() for kind in kinds)]))
    return _blasting(url, data, seconds)


def garbage(url: str, seconds: float) -> Attempt:
    """Open a socket, send text, nonsense or far too much, and begin again."""
    kinds = [frame(b"hello", TEXT), frame(nonsense(300)), frame(bytes(4 * 2**20)), b"\xff" * 40]
    done, until = Attempt(), time.monotonic() + seconds
    while time.monotonic() < until:
        connection, status = upgrade(url)
        done.sent += 1
        with connection:
            if status != 101:
                done.refused += 1
                continue
            done.bytes += blast(connection, kinds[done.sent % len(kinds)], 0.05)
            drain(connection)
    return done


def _blasting(url: str, data: bytes, seconds: float) -> Attempt:
    """Send the same from a few sockets in turn, and open new ones for those that were cut off."""
    done, until = Attempt(), time.monotonic() + seconds
    many = data * max(1, 65536 // len(data))
    while time.monotonic() < until:
        opened = [upgrade(url) for _ in range(SOCKETS)]
        try:
            for connection, status in opened:
                if status != 101:
                    done.refused += 1
                    continue
                sent = blast(connection, many, min(2.0, max(0.0, until - time.monotonic())))
                done.bytes += sent
                done.sent += sent // len(data)
        finally:
            for connection, _ in opened:
                connection.close()
    return done
