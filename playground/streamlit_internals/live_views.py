"""Views that a thread of ours draws and sends without running a page."""

import copy
import threading
from collections.abc import Callable, Sequence

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import add_script_run_ctx

from playground.streamlit_internals.sessions import Script, Session
from playground.streamlit_internals.used import Used

USED = {
    "streamlit.proto.ClientState_pb2.ClientState": Used(
        "what a browser sends with a request for a page run",
        "a route of our own that sends views, and a component that listens",
    ),
    "streamlit.proto.ForwardMsg_pb2.ForwardMsg": Used(
        "what is sent to a browser",
        "a route of our own that sends views, and a component that listens",
    ),
    "streamlit.runtime.app_session.AppSession._event_loop": Used(
        "messages are handed over on the server's own thread",
        "a route of our own that sends views, and a component that listens",
    ),
    "streamlit.runtime.app_session.AppSession._scriptrunner": Used(
        "whether the page is being run at this moment",
        "a route of our own that sends views, and a component that listens",
    ),
    "streamlit.runtime.app_session.AppSession._enqueue_forward_msg": Used(
        "sends a message that no page run has asked for",
        "a route of our own that sends views, and a component that listens",
    ),
    "streamlit.runtime.app_session.AppSession._client_state": Used(
        "the address and widgets for a page run that we ask for",
        "a route of our own that sends views, and a component that listens",
    ),
    "streamlit.runtime.app_session.AppSession.request_rerun": Used(
        "asks for a page run when a race's state has changed",
        "the component, which asks by a trigger",
    ),
    "streamlit.runtime.scriptrunner.add_script_run_ctx": Used(
        "lets the thread of live views draw on a page",
        "a route of our own that sends views, and a component that listens",
    ),
    "streamlit.runtime.scriptrunner_utils.script_run_context.ScriptRunContext.cached_message_hashes": Used(
        "which long messages the browser has; a live view must not rely on it",
        "a route of our own that sends views, and a component that listens",
    ),
    "streamlit.runtime.scriptrunner_utils.script_run_context.ScriptRunContext._enqueue": Used(
        "collects what a view draws",
        "a route of our own that sends views, and a component that listens",
    ),
}

Message = ForwardMsg


def draw_for(page: Script) -> list[Message]:
    """Let what this thread draws from now on belong to a page; return the list that collects it."""
    drawn: list[Message] = []
    mine = copy.copy(page)
    mine._enqueue = drawn.append
    mine.cached_message_hashes = frozenset()  # those that the browser had when it asked for the page, see below
    add_script_run_ctx(threading.current_thread(), mine)
    return drawn


def send(to: Session, messages: Sequence[Message], *, run_page: bool, lost: Callable[[], None]) -> None:
    """Send what was drawn and, if wanted, have the page run again.

    If a page run has begun meanwhile nothing is sent, because its elements may stand elsewhere; `lost` is called.
    """

    def hand_over() -> None:
        if to._scriptrunner is not None:
            lost()
            return
        for message in messages:
            to._enqueue_forward_msg(message)
        if run_page:
            to.request_rerun(_client_state(to))

    to._event_loop.call_soon_threadsafe(hand_over)


def _client_state(of: Session) -> ClientState:
    """Return the address and the widgets as a browser last sent them, without what held at that moment only.

    Of long messages a browser names those that it has, and it forgets them after a few runs of the page. One that is
    sent by its name only, when it has been forgotten, ends the connection for good.
    """
    state = ClientState()
    state.CopyFrom(of._client_state)
    state.ClearField("cached_message_hashes")
    state.ClearField("is_history_navigation")
    return state
