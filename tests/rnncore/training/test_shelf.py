"""Copies on a shelf: what is taken down is what was put up, wherever it lay."""

import tempfile

import pytest
import torch

from rnncore.training.shelf import SMALL, Shelf, Spool, size_of

NUMBERS = SMALL // 4  # float32 numbers that no longer stay in memory


def tree(count, start=0.0):
    return {"weights": [torch.arange(count) + start, torch.tensor(start)], "state": torch.arange(7, dtype=torch.uint8)}


def same(a, b):
    assert a.keys() == b.keys()
    for left, right in zip([*a["weights"], a["state"]], [*b["weights"], b["state"]], strict=True):
        assert left.dtype == right.dtype and torch.equal(left, right)


@pytest.mark.parametrize("count", [1, NUMBERS])
def test_what_is_taken_down_is_a_copy_of_what_was_put_up(count):
    shelf, put = Shelf(Spool()), tree(count, 0.5)
    shelf["a"] = put
    put["weights"][0] += 1
    taken = shelf["a"]
    same(taken, tree(count, 0.5))
    taken["weights"][0].zero_()
    same(shelf["a"], tree(count, 0.5))
    assert (shelf.memory > 0) == (count == 1)


def test_names_are_those_that_lie_there():
    shelf = Shelf(Spool())
    shelf[0], shelf[3] = tree(1), tree(NUMBERS)
    shelf[3] = tree(NUMBERS, 1.0)
    assert sorted(shelf) == [0, 3] and len(shelf) == 2 and 3 in shelf and 5 not in shelf
    same(shelf[3], tree(NUMBERS, 1.0))
    del shelf[3]
    with pytest.raises(KeyError):
        shelf[3]
    with pytest.raises(KeyError):
        del shelf[3]
    shelf.clear()
    assert not shelf


def test_room_in_the_file_is_used_again_and_never_that_of_others():
    spool = Spool()
    shelf, other = Shelf(spool), Shelf(spool)
    other["stays"] = tree(NUMBERS, 9.0)
    for start in range(20):
        shelf["good"] = tree(NUMBERS, float(start))
        same(shelf["good"], tree(NUMBERS, float(start)))
    same(other["stays"], tree(NUMBERS, 9.0))
    assert spool.end == 2 * size_of(tree(NUMBERS))


def test_where_no_file_can_be_written_copies_stay_in_memory(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    shelf = Shelf(Spool())
    shelf["a"] = tree(NUMBERS)
    same(shelf["a"], tree(NUMBERS))
    assert shelf.memory == size_of(tree(NUMBERS))


def test_a_full_disk_leaves_copies_in_memory():
    class Full:
        def __init__(self, file):
            self.file = file

        def __getattr__(self, name):
            return getattr(self.file, name)

        def write(self, data):
            raise OSError(28, "No space left on device")

    spool = Spool()
    shelf = Shelf(spool)
    shelf["a"] = tree(NUMBERS)
    spool._file = Full(spool._file)
    shelf["a"] = tree(NUMBERS, 2.0)
    shelf["b"] = tree(NUMBERS, 3.0)
    same(shelf["a"], tree(NUMBERS, 2.0))
    same(shelf["b"], tree(NUMBERS, 3.0))
    assert shelf.memory == 2 * size_of(tree(NUMBERS))
