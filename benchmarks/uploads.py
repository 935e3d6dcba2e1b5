"""What a visitor does with drawers and files: opens the one, hands over the other."""

import asyncio

from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.attacks.web import hand_over
from benchmarks.client import XSRF_COOKIE, Session
from benchmarks.elements import Node

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
