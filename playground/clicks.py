"""Every click counts, also one that is followed by the next while the server is still at work on it."""

from functools import cache, wraps

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner


@cache
def hear_every_click() -> None:
    """Let no run of a page be broken off before it has done what was clicked; called once is enough.

    Streamlit breaks off a run for a newer request whenever the script touches its state: also just before it calls
    what belongs to a click, and in the middle of that. The newer request does not name the older one's clicks, so they
    were lost, whole or halfway through.
    """
    look_for_newer = ScriptRunner._maybe_handle_execution_control_request

    @wraps(look_for_newer)
    def look_once_clicks_are_done(runner: ScriptRunner) -> None:
        context = get_script_run_ctx(suppress_warning=True)
        if context is None or context.has_script_started:
            look_for_newer(runner)

    ScriptRunner._maybe_handle_execution_control_request = look_once_clicks_are_done  # type: ignore[assignment, method-assign]
