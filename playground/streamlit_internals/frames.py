"""Messages and widget values from browsers, read before Streamlit sees them."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.session_state import Serialized, WStates

from playground.streamlit_internals.used import Used

USED = {
    "streamlit.proto.BackMsg_pb2.BackMsg": Used(
        "what a browser sends",
        "limits of Streamlit's own on kinds, sizes and rates of messages",
    ),
    "streamlit.proto.ForwardMsg_pb2.ForwardMsg": Used(
        "the addresses for files that a page was given",
        "uploads that Streamlit takes only from pages that have a place for them",
    ),
    "streamlit.proto.WidgetStates_pb2.WidgetState": Used(
        "a widget's value that is none",
        "Streamlit's own refusal of values of another kind",
    ),
    "streamlit.runtime.state.session_state.Serialized": Used(
        "a widget's value as a browser sends it",
        "the same",
    ),
    "streamlit.runtime.state.session_state.WStates.__getitem__": Used(
        "reads what a browser sent for a widget",
        "the same",
    ),
}
MOST_ADDRESSES = 20_000  # bytes of a message that hands out addresses for files

NUMBERS = {"int_value", "double_value"}  # a box for whole numbers is declared with the one and sends the other

Frame = BackMsg


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


@cache
def ignore_unreadable_values(tell: Callable[[str], None]) -> None:
    """Give a widget for which a browser has sent nonsense its first value, not an error; called once is enough."""
    read = WStates.__getitem__

    @wraps(read)
    def read_or_first(self: WStates, name: str) -> Any:
        try:
            sent, widget = self.states.get(name), self.widget_metadata.get(name)
            kind = sent.value.WhichOneof("value") if isinstance(sent, Serialized) else None
            if widget is not None and kind is not None and not _fits(kind, widget.value_type):
                raise TypeError
            return read(self, name)
        except KeyError:
            raise
        except Exception:
            tell("a value that the widget cannot have")
            self.states[name] = Serialized(WidgetState(id=name))
            return read(self, name)

    WStates.__getitem__ = read_or_first  # type: ignore[method-assign]


def _fits(sent: str, declared: str) -> bool:
    return sent == declared or {sent, declared} <= NUMBERS
