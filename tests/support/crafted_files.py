"""Model files that somebody made on purpose to be taken for sound ones, or to cost a server time and memory."""

import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from safetensors.torch import load as load_tensors
from torch import Tensor

from rnncore.files import sealed

Change = Callable[[dict[str, Tensor], dict[str, str]], None]


@dataclass(frozen=True)
class Kind:
    """A kind of file: one that is sound, how it is loaded, and the key of the JSON that describes it."""

    name: str
    data: bytes
    load: Callable[[bytes], Any]
    described: str
    form: str


def crafted(kind: Kind) -> Iterator[tuple[str, bytes]]:
    """Return files that somebody made on purpose; those with a right form have a right checksum, too."""
    yield from _headers(kind)
    yield from _described(kind)
    yield from _numbers(kind)


def _headers(kind: Kind) -> Iterator[tuple[str, bytes]]:
    end = header_end(kind.data)
    header, body = kind.data[8:end].rstrip(b" "), kind.data[end:]
    found = json.loads(header)
    name = next(name for name in found if name != "__metadata__" and found[name]["data_offsets"][1] > 8)
    head = found[name]
    first, *others = (each for each in found if each != "__metadata__")

    def told(**changes: Any) -> bytes:
        return _framed(json.dumps({**found, name: {**head, **changes}}).encode(), body)

    begin, stop = head["data_offsets"]
    yield "ten million lists", _framed(b"[" + b"[]," * 9_999_999 + b"[]]", b"")
    yield "a million lists in a header", _framed(b'{"a":[' + b"[]," * 999_999 + b"[]]}", b"")
    yield "a header of brackets", _framed(b"[" * 1_000_000, b"")
    yield "a header of keys", _framed(b"{" + b"".join(b'"%d":{},' % i for i in range(600_000)) + b'"a":{}}', b"")
    yield "a header of quotes", _framed(b'{"' + b'","' * 1_900_000 + b'"}', b"")
    yield "a header of one number", _framed(b'{"a":' + b"9" * 4_000_000 + b"}", b"")
    yield (
        "a header of one text",
        _framed(b'{"__metadata__":{"a":"' + b"x" * 5_900_000 + "\U0001f995".encode() + b'"}}', b""),
    )
    yield "a header longer than the file", struct.pack("<Q", 2**62) + header
    yield "a header of 5 GB", struct.pack("<Q", 5 * 2**30) + header + body
    yield "a key twice", _framed(header[:-1] + b"," + json.dumps({name: head}).encode()[1:], body)
    yield "the texts twice", _framed(header[:-1] + b',"__metadata__":{"format":"x"}}', body)
    yield (
        "overlapping parts",
        _framed(
            json.dumps(
                {**found, others[0]: {**found[others[0]], "data_offsets": found[first]["data_offsets"]}}
            ).encode(),
            body,
        ),
    )
    yield "places beyond the end", told(data_offsets=[begin, stop + 2**30])
    yield "places below zero", told(data_offsets=[-4, stop])
    yield "places the wrong way round", told(data_offsets=[stop, begin])
    yield "a place that is no whole number", told(data_offsets=[float(begin), stop])
    yield "a place that is a truth", told(data_offsets=[True, stop])
    yield "a place of 4,000 digits", told(data_offsets=[begin, int("9" * 4000)])
    yield "three places", told(data_offsets=[begin, stop, stop])
    yield "a size below zero", told(shape=[-1])
    yield "a size of 10^18", told(shape=[10**18])
    yield "a thousand sizes", told(shape=[1] * 1000)
    yield "sizes that are text", told(shape="4")
    yield (
        "no sizes",
        _framed(json.dumps({**found, name: {"dtype": "F32", "data_offsets": [begin, stop]}}).encode(), body),
    )
    for dtype in ("C64", "F8_E4M3", "BOOL", "I64", "nonsense", 4):
        yield f"numbers of the kind {dtype}", told(dtype=dtype)
    yield "bytes behind the end", kind.data + b"\0" * 64
    yield "a part that is a list", _framed(json.dumps({**found, name: [1, 2]}).encode(), body)
    yield "texts that are numbers", _framed(json.dumps({**found, "__metadata__": {"format": 1}}).encode(), body)
    yield "no checksum but another text", _framed(header.replace(b'"checksum"', b'"checksun"', 1), body)


def _described(kind: Kind) -> Iterator[tuple[str, bytes]]:
    """Return files whose tensors are right and whose description is not."""

    def told(change: Callable[[Any], Any]) -> bytes:
        def retell(_: dict[str, Tensor], metadata: dict[str, str]) -> None:
            metadata[kind.described] = json.dumps(change(json.loads(metadata[kind.described])))

        return remade(kind.data, retell)

    def config_of(found: Any) -> Any:
        first = found[0] if isinstance(found, list) else found
        return first.get("config", first)

    def configured(**changes: Any) -> bytes:
        return told(lambda found: (config_of(found).update(changes), found)[1])

    for name, value in (
        ("hidden_size", 10**9), ("hidden_size", 1024), ("hidden_size", -4), ("hidden_size", 0), ("hidden_size", [4]),
        ("hidden_size", int("9" * 4000)), ("num_layers", 10**6), ("num_layers", 4), ("bidirectional", True),
        ("seq_len", 10**9), ("batch_size", -1), ("lr", "nan"), ("lr", 1e999), ("seed", -1), ("steps", 10**12),
        ("cell", "lstn"), ("cell", "gru"), ("cell", "feedforward"), ("cell", 7), ("task", "nonsense"), ("task", None),
        ("task", "parity" if kind.name != "language model" else "\ud800"), ("nonsense", 1), ("init", "x" * 100_000),
    ):  # fmt: skip
        yield f"{name}={str(value)[:12]}", configured(**{name: value})
    yield "a thousand settings", configured(**{f"a{i}": i for i in range(1000)})
    yield "no settings", told(lambda found: [] if isinstance(found, list) else {})
    yield "a description that is a number", told(lambda found: 3)
    yield "a description that is nothing", told(lambda found: None)
    yield "five runs", told(lambda found: found * 5 if isinstance(found, list) else [found] * 5)
    yield "a million lists", told(lambda found: [[]] * 1_000_000)
    yield "deep lists", remade(kind.data, lambda _, texts: texts.update({kind.described: "[" * 500_000}))
    yield "no description", remade(kind.data, lambda _, texts: texts.pop(kind.described))
    yield "another text beside it", remade(kind.data, lambda _, texts: texts.update(extra="x"))
    if kind.name == "race":
        for name, bad in (("events", [[]] * 900_000), ("events", [["a"] * 3] * 9_000), ("events", [[1, "lr", [1]]]),
                          ("events", 7), ("step", 1_500_000), ("step", -1), ("step", True), ("step", 10**30),
                          ("good_step", 31), ("good_step", -1), ("seconds", -1.0), ("seconds", 1e300),
                          ("divergence", [1, 2]), ("divergence", [[]] * 4), ("texts", {"cell": "sha256:0"}),
                          ("pickle", "gASV")):  # fmt: skip
            yield (
                f"{name}: {str(bad)[:12]}",
                told(lambda found, name=name, bad=bad: (found[0].update({name: bad}), found)[1]),
            )
    if kind.name == "language model":
        for name, bad in (("card", None), ("card", [1]), ("symbols", ""), ("symbols", "cba"), ("symbols", "aab"),
                          ("symbols", "abcd"), ("symbols", 3), ("symbols", "".join(map(chr, range(32, 50_000))))
        ):  # fmt: skip
            yield f"{name}: {str(bad)[:12]}", told(lambda found, name=name, bad=bad: {**found, name: bad})
        yield "no card", told(lambda found: (found.pop("card"), found)[1])


def _numbers(kind: Kind) -> Iterator[tuple[str, bytes]]:
    """Return files with other tensors."""
    tensors = load_tensors(kind.data)
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not name.endswith("held_out"):
            for value in (float("nan"), float("inf")):
                yield f"{name} is {value}", remade(kind.data, _put(name, _spoiled(tensor, value)))
    names = sorted(name for name in tensors if tensors[name].numel() > 1)
    for name in names[:: max(1, len(names) // 6)]:
        tensor = tensors[name]
        yield f"{name} is gone", remade(kind.data, lambda found, _, name=name: found.pop(name))
        yield f"{name} is double", remade(kind.data, _put(name, tensor.double()))
        yield f"{name} is whole numbers", remade(kind.data, _put(name, tensor.int()))
        yield f"{name} is flat", remade(kind.data, _put(name, tensor.reshape(-1, 1, 1).clone()))
        if not name.endswith("held_out"):  # with fewer measurements it is a sound file of another run
            yield f"{name} is short", remade(kind.data, _put(name, tensor[:-1].clone()))
        yield f"{name} is empty", remade(kind.data, _put(name, tensor[:0].clone()))
    yield "a part too many", remade(kind.data, _put("0.spare", torch.zeros(3)))
    yield (
        "five thousand parts",
        remade(kind.data, lambda found, _: found.update({f"a{i}": torch.zeros(0) for i in range(5000)})),
    )
    if kind.name == "race":
        rows = torch.zeros(1_500_000, 5)
        yield "1.5 million rows of history", remade(kind.data, _put("0.history.held_out", rows))
        yield "updates below zero", remade(kind.data, _put("0.optimizer.0.step", torch.tensor(-1.0)))
        squares = "0.optimizer.0.exp_avg_sq"
        yield "squares below zero", remade(kind.data, _put(squares, -1 - tensors[squares]))


def remade(data: bytes, change: Change) -> bytes:
    """Return a file after a change to its tensors and texts, with a right checksum."""
    tensors = load_tensors(data)
    metadata = json.loads(data[8 : header_end(data)])["__metadata__"]
    metadata.pop("checksum", None)
    change(tensors, metadata)
    return sealed.seal(tensors, metadata)


def _put(name: str, tensor: Tensor) -> Change:
    return lambda tensors, _: tensors.update({name: tensor})


def _spoiled(tensor: Tensor, value: float) -> Tensor:
    tensor = tensor.clone()
    tensor.view(-1)[tensor.numel() // 2] = value
    return tensor


def _framed(header: bytes, body: bytes) -> bytes:
    return struct.pack("<Q", len(header)) + header + body


def header_end(data: bytes) -> int:
    """Return where the numbers begin."""
    length: int = struct.unpack("<Q", data[:8])[0]
    return 8 + length
