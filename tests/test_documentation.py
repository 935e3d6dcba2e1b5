"""What the documents name exists, and what exists is named: paths, commands, benchmarks, folders, settings."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from playground.door.settings import DoorSettings, variable

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("*/README.md"))]
NEAR = (ROOT, ROOT / "rnncore", ROOT / "playground")  # what paths may start from


def ids(file):
    return str(file.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_every_path_that_a_document_names_exists(document):
    named = {name for name in re.findall(r"`([\w./-]+)`", document.read_text()) if "/" in name and name[0] != "/"}
    missing = [name for name in named if not any((place / name).exists() for place in (*NEAR, document.parent))]
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_every_command_that_a_document_names_exists(document):
    text = document.read_text()
    for module in re.findall(r"python -m ([\w.]+)", text):
        place = ROOT / module.replace(".", "/")
        assert place.with_suffix(".py").exists() or (place / "__main__.py").exists(), module
    for name in re.findall(r"scripts/([\w.-]*\w)", text):
        assert (ROOT / "scripts" / name).exists(), name


def test_every_benchmark_is_described():
    described = (ROOT / "benchmarks" / "README.md").read_text()
    commands = [file for file in (ROOT / "benchmarks").glob("*.py") if '__name__ == "__main__"' in file.read_text()]
    assert len(commands) > 10 and not [file.stem for file in commands if f"benchmarks.{file.stem}`" not in described
                                       and f"benchmarks.{file.stem} " not in described]  # fmt: skip


def test_every_package_has_its_place_in_the_picture_of_the_whole():
    text = (ROOT / "docs" / "architecture.md").read_text()
    house = text.split("## The house")[1].split("\n## ")[0]
    web, engine = re.findall(r"^    (?:playground|rnncore)/\n((?:      .*\n)+)", house, flags=re.MULTILINE)
    for part, described in (("playground", web), ("rnncore", engine)):
        folders = {file.parent.name for file in (ROOT / part).glob("*/__init__.py")}
        assert folders and not {name for name in folders if f" {name}/" not in described}, part


def test_every_setting_of_a_host_is_described():
    described = (ROOT / "docs" / "hosting.md").read_text()
    assert not [each.name for each in fields(DoorSettings) if f"`{variable(each)}`" not in described]
