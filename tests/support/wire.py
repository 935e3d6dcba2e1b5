"""A socket by hand: bytes as they stand on the wire, also such as no browser sends."""

import os
import socket
import struct
from contextlib import suppress
from urllib.parse import urlsplit

TEXT, BINARY, PING = 0x1, 0x2, 0x9
PATIENCE = 15.0


def frame(payload: bytes, opcode: int = BINARY, *, last: bool = True) -> bytes:
    """Return a message of a browser as it stands on the wire."""
    head = bytes([opcode | (0x80 if last else 0)])
    size = len(payload)
    if size < 126:
        head += bytes([0x80 | size])
    elif size < 65536:
        head += bytes([0x80 | 126]) + struct.pack("!H", size)
    else:
        head += bytes([0x80 | 127]) + struct.pack("!Q", size)
    return head + bytes(4) + payload  # masked with zeros


def connect(url: str) -> socket.socket:
    """Return a connection to a server."""
    place = urlsplit(url)
    return socket.create_connection((place.hostname or "", place.port or 80), PATIENCE)


def upgrade(url: str, origin: str | None = None, path: str = "/_stcore/stream") -> tuple[socket.socket, int]:
    """Ask for a socket; return the connection and the status of the reply, 101 if it is one now."""
    connection = connect(url)
    key = "dGhlIHNhbXBsZSBub25jZQ=="
    lines = [
        f"GET {path} HTTP/1.1", f"Host: {urlsplit(url).netloc}", "Upgrade: websocket", "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: streamlit",
        f"Origin: {origin or url}", "", "",
    ]  # fmt: skip
    connection.sendall("\r\n".join(lines).encode())
    return connection, status(connection)


def status(connection: socket.socket) -> int:
    """Return the status of the reply that comes next; 0 if the connection ends."""
    read = b""
    with suppress(OSError):
        while b"\r\n\r\n" not in read:
            piece = connection.recv(1)
            if not piece:
                return 0
            read += piece
    words = read.split(b" ", 2)
    return int(words[1]) if len(words) > 2 and words[1].isdigit() else 0


def nonsense(size: int) -> bytes:
    """Return bytes that mean nothing."""
    return os.urandom(size)
