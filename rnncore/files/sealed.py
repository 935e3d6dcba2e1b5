"""Files of tensors from strangers: looked at before anything is built from them, and sealed by a checksum.

A file is safetensors, never pickle. Its header begins with a SHA-256 over every byte of the file, the 64 digits
themselves taken as zeros, so a single changed bit anywhere is noticed. Files of earlier versions have none.
"""

import hashlib
import json
import math
import mmap
import re
import struct
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import torch
from safetensors import SafetensorError
from safetensors.torch import save as save_tensors
from torch import Tensor

from rnncore.errors import CheckpointError, ConfigError

MAX_HEADER = 6 * 2**20  # bytes; earlier versions kept long tables there
MAX_PARTS = 4096  # four cells of four layers in both directions, reading and writing, have 2,000
MAX_DIMENSIONS = 4
KINDS = {"F32": torch.float32, "F16": torch.float16, "F64": torch.float64, "BF16": torch.bfloat16, "I64": torch.int64,
         "I32": torch.int32, "I8": torch.int8, "U8": torch.uint8}  # fmt: skip
BYTES = {name: kind.itemsize for name, kind in KINDS.items()}
_BEGIN, _ZEROS = b'{"__metadata__":{"checksum":"', b"0" * 64
_DIGITS = slice(8 + len(_BEGIN), 8 + len(_BEGIN) + 64)


class Unfit(ValueError):
    """A file cannot be right; the text says why, in words of ours."""


class Foreign(ValueError):
    """A file is of another program or another kind."""


@dataclass(frozen=True)
class Part:
    """The place of a tensor in a file, and its form."""

    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


@dataclass(frozen=True)
class Opened:
    """A file whose form is right and whose checksum, if it has one, is that of its bytes."""

    metadata: Mapping[str, str]
    parts: Mapping[str, Part]
    data: bytes | mmap.mmap

    def let_go(self) -> None:
        """Take out of memory again what has been read of a file that lies on disk."""
        if isinstance(self.data, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            self.data.madvise(mmap.MADV_DONTNEED)

    def tensors(self, prefix: str = "") -> dict[str, Tensor]:
        """Return the tensors whose names begin like this, by what follows.

        `safetensors` reads from bytes all tensors or none, which for the largest file takes its size once more.
        """
        return {
            name.removeprefix(prefix): self._tensor(part)
            for name, part in self.parts.items()
            if name.startswith(prefix)
        }

    def _tensor(self, part: Part) -> Tensor:
        if part.begin == part.end:
            return torch.empty(part.shape, dtype=KINDS[part.dtype])
        held = bytearray(memoryview(self.data)[part.begin : part.end])
        return torch.frombuffer(held, dtype=KINDS[part.dtype]).reshape(part.shape)

    def text(self, name: str) -> str:
        """Return the text that a tensor of bytes holds."""
        part = self.parts.get(name)
        if part is None or part.dtype != "U8":
            raise Unfit("a text that its settings name is not in it")
        return self.data[part.begin : part.end].decode("utf-8", "surrogatepass")


def seal(tensors: dict[str, Tensor], metadata: dict[str, str]) -> bytes:
    """Return a file with these tensors and texts, and its checksum; equal content gives equal bytes."""
    data = save_tensors(tensors, metadata)
    end = 8 + struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:end])
    header["__metadata__"] = {"checksum": _ZEROS.decode(), **dict(sorted(metadata.items()))}
    ordered = {"__metadata__": header.pop("__metadata__"), **header}
    text = json.dumps(ordered, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    head = struct.pack("<Q", len(text)) + text
    digits = _checksum(head, memoryview(data)[end:])
    return b"".join((head[: _DIGITS.start], digits, head[_DIGITS.stop :], memoryview(data)[end:]))


def opened(data: bytes | mmap.mmap, form: str, keys: Collection[str]) -> Opened:
    """Return a file of this form, checked; its texts have these keys and no others."""
    metadata, parts = _read_header(data, len(data))
    if metadata.get("format") != form:
        raise Foreign
    if not metadata.keys() <= {"format", "checksum", *keys}:
        raise Unfit("its header has a part that does not belong there")
    if "checksum" in metadata:
        end = _header_end(data, len(data))
        if data[8 : _DIGITS.start] != _BEGIN or data[_DIGITS] != _checksum(data[:end], memoryview(data)[end:]):
            raise Unfit("its checksum is not that of its content")
    return Opened(metadata, parts, data)


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes; of one that is none of ours only the header is read."""
    if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe or a device may never end
        raise Foreign
    with path.open("rb") as file:
        size = path.stat().st_size
        head = file.read(8)
        head += file.read(_header_end(head, size) - 8)
        _read_header(head, size)
        return head + file.read()


def read_json(text: str, *, most: int, depth: int) -> Any:
    """Return JSON of at most `most` separators and brackets and of this depth: both are counted before it is read."""
    data = text.encode("utf-8", "surrogatepass")
    _check_json(data, most, depth)
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_number)
    except RecursionError:
        raise Unfit("its lists lie too deep in one another") from None


@contextmanager
def refusals_told(
    subject: str = "The file", kind: str = "a file of this playground", maker: str = "'Save' made here"
) -> Iterator[None]:
    """Turn whatever a bad file leads to into one sentence."""
    try:
        yield
    except Foreign:
        raise CheckpointError(
            f"{subject} is damaged, or is not {kind}: expected one that {maker} (.safetensors)."
        ) from None
    except (SafetensorError, ConfigError, LookupError, ValueError, TypeError, RuntimeError, OverflowError) as error:
        if "allocate memory" in str(error):
            raise
        raise CheckpointError(
            f"{subject} is damaged or was changed, so nothing was loaded ({_reason(error)}): save it again."
        ) from None


def _reason(error: Exception) -> str:
    """Say why a file was refused, without a word that stood in it."""
    if isinstance(error, Unfit):
        return str(error)
    if isinstance(error, ConfigError):
        named = re.match(r"'[a-z_]{1,40}' [^']{0,160}?(?=, not )", str(error))
        return named[0] if named else "its settings are not those of a run of this version"
    return "its parts do not fit one another"


def _checksum(head: bytes, body: memoryview) -> bytes:
    found = hashlib.sha256(head[: _DIGITS.start])
    found.update(_ZEROS)
    found.update(memoryview(head)[_DIGITS.stop :])
    found.update(body)
    return found.hexdigest().encode()


def _header_end(data: bytes | mmap.mmap, size: int) -> int:
    if len(data) < 8:
        raise Foreign
    end: int = 8 + struct.unpack("<Q", data[:8])[0]
    if end > size or data[8:9] not in (b"{", b""):
        raise Foreign
    if end > MAX_HEADER:
        raise Unfit(f"its header is longer than {MAX_HEADER // 2**20} MB")
    return end


def _read_header(data: bytes | mmap.mmap, size: int) -> tuple[dict[str, str], dict[str, Part]]:
    end = _header_end(data, size)
    text = data[8:end]
    _check_json(text, 24 * MAX_PARTS, 3)
    try:
        found = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_number)
    except Unfit:
        raise
    except (ValueError, RecursionError):
        raise Foreign from None
    metadata = found.pop("__metadata__", None) if isinstance(found, dict) else None
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise Foreign
    if len(found) > MAX_PARTS:
        raise Unfit(f"it has more than {MAX_PARTS:,} parts")
    parts = {name: _part(each, end) for name, each in found.items()}
    _check_places(parts, end, size)
    return metadata, parts


def _part(found: Any, start: int) -> Part:
    if not isinstance(found, dict) or found.keys() != {"dtype", "shape", "data_offsets"}:
        raise Unfit("its header does not describe each part as it should")
    dtype, shape, offsets = found["dtype"], found["shape"], found["data_offsets"]
    if not isinstance(dtype, str) or dtype not in BYTES:
        raise Unfit("it holds numbers of a kind that is not used here")
    if not _whole(shape, range(MAX_DIMENSIONS + 1)) or not _whole(offsets, (2,)):
        raise Unfit("its header gives a size or a place that is no whole number from 0")
    return Part(dtype, tuple(shape), start + offsets[0], start + offsets[1])


def _whole(values: Any, lengths: Collection[int]) -> bool:
    return (
        isinstance(values, list)
        and len(values) in lengths
        and all(type(value) is int and 0 <= value < 2**40 for value in values)
    )


def _check_places(parts: Mapping[str, Part], start: int, size: int) -> None:
    """Refuse parts that overlap, leave room between them, or are longer or shorter than their numbers."""
    at = start
    for part in sorted(parts.values(), key=lambda part: (part.begin, part.end)):
        if part.begin != at or part.end - part.begin != math.prod(part.shape) * BYTES[part.dtype]:
            raise Unfit("its header gives sizes and places that do not fit one another")
        at = part.end
    if at != size:
        raise Unfit(f"it has {size:,} bytes where its header speaks of {at:,}")


def _check_json(data: bytes, most: int, depth: int) -> None:
    plain = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    if plain.count(b'"') > 4 * most:
        raise Unfit("it lists far more than a saved file does")
    outside = b"".join(plain.split(b'"')[::2])
    if sum(outside.count(mark) for mark in (b",", b":", b"[", b"{")) > most or len(outside) > 40 * most:
        raise Unfit("it lists far more than a saved file does")
    level = 0
    for mark in re.findall(rb"[\[\]{}]", outside):
        level += 1 if mark in b"[{" else -1
        if level > depth:
            raise Unfit("its lists lie too deep in one another")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unfit("it names something twice")
    return found


def _no_number(_: str) -> NoReturn:
    raise Unfit("it holds numbers that are not finite")
