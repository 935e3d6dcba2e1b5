"""constraints.txt: every package that is installed for this project is in it, in the version that is installed."""

import importlib.metadata
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
FILES = ("constraints.txt", "requirements.txt", "requirements-dev.txt", "pyproject.toml", "setup.py")
OURS = "rnn-playground"
# The one index that the project names: PyTorch's own, for its CPU build.
PYTORCH = {"README.md", "scripts/environment.sh"}
INDEX = re.compile(r"--(extra-)?index-url|https?://\S+/(simple|whl|packages)\b|registry\s*=")


def read(name):
    """Return the requirements of a file by name; one package may have several, for other versions of Python."""
    found = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "-")):
            each = Requirement(line.split("  #")[0])
            if not each.marker or each.marker.evaluate():
                found.setdefault(canonicalize_name(each.name), []).append(each)
    return found


def needed(names):
    """Return all packages that these need, themselves included, as installed packages say it for this machine."""
    found, left = set(), [(name, frozenset()) for name in names]
    while left:
        name, extras = left.pop()
        if (name, extras) in found:
            continue
        found.add((name, extras))
        for line in importlib.metadata.requires(name) or ():
            each = Requirement(line)
            if not each.marker or any(each.marker.evaluate({"extra": extra}) for extra in extras or {""}):
                left.append((canonicalize_name(each.name), frozenset(each.extras)))
    return {name for name, _ in found}


def test_every_installed_package_is_in_the_constraints_with_its_version():
    constraints = read("constraints.txt")
    named = {*read("requirements.txt"), *read("requirements-dev.txt")}
    packages = needed(named) - {OURS}
    assert len(packages) > len(named)
    for name in sorted(packages):
        (pinned,) = constraints[name]
        installed = Version(importlib.metadata.version(name)).public  # PyTorch's builds differ behind a plus sign
        assert str(pinned.specifier) == f"=={installed}", f"{name}: scripts/update-constraints, or install again"


def test_what_the_requirements_name_is_the_same_in_the_constraints():
    constraints = read("constraints.txt")
    for file in ("requirements.txt", "requirements-dev.txt"):
        for name, (each,) in read(file).items():
            assert [str(other.specifier) for other in constraints[name]] == [str(each.specifier)], name


def test_constraints_are_plain_versions():
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "scripts/update-constraints" in text
    for line in text.splitlines():
        assert re.fullmatch(r"#.*|[a-z0-9-]+==[\w.]+( ; [\w.'<>=! ()]+)?", line), line


def test_files_name_no_index_but_pytorchs_own():
    for name in FILES:
        assert "://" not in (ROOT / name).read_text(encoding="utf-8"), name
    git = shutil.which("git") or pytest.skip("git, which knows the project's files, is missing")
    tracked = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, tracked.split("\0")):
        if (ROOT / name).is_file() and name not in PYTORCH:
            assert not INDEX.search((ROOT / name).read_bytes().decode(errors="replace")), name
    for name in PYTORCH:
        named = {found[0] for found in INDEX.finditer((ROOT / name).read_text(encoding="utf-8")) if "://" in found[0]}
        assert len(named) == 1, name
