"""What is used of Streamlit beyond its public interface: here and nowhere else.

Streamlit may change any of it in any version. `USED` names everything with the reason why it is needed; a test holds
that each exists in the pinned version, so that an upgrade that takes one away is told at once, and where.
"""

import copy
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import cache, wraps
from typing import Any, cast

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime import Runtime
from streamlit.runtime import fragment as fragments
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import add_script_run_ctx, exec_code, get_script_run_ctx
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.exceptions import ScriptControlException
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext, ThreadState
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.session_state import Serialized, WStates
from streamlit.web import bootstrap, cli

USED = {
    "streamlit.proto.BackMsg_pb2.BackMsg": "what a browser sends, read before Streamlit sees it",
    "streamlit.proto.ClientState_pb2.ClientState": "what a browser sends with a request for a page run",
    "streamlit.proto.ForwardMsg_pb2.ForwardMsg": "what is sent to a browser",
    "streamlit.runtime.Runtime": "which sessions have a connection",
    "streamlit.runtime.Runtime.get_app_session": "the session that a live view is sent to",
    "streamlit.runtime.Runtime.uploaded_file_mgr": "the files that visitors have handed over",
    "streamlit.runtime.memory_uploaded_file_manager.MemoryUploadedFileManager": "how many, and to make room for others",
    "streamlit.runtime.state.SessionState._new_widget_state": "the widgets on a page",
    "streamlit.runtime.state.session_state.Serialized": "a widget's value as a browser sends it",
    "streamlit.proto.WidgetStates_pb2.WidgetState": "the same without a value",
    "streamlit.runtime.state.session_state.WStates.__getitem__": "reads what a browser sent for a widget",
    "streamlit.runtime.Runtime.is_active_session": "a session without a connection loses its race after a while",
    "streamlit.runtime.app_session.AppSession": "the receiver of a live view",
    "streamlit.runtime.app_session.AppSession._event_loop": "messages are handed over on the server's own thread",
    "streamlit.runtime.app_session.AppSession._scriptrunner": "whether the page is being run at this moment",
    "streamlit.runtime.app_session.AppSession._enqueue_forward_msg": "sends a message that no page run has asked for",
    "streamlit.runtime.app_session.AppSession._client_state": "the address and widgets for a page run that we ask for",
    "streamlit.runtime.app_session.AppSession.request_rerun": "asks for a page run when a race's state has changed",
    "streamlit.runtime.scriptrunner.add_script_run_ctx": "lets the thread of live views draw on a page",
    "streamlit.runtime.scriptrunner.get_script_run_ctx": "which session and page this thread draws for",
    "streamlit.runtime.scriptrunner_utils.script_run_context.ScriptRunContext": "that description",
    "streamlit.runtime.scriptrunner_utils.script_run_context.ScriptRunContext.cached_message_hashes":
        "which long messages the browser has; a live view must not rely on it",
    "streamlit.runtime.scriptrunner_utils.script_run_context.ScriptRunContext._enqueue": "collects what a view draws",
    "streamlit.runtime.scriptrunner_utils.script_run_context.ScriptRunContext.uploaded_file_mgr": "forgets a file read",
    "streamlit.runtime.scriptrunner_utils.script_run_context.ScriptRunContext.has_script_started": "clicks are done",
    "streamlit.runtime.scriptrunner_utils.script_run_context.ScriptRunContext.fragment_ids_this_run": "part or page",
    "streamlit.runtime.scriptrunner_utils.script_run_context.ScriptRunContext.enqueue": "sends a message of this page",
    "streamlit.runtime.scriptrunner_utils.script_run_context.ScriptRunContext.is_history_navigation":
        "tells the browser's Back and Forward from a click that still carries an old address",
    "streamlit.runtime.scriptrunner_utils.script_run_context.ThreadState": "which fragment is being run",
    "streamlit.runtime.scriptrunner_utils.exceptions.ScriptControlException": "stop and rerun are no errors",
    "streamlit.runtime.scriptrunner.script_runner.ScriptRunner._maybe_handle_execution_control_request":
        "breaks a page run off for a newer one, which must not happen before its clicks are done",
    "streamlit.runtime.state.SessionState._run_callback_and_record_rerun":
        "calls every widget's callback; the one place to catch what any of them raises",
    "streamlit.runtime.scriptrunner.exec_code.handle_user_script_exception": "shows what a page script raises",
    "streamlit.runtime.fragment.handle_user_script_exception": "shows what a fragment raises",
    "streamlit.web.bootstrap.load_config_options": "reads Streamlit's settings without starting its own server",
    "streamlit.web.cli.configurator_options": "all of Streamlit's settings as flags of our command",
}  # fmt: skip
MOST_ADDRESSES = 20_000  # bytes of a message that hands out addresses for files
SCRIPT_THREAD = "ScriptRunner"  # how Streamlit names the threads of page runs; a test watches it

Frame = BackMsg
Message = ForwardMsg
Session = AppSession
Script = ScriptRunContext
CONTROL = (ScriptControlException, KeyboardInterrupt, GeneratorExit)  # what ends a page run without being an error
load_config_options = bootstrap.load_config_options
configurator_options = cli.configurator_options


# --- sessions and their pages -----------------------------------------------------------------------------


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


# --- what browsers send ------------------------------------------------------------------------------------


def read_frame(data: bytes) -> Frame | None:
    """Return a browser's message, or None where it is none."""
    try:
        return BackMsg.FromString(data)
    except Exception:
        return None


def upload_addresses(data: bytes) -> list[str] | None:
    """Return the addresses for files that a message to a browser hands out; None where it is another message."""
    if len(data) > MOST_ADDRESSES:
        return None
    message = ForwardMsg.FromString(data)
    if message.WhichOneof("type") != "file_urls_response":
        return None
    return [each.upload_url for each in message.file_urls_response.file_urls]


def has_uploader(session: str) -> bool:
    """Return whether a session has had a place for files on a page."""
    found = app_session(session)
    # not its list of widgets, which is empty whenever a run begins
    known = list(found.session_state._new_widget_state.widget_metadata.values()) if found else []
    return any(kind.value_type == "file_uploader_state_value" for kind in known)


def stored_bytes() -> int:
    """Return how many bytes the files have that visitors have handed over, of all sessions."""
    return sum(int(each.byte_length) for found in _files().get_stats().values() for each in found)


def make_room(session: str, files: int, size: int) -> None:
    """Remove the oldest files of a session until it has at most so many, of at most so many bytes."""
    kept = list(_files().file_storage.get(session, {}).values())
    while kept and (len(kept) > files or sum(len(each.data) for each in kept) > size):
        _files().remove_file(session, kept.pop(0).file_id)


def forget_file(file: str) -> None:
    """Remove a file that was handed over in the session of this thread."""
    if run := script():
        cast(MemoryUploadedFileManager, run.uploaded_file_mgr).remove_file(run.session_id, file)


def _files() -> MemoryUploadedFileManager:
    return cast(MemoryUploadedFileManager, Runtime.instance().uploaded_file_mgr)


@cache
def ignore_unreadable_values(tell: Callable[[str], None]) -> None:
    """Give a widget for which a browser has sent nonsense its first value, not an error; called once is enough."""
    read = WStates.__getitem__

    @wraps(read)
    def read_or_first(self: WStates, name: str) -> Any:
        try:
            sent, widget = self.states.get(name), self.widget_metadata.get(name)
            kind = sent.value.WhichOneof("value") if isinstance(sent, Serialized) else None
            if widget is not None and kind not in (None, widget.value_type):
                raise TypeError
            return read(self, name)
        except KeyError:
            raise
        except Exception:
            tell("a value that the widget cannot have")
            self.states[name] = Serialized(WidgetState(id=name))
            return read(self, name)

    WStates.__getitem__ = read_or_first  # type: ignore[method-assign]


# --- live views -------------------------------------------------------------------------------------------


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


# --- callbacks and errors ---------------------------------------------------------------------------------


@cache
def defer_reruns_until_callbacks_done() -> None:
    """Let no run of a page be broken off before it has done what was clicked; called once is enough.

    Streamlit breaks off a run for a newer request whenever the script touches its state: also just before it calls
    what belongs to a click, and in the middle of that. The newer request does not name the older one's clicks, so they
    were lost, whole or halfway through.
    """
    look_for_newer = ScriptRunner._maybe_handle_execution_control_request

    @wraps(look_for_newer)
    def look_once_clicks_are_done(runner: ScriptRunner) -> None:
        run = script()
        if run is None or run.has_script_started:
            look_for_newer(runner)

    ScriptRunner._maybe_handle_execution_control_request = look_once_clicks_are_done  # type: ignore[assignment, method-assign]


@cache
def catch_errors(callback: Callable[[], AbstractContextManager[None]], show: Callable[[BaseException], Any]) -> None:
    """Take care of what callbacks, page scripts and fragments raise, in place of Streamlit's own display.

    Every callback of a widget runs inside of `callback()`, before the page is drawn. `show` is called with what a page
    script or a fragment raises, at its place on the page.
    """
    run_callback = SessionState._run_callback_and_record_rerun

    @wraps(run_callback)
    def run_guarded(self: SessionState, votes: Any, run: Callable[[], None]) -> None:
        def guarded() -> None:
            with callback():
                run()

        run_callback(self, votes, guarded)

    SessionState._run_callback_and_record_rerun = run_guarded  # type: ignore[method-assign]

    def show_error(error: Exception, on_script_error: object) -> None:
        _stop_refreshing()
        show(error)

    exec_code.handle_user_script_exception = show_error  # type: ignore[assignment]
    fragments.handle_user_script_exception = show_error  # type: ignore[assignment]


def _stop_refreshing() -> None:
    """Let the browser no longer ask for the fragment that is being run, if one is."""
    run, fragment = script(), ThreadState.get().fragment_id
    if run is not None and fragment is not None:
        message = ForwardMsg()
        message.stop_auto_rerun.fragment_ids.append(fragment)
        run.enqueue(message)
