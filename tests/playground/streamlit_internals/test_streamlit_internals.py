"""Everything used of Streamlit beyond its public interface exists in the pinned version, and stands in one folder."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "playground" / "streamlit_internals"
FILES = [file for file in sorted(FOLDER.glob("*.py")) if file.stem not in ("__init__", "used")]
USED = {
    file: importlib.import_module(f"playground.streamlit_internals.{file.stem}").USED for file in FILES
}  # each file names what it relies on
INTERNAL = re.compile(r"^streamlit\.(runtime|proto|web)\b")
OTHERS = [file for part in ("playground", "pages") for file in (ROOT / part).rglob("*.py") if file.parent != FOLDER]


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def foreign_private(tree):
    """Members with one leading underscore of anything but `self` and the names of this file's own classes."""
    own = {"self", "cls"} | {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    for node in ast.walk(tree):
        ours = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in own
        if isinstance(node, ast.Attribute) and re.match(r"_[^_]", node.attr) and not ours:
            yield ast.unparse(node)


def find(name):
    """Return the module, class or member of this dotted name; of a member set when an object is made, its class."""
    parts = name.split(".")
    for split in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:split]))
        except ModuleNotFoundError:
            continue
        for at, part in enumerate(parts[split:]):
            if not hasattr(found, part):
                assert at == len(parts[split:]) - 1 and inspect.isclass(found), f"{name}: there is no {part}"
                assert re.search(rf"\b{part}\b *[:=]", inspect.getsource(found)), f"{name}: there is no {part}"
                return found
            found = getattr(found, part)
        return found
    raise AssertionError(f"{name}: no such module")


@pytest.mark.parametrize(("file", "name"), [(file, name) for file in FILES for name in USED[file]])
def test_what_is_used_exists(file, name):
    find(name)
    assert all(len(said) > 5 for said in USED[file][name]), "with its reason, and what would take its place"


def test_a_name_that_is_gone_is_noticed():
    with pytest.raises(AssertionError):
        find("streamlit.runtime.app_session.AppSession._no_such_member")
    with pytest.raises(AssertionError):
        find("streamlit.runtime.no_such_function")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_everything_that_a_file_uses_is_named_with_its_reason(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    members = {name.rpartition(".")[2] for name in USED[file]}
    modules = {part for name in USED[file] for part in name.split(".")}
    assert {name.rpartition(".")[2] for name in imports(tree) if INTERNAL.match(name)} <= modules
    assert {name.rpartition(".")[2] for name in foreign_private(tree)} <= members


@pytest.mark.parametrize("file", OTHERS, ids=lambda file: str(file.relative_to(ROOT)))
def test_nobody_else_uses_any(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert [name for name in imports(tree) if INTERNAL.match(name)] == []
    assert list(foreign_private(tree)) == []
