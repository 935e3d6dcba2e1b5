"""Files from strangers: flipped, cut or crafted, none is taken in silence, and each is told in one sentence."""

import struct

import pytest
import torch

from playground.learning import recorded as learning_recorded
from playground.race import recorded
from rnncore.cli.app import main
from rnncore.errors import CheckpointError
from rnncore.files import recordings
from rnncore.files.sealed import opened, read_bytes
from rnncore.text import language, records
from tests.support.crafted_files import Kind, crafted, remade
from tests.support.hostile_files import MEGABYTES, changed, cut, flipped, kinds, measure

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def figures():
    return measure(flips=30, cuts=10)


def test_none_is_accepted_and_each_is_told_in_one_sentence(figures):
    assert figures.tried > 500
    assert not figures.accepted
    assert not figures.unclear


def test_none_takes_much_memory(figures):
    assert not figures.large and figures.megabytes <= MEGABYTES


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_every_bit_of_the_header_and_every_byte_of_the_numbers_counts(kind):
    end = 8 + struct.unpack("<Q", kind.data[:8])[0]
    places = [(place, bit) for place in range(0, end, 7) for bit in range(8)]
    places += [(place, place % 8) for place in range(end, len(kind.data), 41)]
    for place, bit in places:
        with pytest.raises(CheckpointError):
            kind.load(changed(kind.data, place, bit))


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_equal_content_is_an_equal_file(kind):
    assert remade(kind.data, lambda tensors, metadata: None) == kind.data


@pytest.mark.parametrize(("number", "command"), [(0, ("train", "--resume")), (2, ("sample", "--model"))])
def test_the_terminal_tells_each_in_one_line(number, command, tmp_path, capsys):
    kind, file = kinds()[number], tmp_path / "bad.safetensors"
    for _, data in (*flipped(kind, 10), *cut(kind, 5), *crafted(kind)):
        file.write_bytes(data)
        assert main([*command, str(file)]) == 2
        said = capsys.readouterr()
        assert said.err.count("\n") == 1 and not said.out


def without_checksum(data: bytes) -> bytes:
    """The same file as earlier versions wrote it."""
    end = 8 + struct.unpack("<Q", data[:8])[0]
    begin = data.index(b'"checksum":"')
    header = data[8:begin] + data[begin + len(b'"checksum":"') + 64 + 2 : end].rstrip(b" ")
    header += b" " * (-len(header) % 8)
    return struct.pack("<Q", len(header)) + header + data[end:]


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_a_file_of_an_earlier_version_loads_and_its_cuts_do_not(kind):
    old = without_checksum(kind.data)
    assert "checksum" not in opened(old, kind.form, (kind.described,)).metadata
    assert kind.load(old)
    for _, data in cut(Kind(kind.name, old, kind.load, kind.described, kind.form), 20):
        with pytest.raises(CheckpointError):
            kind.load(data)


def test_what_comes_with_the_project_loads_and_what_earlier_versions_made_has_no_checksum():
    files = [file.read_bytes() for file in sorted(recorded.FOLDER.glob("*.safetensors"))]
    assert all(map(recordings.read_configs, files))
    earlier = [data for data in files if b'"checksum"' not in data]
    assert len(earlier) > 10 and all(map(recordings.load, earlier))
    for path in language.shipped().values():
        assert language.load(path).card
    assert b'"checksum"' not in read_bytes(learning_recorded.FILE)


def test_a_recorded_study_is_checked_as_well(tmp_path):
    file = tmp_path / "study"
    data = learning_recorded.FILE.read_bytes()
    kind = Kind("study", data, bytes, "samples", records.FORMAT)
    sealed = remade(data, lambda tensors, metadata: None)
    for _, bad in (*flipped(Kind("study", sealed, bytes, "samples", records.FORMAT), 30), *cut(kind, 10)):
        file.write_bytes(bad)
        with pytest.raises(CheckpointError):
            records.restore(None, str(file))
