"""Messages that a tab may send: the few kinds that our pages send, of the size and make that they have."""

import json
import math
from typing import Any

from playground.door.settings import DoorSettings
from playground.streamlit_internals.frames import Frame, read_frame

KINDS = ("rerun_script", "app_heartbeat", "stop_script", "file_urls_request")
MOST_QUERY = 100_000  # characters; a link of ours has fewer than 8,000
MOST_WORDS = 10_000  # characters of everything else that is no widget's value
MOST_MESSAGES_KEPT = 10_000  # whose names a browser may send along; it forgets them after two runs of a page
MOST_SMALL = 20_000  # bytes of a message that carries no widgets


class RefusedError(Exception):
    """A message that no page of ours sends. `code` says how its socket ends, 0 that it goes on without the message."""

    def __init__(self, kind: str, code: int = 0) -> None:
        super().__init__(kind)
        self.code = code


UNSUPPORTED, MALFORMED, POLICY = 1003, 1007, 1008


def parse_frame(data: bytes, settings: DoorSettings) -> Frame:
    """Return a message as it is to be handed on, without values that are no numbers.

    Raises
    ------
    RefusedError
        If no page of ours sends such a message.
    """
    frame = read_frame(data)
    if frame is None:
        raise RefusedError("a message that cannot be read", MALFORMED)
    kind = frame.WhichOneof("type")
    if kind not in KINDS:
        raise RefusedError("a message of a kind that no page sends")
    if kind == "rerun_script":
        _check_run(frame.rerun_script, settings)
    elif len(data) > MOST_SMALL:
        raise RefusedError("a message that is too long for its kind", POLICY)
    if kind == "file_urls_request" and len(frame.file_urls_request.file_names) > settings.files_named:
        raise RefusedError("more files announced than a page takes")
    return frame


def _check_run(run: Any, settings: DoorSettings) -> None:
    words = len(run.fragment_id) + len(run.page_name) + len(run.page_script_hash) + run.context_info.ByteSize()
    if (
        len(run.widget_states.widgets) > settings.widgets
        or len(run.query_string) > MOST_QUERY
        or len(run.cached_message_hashes) > MOST_MESSAGES_KEPT
        or words - len(run.context_info.url) > MOST_WORDS
    ):
        raise RefusedError("a request for a page that is longer than any page makes it", POLICY)
    widgets = run.widget_states.widgets
    sound = [widget for widget in widgets if _is_sound(widget)]
    if len(sound) < len(widgets):
        run.widget_states.ClearField("widgets")
        run.widget_states.widgets.extend(sound)


def _is_sound(widget: Any) -> bool:
    """Return whether a widget's value is one that a widget can have: its numbers are numbers, its JSON is JSON."""
    kind = widget.WhichOneof("value")
    if kind == "double_value":
        return math.isfinite(widget.double_value)
    if kind == "double_array_value":
        return all(map(math.isfinite, widget.double_array_value.data))
    if kind in ("json_value", "json_trigger_value"):
        try:
            json.loads(getattr(widget, kind), parse_constant=_no_number)
        except (ValueError, RecursionError):
            return False
    return True


def _no_number(name: str) -> None:
    raise ValueError(name)


def replaces(newer: Frame, older: Frame) -> bool:
    """Return whether a request for a page asks for all that an older one does, which then need not be answered.

    A browser sends the values of all widgets with each. A press of a button, told only once, is never left out.
    """
    one, other = older.rerun_script, newer.rerun_script
    same = ("fragment_id", "page_script_hash", "page_name", "is_history_navigation")
    if older.WhichOneof("type") != "rerun_script" or newer.WhichOneof("type") != "rerun_script":
        return False
    if any(getattr(one, name) != getattr(other, name) for name in same):
        return False
    given = {widget.id: widget.WhichOneof("value") for widget in one.widget_states.widgets}
    again = {widget.id: widget.WhichOneof("value") for widget in other.widget_states.widgets}
    return "trigger_value" not in given.values() and given.items() <= again.items()
