"""Visitors: the tabs of one browser belong to one visitor, who gets one part of the server."""

from hashlib import sha256

import streamlit as st

from playground.door.cookie import COOKIE
from playground.session import state

PROTOCOLS = "Sec-WebSocket-Protocol"


def visitor() -> str:
    """Return what tells this visitor from all others; a browser that keeps no cookies is told by the tab.

    Not by the address: a class behind one router has one address and is thirty visitors.
    """
    cookie = st.context.cookies.get(COOKIE)
    return sha256(cookie.encode()).hexdigest()[:16] if isinstance(cookie, str) else state.session_id()


def lost_session() -> bool:
    """Return whether this tab was open before, with a session that the server no longer has: it was restarted since.

    A browser that connects again names the session it had, as the third of the protocols that it asks for.
    """
    asked = st.context.headers.get(PROTOCOLS)
    names = [name.strip() for name in asked.split(",")] if isinstance(asked, str) else []
    return len(names) > 2 and names[2] != state.session_id()
