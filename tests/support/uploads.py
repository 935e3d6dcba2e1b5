"""What a visitor does with drawers and files: opens the one, hands over the other."""

import asyncio
from contextlib import suppress

from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.support.tab.client import XSRF_COOKIE, Session
from tests.support.tab.elements import Node
from tests.support.wire import connect, status

NO_CONTENT = 204


async def open_drawer(session: Session, key: str) -> None:
    """Open a drawer by its key, and wait until the page shows what is in it."""
    drawer = next(node.proto.expandable for node in session.elements.of_kind("block")
                  if node.proto.expandable.id.endswith(key))  # fmt: skip
    session.elements.values[drawer.id] = WidgetState(id=drawer.id, bool_value=True)
    await session.rerun()


async def upload(session: Session, key: str, name: str, data: bytes) -> None:
    """Hand a file to the uploader with this key, and wait until the page has taken it.

    Raises
    ------
    ConnectionError
        If the server does not take the file.
    """
    node = _uploader(session, key)
    (place,) = await session.announce([name])
    token = session.cookies.get(XSRF_COOKIE, "")
    answer = await asyncio.to_thread(hand_over, session.url, place, name, data, token)
    if answer != NO_CONTENT:
        raise ConnectionError(f"The server answers {answer} to a file of {len(data):,} bytes.")
    state = WidgetState(id=node.id)
    info = state.file_uploader_state_value.uploaded_file_info.add(name=name, size=len(data))
    info.file_id = info.file_urls.file_id = place.rsplit("/", 1)[-1]
    info.file_urls.upload_url = info.file_urls.delete_url = place
    session.elements.values[node.id] = state
    await session.rerun()


def _uploader(session: Session, key: str) -> Node:
    for node in session.elements.of_kind("file_uploader"):
        if node.key == key:
            return node
    raise LookupError(f"The page has no place '{key}' for files.")


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
