"""The files that visitors have handed over: how many, how large, and how they are forgotten."""

from typing import cast

from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from playground.streamlit_internals.sessions import app_session, script
from playground.streamlit_internals.used import Used

USED = {
    "streamlit.runtime.state.SessionState._new_widget_state": Used(
        "whether a page has had a place for files",
        "limits of Streamlit's own on files per session",
    ),
    "streamlit.runtime.Runtime.uploaded_file_mgr": Used(
        "the files that visitors have handed over",
        "limits of Streamlit's own on files per session, and a public way to drop one",
    ),
    "streamlit.runtime.memory_uploaded_file_manager.MemoryUploadedFileManager": Used(
        "how many there are, and to make room for others",
        "the same",
    ),
    "streamlit.runtime.scriptrunner_utils.script_run_context.ScriptRunContext.uploaded_file_mgr": Used(
        "forgets a file once it was read",
        "the same",
    ),
}


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
