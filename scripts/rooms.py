#!/usr/bin/env python3
"""Print who imports whom, by folder: one line for each room of the web layer and of the engine."""

import ast
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
FLOORS = ("playground", "rnncore")


def rooms(floor: str) -> dict[str, set[str]]:
    """Return for every folder, and every file beside the folders, which others of the same floor it imports from."""
    found: dict[str, set[str]] = {}
    for file in sorted((ROOT / floor).rglob("*.py")):
        parts = file.relative_to(ROOT / floor).with_suffix("").parts
        found.setdefault(parts[0], set()).update(_imported(file, floor) - {parts[0]})
    return found


def _imported(file: Path, floor: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name.split(".")[1] for name in names if name.startswith(f"{floor}.")}


def stories(edges: Mapping[str, set[str]]) -> list[list[str]]:
    """Return the rooms in layers, each importing only from those before; raises ValueError where there is a circle."""
    left, done, layers = dict(edges), set[str](), []
    while left:
        layer = sorted(room for room, uses in left.items() if not (uses & set(edges)) - done)
        if not layer:
            raise ValueError(f"These import one another in a circle: {', '.join(sorted(left))}.")
        layers.append(layer)
        done |= set(layer)
        left = {room: uses for room, uses in left.items() if room not in done}
    return layers


def main() -> None:
    """Print each floor from the ground up."""
    for floor in FLOORS:
        edges = rooms(floor)
        print(f"{floor}/")
        for number, layer in enumerate(stories(edges), 1):
            for room in layer:
                print(f"  {number}  {room:<20} {' '.join(sorted(edges[room]))}".rstrip())


if __name__ == "__main__":
    sys.exit(main())
