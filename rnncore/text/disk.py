"""Faults of a disk in words: why a file cannot be written or read."""

import errno

FULL = "its disk is full, or a file may not grow that large"
FORBIDDEN = "its data folder may not be written to"
NO_FOLDER = "a file stands where its data folder should be"
WORDS = {
    "ENOSPC": FULL, "EDQUOT": FULL, "EFBIG": FULL, "EACCES": FORBIDDEN, "EPERM": FORBIDDEN, "EROFS": FORBIDDEN,
    "EEXIST": NO_FOLDER, "ENOTDIR": NO_FOLDER, "EISDIR": "a folder stands where the file should be",
}  # fmt: skip


def disk_said(error: OSError) -> str:
    """Return why a disk did not do what was asked; no path of the server is named."""
    found = WORDS.get(errno.errorcode.get(error.errno or 0, ""))
    if found is None and isinstance(error, PermissionError):  # raised anew by a library, without its number
        found = FORBIDDEN
    return found or f"its disk gave an error ({type(error).__name__})"
