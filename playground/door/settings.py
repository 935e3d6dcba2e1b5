"""Every limit at the door, with its unit and its reason, in one place; the environment may say otherwise."""

import math
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import Field, dataclass, field, fields
from typing import Any

PREFIX = "RNN_PLAYGROUND_"


def _setting(default: Any, unit: str, about: str) -> Any:
    return field(default=default, metadata={"unit": unit, "about": about})


@dataclass(frozen=True)
class DoorSettings:
    """The limits of one server. docs/hosting.md has them as a table; a test holds that it is complete."""

    hosts: str = _setting("", "names, comma between", "further names of this server, such as rnn.example.org; * is any")
    origins: str = _setting(
        "", "addresses, comma between", "other sites whose pages may connect, as https://example.org"
    )
    frame_ancestors: str = _setting(
        "'self'", "CSP sources", "pages that may embed this one, such as 'self' https://example.org"
    )
    metrics: bool = _setting(False, "0 or 1", "whether others than this machine may read /_stcore/metrics")

    frame_bytes: int = _setting(2 * 2**20, "bytes", "one message; three for each character of the longest box")
    runs_per_second: float = _setting(2.0, "page runs a second", "of one tab, for long, whatever others do")
    runs_burst: int = _setting(20, "page runs", "of one tab, at once")
    refreshes_per_second: float = _setting(5.0, "refreshes a second", "of parts of one tab that refresh by themselves")
    more_runs_per_second: float = _setting(8.0, "page runs a second", "beyond that, of all tabs together")
    frames_per_second: float = _setting(30.0, "messages a second", "of one tab, for long; more are read later")
    frames_burst: int = _setting(60, "messages", "of one tab, at once")
    frames_waiting: int = _setting(200, "messages", "of one tab, sent and not yet read; more end its connection")
    bytes_per_second: float = _setting(1_000_000.0, "bytes a second", "of one tab, for long; more are read later")
    bytes_burst: int = _setting(8 * 2**20, "bytes", "of one tab, at once")
    widgets: int = _setting(500, "widgets", "whose values one message may carry")
    files_named: int = _setting(10, "files", "that one message may announce")
    first_frame_seconds: float = _setting(30.0, "seconds", "a new tab has for its first message")

    sockets: int = _setting(1000, "tabs", "open at once in all; fewer where the system allows few files")
    sockets_per_address: int = _setting(300, "tabs", "open at once from one address: a school has one for everybody")
    new_sockets_per_second: float = _setting(5.0, "tabs a second", "opened from one address, for long; more wait")
    new_sockets_burst: int = _setting(
        150, "tabs", "opened from one address, at once; one that is cut off counts as ten"
    )
    left_sockets_per_second: float = _setting(
        1.0, "tabs a second", "of one address that may leave, for long; after more, new ones wait for a gap"
    )
    left_sockets_burst: int = _setting(40, "tabs", "likewise, at once; one that is cut off counts as ten")
    requests_per_second: float = _setting(100.0, "requests a second", "from one address, for long; more wait")
    requests_burst: int = _setting(400, "requests", "from one address, at once")
    assets_per_second: float = _setting(200.0, "requests a second", "for the files of pages, likewise")
    assets_burst: int = _setting(6000, "requests", "for the files of pages, likewise: a hall of 100 opens the page")
    patience_seconds: float = _setting(10, "seconds", "that a tab or request waits for its turn, at most")

    connections: int = _setting(4000, "connections", "open at once in all; fewer where the system allows few files")
    connections_per_address: int = _setting(1500, "connections", "open at once from one address; proxies are exempt")
    header_seconds: float = _setting(10.0, "seconds", "that the head of a request may take")
    body_bytes_per_second: float = _setting(1000.0, "bytes a second", "that a body must bring, over ten seconds")
    body_seconds: float = _setting(600.0, "seconds", "that a body may take in all")
    reading_seconds: float = _setting(60.0, "seconds", "that somebody may not read a reply")

    upload_files: int = _setting(8, "files", "kept for one tab; its oldest make room")
    upload_bytes: int = _setting(72_000_000, "bytes", "kept for one tab; its oldest files make room")
    upload_bytes_per_address: int = _setting(200_000_000, "bytes", "handed over from one address, at once")
    upload_bytes_per_second: float = _setting(1_000_000.0, "bytes a second", "handed over from one address, for long")
    upload_read_per_second: float = _setting(
        5_000_000.0, "bytes a second", "of files, read from all tabs together; what comes faster waits"
    )
    upload_bytes_in_all: int = _setting(300_000_000, "bytes", "of files kept for all tabs together")


def settings(environment: Mapping[str, str] | None = None) -> DoorSettings:
    """Return the settings with what the environment says in its RNN_PLAYGROUND_ variables.

    Raises
    ------
    ValueError
        If a variable is no number of the kind that its setting needs, or is negative.
    """
    environment = os.environ if environment is None else environment
    known = [each for each in fields(DoorSettings) if variable(each) in environment]
    return DoorSettings(**{each.name: _read(each, environment[variable(each)]) for each in known})


def variable(setting: "Field[Any]") -> str:
    """Return the name of the environment variable that overrides a setting."""
    return f"{PREFIX}{setting.name.upper()}"


def _read(setting: "Field[Any]", text: str) -> Any:
    kind = type(setting.default)
    if kind is str:
        return text.strip()
    if kind is bool and text.strip() in ("0", "1"):
        return text.strip() == "1"
    if kind in (int, float):
        with suppress(ValueError):
            number = int(text) if kind is int else float(text)
            if 0 < number < math.inf:
                return number
    needed = f"{NEEDED[kind]} ({setting.metadata['unit']}), such as {setting.default}"
    raise ValueError(f"{variable(setting)} must be {needed}; change it, or leave it out.")


NEEDED: dict[type, str] = {bool: "0 or 1", int: "a whole number above 0", float: "a number above 0"}
