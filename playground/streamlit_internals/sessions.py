"""Sessions and page runs: the one that a thread draws for, and those that have a connection."""

import threading

from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

from playground.streamlit_internals.used import Used

USED = {
    "streamlit.runtime.Runtime": Used(
        "which sessions have a connection",
        "a route of our own to which every page is connected",
    ),
    "streamlit.runtime.Runtime.get_app_session": Used(
        "the session that a live view is sent to",
        "a route of our own that sends views, and a component that listens",
    ),
    "streamlit.runtime.Runtime.is_active_session": Used(
        "a session without a connection loses its race after a while",
        "the same route, which hears when a page goes",
    ),
    "streamlit.runtime.app_session.AppSession": Used(
        "the receiver of a live view",
        "a route of our own that sends views, and a component that listens",
    ),
    "streamlit.runtime.scriptrunner.get_script_run_ctx": Used(
        "which session and page this thread draws for",
        "a public way to ask which session this thread draws for; `st.context` has the address and headers only",
    ),
    "streamlit.runtime.scriptrunner_utils.script_run_context.ScriptRunContext": Used(
        "that description",
        "a public way to ask which session this thread draws for; `st.context` has the address and headers only",
    ),
    "streamlit.runtime.scriptrunner_utils.script_run_context.ScriptRunContext.is_history_navigation": Used(
        "tells the browser's Back and Forward from a click that still carries an old address",
        "the revision of a set-up in its address",
    ),
    "streamlit.runtime.scriptrunner_utils.script_run_context.ScriptRunContext.fragment_ids_this_run": Used(
        "whether a part or the whole page is run",
        "a public way to ask it",
    ),
    "streamlit.runtime.state.SessionState._new_widget_state": Used(
        "the widgets that a browser has named, and those on a page",
        "a page that Streamlit always draws to its end before the next begins",
    ),
}
SCRIPT_THREAD = "ScriptRunner"  # how Streamlit names the threads of page runs; a test watches it

Session = AppSession
Script = ScriptRunContext


def script() -> Script | None:
    """Return the description of the page run on this thread, or None outside of one."""
    return get_script_run_ctx(suppress_warning=True)


def session_of_thread() -> str | None:
    """Return the session whose page is run on this thread; None on a thread of ours, live views among them."""
    return getattr(script(), "session_id", None) if threading.current_thread().name.startswith(SCRIPT_THREAD) else None


def is_back_or_forward() -> bool:
    """Return whether this page run was asked for by the browser's Back or Forward."""
    run = script()
    return run is not None and run.is_history_navigation


def is_fragment_run() -> bool:
    """Return whether only a part of the page is being run on this thread."""
    run = script()
    return run is not None and bool(run.fragment_ids_this_run)


def pages_running() -> int:
    """Return how many sessions' pages are being run."""
    return sum(thread.name.startswith(SCRIPT_THREAD) for thread in threading.enumerate())


def is_connected(session: str) -> bool:
    """Return whether a browser holds this session's connection right now; without a server everybody counts."""
    return not Runtime.exists() or Runtime.instance().is_active_session(session)


def app_session(session: str) -> Session | None:
    """Return Streamlit's own record of a session that has a connection now, else None."""
    found = Runtime.instance().get_app_session(session) if Runtime.exists() else None
    return found if isinstance(found, AppSession) else None


def widgets_named() -> set[str] | None:
    """Return the keys of the widgets whose values the browser sent with its request for the run that has just begun."""
    run = script()
    found = app_session(run.session_id) if run is not None else None
    return None if found is None else {each.split("-", 2)[-1] for each in found.session_state._new_widget_state.states}
