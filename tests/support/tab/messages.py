"""The browser's cache of large messages, which a server refers to by hash instead of sending them again."""

from dataclasses import dataclass

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


@dataclass(slots=True)
class _Kept:
    encoded: bytes
    used: int
    fragment: str


class MessageCache:
    """Messages by hash; one that no script run has used for `max_age` runs is forgotten, as in the browser."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._runs = 0

    def hashes(self) -> list[str]:
        """Return what the server may refer to; sent with every rerun."""
        return list(self._kept)

    def resolve(self, encoded: bytes) -> ForwardMsg:
        """Decode a message; keep it if it is to be kept; replace a reference by the message it stands for."""
        message = ForwardMsg.FromString(encoded)
        if message.HasField("ref_hash"):
            kept = self._kept[message.ref_hash]
            kept.used = self._runs
            original = ForwardMsg.FromString(kept.encoded)
            original.metadata.CopyFrom(message.metadata)
            return original
        if message.metadata.cacheable:
            kept = self._kept.setdefault(message.hash, _Kept(encoded, self._runs, message.delta.fragment_id))
            kept.used = self._runs
        return message

    def finish(self, max_age: int, fragments: list[str]) -> None:
        """Count one finished script run; a run of fragments only lets messages of those fragments expire."""
        self._runs += 1
        self._kept = {
            name: kept
            for name, kept in self._kept.items()
            if (fragments and kept.fragment not in fragments) or self._runs - kept.used <= max_age
        }
