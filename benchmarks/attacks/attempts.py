"""What an attacker did, and how bytes made once are sent as fast as they are taken."""

import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass
class Attempt:
    """What an attacker did, and what became of it."""

    sent: int = 0  # messages, requests, files or sockets
    taken: int = 0  # of those, answered as if all were well
    refused: int = 0  # answered by a refusal, or cut off
    bytes: int = 0
    notes: list[str] = field(default_factory=list)


def blast(connection: socket.socket, data: bytes, seconds: float) -> int:
    """Send the same bytes again and again; return how many were taken before the time or the connection ended."""
    until, sent = time.monotonic() + seconds, 0
    connection.settimeout(0.2)
    view = memoryview(data)
    place = 0
    while time.monotonic() < until:
        try:
            done = connection.send(view[place:])
        except TimeoutError:
            continue
        except OSError:
            break
        sent += done
        place = (place + done) % len(data)
        drain(connection)
    return sent


def drain(connection: socket.socket) -> None:
    """Throw away what has come."""
    with suppress(OSError):
        connection.setblocking(False)
        while connection.recv(65536):
            pass
    connection.settimeout(0.2)
