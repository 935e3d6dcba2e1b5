"""Files that visitors hand over: each is read once, and then forgotten."""

import mmap
import tempfile

from streamlit.typing import UploadedFile

from playground.session import state
from playground.streamlit_internals.uploads import forget_file


def taken(uploader: str) -> bytes | None:
    """Return the file that lies in an uploader; None if there is none, or none any more.

    Streamlit would hold its bytes as long as the tab is open, twice, beside what was made of them.
    """
    upload = state.get(uploader)
    if not isinstance(upload, UploadedFile):
        return None
    data = upload.getvalue()
    forget_file(upload.file_id)
    upload.truncate(0)
    return data if len(data) == upload.size else None


def taken_to_disk(uploader: str) -> bytes | mmap.mmap | None:
    """Return the same of a large file, which then lies in a temporary file without a name."""
    data = taken(uploader)
    if not data:
        return data
    with tempfile.TemporaryFile(prefix="rnn-playground-") as file:
        try:
            file.write(data)
            file.flush()
        except OSError:  # no space; then it stays in memory
            return data
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
