"""Shelf: copies of tensors by name, the large ones in a temporary file, for what is rarely looked at again."""

import math
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator, MutableMapping
from typing import IO, Any, NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor

SMALL = 2**15  # bytes; copies of fewer stay in memory

K = TypeVar("K")


class _Place(NamedTuple):
    """The place of a tensor in a file, and what is needed to make it one again."""

    offset: int
    shape: tuple[int, ...]
    dtype: np.dtype[Any]


class Spool:
    """A temporary file for tensors: without a name, opened when first needed, gone with whoever uses it."""

    def __init__(self) -> None:
        self.end = 0
        self._file: IO[bytes] | None = None
        self._free: list[tuple[int, int]] = []
        self._lock = threading.Lock()

    def write(self, tree: Any) -> Any:
        """Write dicts and lists of tensors, and return the same of places; raises `OSError` where that fails."""
        size = size_of(tree)
        with self._lock:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="rnn-playground-")  # noqa: SIM115  closed by `finalize`
                weakref.finalize(self, self._file.close)
            room = next((room for room in self._free if room[1] == size), (self.end, size))
            self._file.seek(room[0])
            places = each_tensor(tree, self._append)
            self._file.flush()
            if room in self._free:
                self._free.remove(room)
            self.end = max(self.end, sum(room))
            return places

    def read(self, places: Any) -> Any:
        """Return the tensors of these places."""
        with self._lock:
            return each_tensor(places, self._read)

    def free(self, places: Any) -> None:
        """Let the room of these places be written over."""
        found: list[_Place] = []
        each_tensor(places, found.append)
        start = min(place.offset for place in found)
        self._free.append((start, sum(math.prod(place.shape) * place.dtype.itemsize for place in found)))

    def _append(self, tensor: Tensor) -> _Place:
        assert self._file is not None  # noqa: S101
        numbers = np.ascontiguousarray(tensor.detach().numpy())
        place = _Place(self._file.tell(), tuple(tensor.shape), numbers.dtype)
        self._file.write(numbers.data)
        return place

    def _read(self, place: _Place) -> Tensor:
        assert self._file is not None  # noqa: S101
        self._file.seek(place.offset)
        found = np.frombuffer(bytearray(self._file.read(math.prod(place.shape) * place.dtype.itemsize)), place.dtype)
        return torch.from_numpy(found.reshape(place.shape))


class Shelf(MutableMapping[K, Any]):
    """Copies of tensors, alone or in dicts and lists, by name; what is taken down is a fresh copy.

    A race needs its weights and its optimiser's state to train. Beside them it keeps copies to go back to and to look
    at, which for a large network are most of its memory, so these lie in a file. Where it cannot be written, they
    stay in memory.

    Parameters
    ----------
    spool
        The file.
    """

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._in_memory: dict[K, Any] = {}
        self._in_file: dict[K, Any] = {}

    def __setitem__(self, name: K, tree: Any) -> None:
        if name in self:
            del self[name]  # `pop` would read it first
        if size_of(tree) >= SMALL:
            try:
                self._in_file[name] = self._spool.write(tree)
                return
            except OSError:  # no space, no folder for it, or too many files open
                pass
        self._in_memory[name] = each_tensor(tree, lambda tensor: tensor.detach().clone())

    def __getitem__(self, name: K) -> Any:
        if name in self._in_file:
            return self._spool.read(self._in_file[name])
        return each_tensor(self._in_memory[name], torch.clone)

    def __delitem__(self, name: K) -> None:
        if name in self._in_file:
            self._spool.free(self._in_file.pop(name))
        else:
            del self._in_memory[name]

    def __contains__(self, name: object) -> bool:
        return name in self._in_file or name in self._in_memory

    def __iter__(self) -> Iterator[K]:
        return iter([*self._in_memory, *self._in_file])

    def __len__(self) -> int:
        return len(self._in_memory) + len(self._in_file)

    @property
    def memory(self) -> int:
        """Bytes in memory, without those in the file."""
        return size_of(self._in_memory)


def each_tensor(tree: Any, change: Callable[[Any], Any]) -> Any:
    """Return a copy of dicts and lists with every tensor, or place of one, changed."""
    if isinstance(tree, dict):
        return {name: each_tensor(part, change) for name, part in tree.items()}
    if isinstance(tree, list):
        return [each_tensor(part, change) for part in tree]
    return change(tree)


def size_of(tree: Any) -> int:
    """Return the bytes of all tensors in dicts and lists."""
    sizes: list[int] = []
    each_tensor(tree, lambda tensor: sizes.append(tensor.numel() * tensor.element_size()))
    return sum(sizes)
