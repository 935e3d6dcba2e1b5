"""Attacks with many connections: tabs that nobody looks at, requests that never end, pages of other sites."""

import socket
import time

from benchmarks.attacks.attempts import Attempt
from tests.support.wire import connect, upgrade

MANY = 600
UNFINISHED = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


def many_tabs(url: str, seconds: float) -> Attempt:
    """Open 600 sockets and keep them."""
    done, kept, until = Attempt(), [], time.monotonic() + seconds
    try:
        for _ in range(MANY):
            if time.monotonic() > until:
                break
            done.sent += 1
            try:
                connection, answer = upgrade(url)
            except OSError:
                done.refused += 1
                continue
            kept.append(connection)
            done.taken += answer == 101
            done.refused += answer != 101
        time.sleep(max(0.0, until - time.monotonic()))
    finally:
        for connection in kept:
            connection.close()
    return done


def unfinished(url: str, seconds: float) -> Attempt:
    """Begin 600 requests, and never end one."""
    done, until = Attempt(), time.monotonic() + seconds
    kept = []
    try:
        for _ in range(MANY):
            connection = connect(url)
            connection.sendall(UNFINISHED)
            kept.append(connection)
            done.sent += 1
        time.sleep(max(0.0, until - time.monotonic()))
        for connection in kept:
            connection.settimeout(0.01)
            done.refused += _has_ended(connection)
    finally:
        for connection in kept:
            connection.close()
    return done


def foreign_pages(url: str, seconds: float) -> Attempt:
    """Connect as a page of another site, again and again."""
    done, until = Attempt(), time.monotonic() + seconds
    while time.monotonic() < until:
        connection, answer = upgrade(url, origin="https://evil.example")
        connection.close()
        done.sent += 1
        done.taken += answer == 101
        done.refused += answer != 101
    return done


def _has_ended(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True
