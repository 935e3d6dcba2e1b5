"""Tensors out of a sealed file: all of them, or those whose names begin alike."""

import pytest
import torch
from safetensors.torch import load as load_tensors

from rnncore.files.sealed import KINDS, opened, seal

FORM = "test-1"


@pytest.fixture(scope="module")
def file():
    tensors = {f"{i}.{name}": torch.arange(6).reshape(2, 3).to(kind) + i
               for i in range(2) for name, kind in KINDS.items()}  # fmt: skip
    tensors |= {"0.scalar": torch.tensor(1.5), "0.empty": torch.empty(0, 4)}
    return opened(seal(tensors, {"format": FORM}), FORM, ())


def same(found, expected):
    assert found.keys() == expected.keys()
    for name, tensor in expected.items():
        assert found[name].dtype == tensor.dtype and torch.equal(found[name], tensor), name


def test_all_tensors_are_those_that_safetensors_reads(file):
    same(file.tensors(), load_tensors(file.data))


def test_a_part_is_taken_by_what_its_names_begin_with(file):
    expected = {name[2:]: tensor for name, tensor in load_tensors(file.data).items() if name.startswith("1.")}
    same(file.tensors("1."), expected)
    assert not file.tensors("2.")


def test_a_tensor_is_none_of_the_bytes_of_the_file(file):
    before = bytes(file.data)
    file.tensors()["0.F32"].zero_()
    assert file.data == before
