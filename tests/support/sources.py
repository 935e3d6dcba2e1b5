"""The product's own source, read by the tests that hold its rules."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = {part: sorted((ROOT / part).rglob("*.py")) for part in ("rnncore", "playground", "pages")}


def each(*parts):
    """Run a test once per source file of these parts of the house."""
    files = [file for part in parts for file in SOURCES[part]]
    return pytest.mark.parametrize("file", files, ids=lambda file: str(file.relative_to(ROOT)))


def parse(file):
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(tree):
    """Every module or name that a file imports, in full: `from torch import load` gives torch and torch.load."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            names |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return names


def packages(tree):
    return {name.split(".")[0] for name in imported(tree)}


def used(tree):
    """Every dotted name that a file uses, with import aliases resolved: `np.random.seed` gives numpy.random.seed."""
    full = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            full |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and node.module:
            full |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}

    def dotted(node):
        if isinstance(node, ast.Attribute):
            return f"{dotted(node.value)}.{node.attr}"
        return full.get(node.id, node.id) if isinstance(node, ast.Name) else ""

    return {dotted(node) for node in ast.walk(tree) if isinstance(node, (ast.Attribute, ast.Name))}
