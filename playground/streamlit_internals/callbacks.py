"""Callbacks that are done before a page run is broken off, and errors in them, in pages and in fragments."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache, wraps
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import fragment as fragments
from streamlit.runtime.scriptrunner import exec_code
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.exceptions import ScriptControlException
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState
from streamlit.runtime.state import SessionState

from playground.streamlit_internals.sessions import script
from playground.streamlit_internals.used import Used

HANDLER = "a handler of errors that an app can set"
USED = {
    "streamlit.proto.ForwardMsg_pb2.ForwardMsg": Used("tells a browser to ask no more for a fragment", HANDLER),
    "streamlit.runtime.scriptrunner.script_runner.ScriptRunner._maybe_handle_execution_control_request": Used(
        "breaks a page run off for a newer one, which must not happen before its clicks are done",
        "Streamlit doing what was clicked before it looks for newer requests",
    ),
    "streamlit.runtime.scriptrunner_utils.script_run_context.ScriptRunContext.has_script_started": Used(
        "clicks are done",
        "the same",
    ),
    "streamlit.runtime.state.SessionState._run_callback_and_record_rerun": Used(
        "calls every widget's callback; the one place to catch what any of them raises",
        HANDLER,
    ),
    "streamlit.runtime.scriptrunner.exec_code.handle_user_script_exception": Used(
        "shows what a page script raises",
        HANDLER,
    ),
    "streamlit.runtime.fragment.handle_user_script_exception": Used(
        "shows what a fragment raises",
        HANDLER,
    ),
    "streamlit.runtime.scriptrunner_utils.exceptions.ScriptControlException": Used(
        "stop and rerun are no errors",
        HANDLER,
    ),
    "streamlit.runtime.scriptrunner_utils.script_run_context.ThreadState": Used(
        "which fragment is being run",
        HANDLER,
    ),
    "streamlit.runtime.scriptrunner_utils.script_run_context.ScriptRunContext.enqueue": Used(
        "tells a browser to ask no more for a fragment that fails",
        HANDLER,
    ),
}
CONTROL = (ScriptControlException, KeyboardInterrupt, GeneratorExit)  # what ends a page run without being an error


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
