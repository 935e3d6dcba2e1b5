"""Texts to learn from: a play that is always at hand, Tiny Shakespeare by download, and Python's own source code."""

import os
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pooch
import requests

from rnncore.caching.once import once_for_each
from rnncore.errors import DownloadError
from rnncore.text.disk import disk_said

PLAY = Path(__file__).with_name("play.txt")
SHAKESPEARE_FILE = "tinyshakespeare.txt"
SHAKESPEARE_URL = "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt"
SHAKESPEARE_HASH = "sha256:86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed"
FOLDER = "RNN_PLAYGROUND_DATA"  # environment variable: where downloads are kept
TIMEOUT = 10  # seconds without a byte
SOURCE_CHARACTERS = 400_000

pooch.get_logger().setLevel("ERROR")


def folder() -> Path:
    """Return where downloads are kept, and where a file may be put by hand."""
    return Path(os.environ.get(FOLDER) or pooch.os_cache("rnn-playground"))


@cache
def play() -> str:
    """Return The Salt Crown, a play in five acts in Shakespeare's manner, written for this project; 131 kB."""
    return PLAY.read_text(encoding="utf-8")


def shakespeare(url: str = SHAKESPEARE_URL) -> str:
    """Return Tiny Shakespeare (Karpathy, 2015), 1,115,394 characters; fetched once and checked by its hash.

    Raises
    ------
    DownloadError
        It is not there and cannot be fetched, or cannot be kept: the sentence says which.
    """
    path = folder() / SHAKESPEARE_FILE
    try:
        pooch.retrieve(url, SHAKESPEARE_HASH, SHAKESPEARE_FILE, folder(),
                       downloader=pooch.HTTPDownloader(timeout=TIMEOUT))  # fmt: skip
        return _text(path, path.stat().st_mtime)
    except (requests.RequestException, ConnectionError, TimeoutError) as error:  # the first is an OSError, too
        why = f"the network gave no answer ({type(error).__name__})"
    except OSError as error:
        raise DownloadError(
            f"Tiny Shakespeare could not be kept on this server: {disk_said(error)}. Learn another text, or have "
            f"whoever runs the server mend that or name another folder in {FOLDER}."
        ) from None
    except ValueError:
        why = "what came is not the file that was expected"
    raise DownloadError(
        f"Tiny Shakespeare could not be fetched: {why}. Try again later, learn another text, or put the file "
        f"{SHAKESPEARE_FILE} into the server's data folder (the README says where)."
    )


def has_shakespeare() -> bool:
    """Return whether Tiny Shakespeare lies in the folder, whole."""
    path = folder() / SHAKESPEARE_FILE
    return path.is_file() and _hash(path, path.stat().st_mtime) == SHAKESPEARE_HASH.removeprefix("sha256:")


@once_for_each(1)
def _text(path: Path, changed: float) -> str:
    return path.read_text(encoding="utf-8")


@once_for_each(1)
def _hash(path: Path, changed: float) -> str:
    return str(pooch.file_hash(str(path)))


@cache
def python_library() -> str:
    """Return source code of this Python's standard library: its plain ASCII modules in order, 400,000 characters."""
    parts, size = [], 0
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        source = path.read_bytes()
        if source.isascii() and b"\0" not in source:
            parts.append(source.decode("ascii").replace("\r\n", "\n").replace("\f", ""))
            size += len(parts[-1])
        if size >= SOURCE_CHARACTERS:
            break
    return "".join(parts)[:SOURCE_CHARACTERS]


@dataclass(frozen=True)
class Corpus:
    """A text that can be chosen: what it is called, what it is, how to get it."""

    label: str
    about: str
    read: Callable[[], str]


CORPORA = {
    "play": Corpus(
        "The Salt Crown",
        "A play in five acts, 131,000 characters, written for this project in Shakespeare's manner. It is not his.",
        play,
    ),
    "shakespeare": Corpus(
        "Tiny Shakespeare",
        "1,115,394 characters from Shakespeare's plays, put together by Andrej Karpathy (2015). Fetched once.",
        shakespeare,
    ),
    "python": Corpus(
        "Python's own code",
        "400,000 characters from the standard library of the Python that runs this server.",
        python_library,
    ),
}
