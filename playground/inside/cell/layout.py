"""Places for the parts of a data-flow picture: columns from left to right by depth, so that no edge meets a box.

Layered drawing after Sugiyama, Tagawa and Toda (1981): an edge over several columns gets a place in each, the order
within the columns is the one with the fewest crossings, and places are then pulled towards their neighbours.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise, permutations

from rnncore.analysis.flow import FlowEdge, FlowNode, flow

SIZES = {"input": (70, 50), "gate": (100, 56), "operation": (66, 56), "output": (70, 50)}
BETWEEN, GAP, PASSING, LETTER = 30, 14, 12, 8  # pixels: columns, rows, room for an edge that passes, a letter
MARGIN = 10
SWEEPS, ROUGHLY, ROUNDS, MOST_ORDERS = 4, 14, 30, 720
Ordered = dict[int, list[str]]


@dataclass
class Placed:
    """A picture: its size; of every node its middle and size; and of every edge the points that it passes."""

    width: float = 0.0
    height: float = 0.0
    boxes: dict[str, tuple[float, float, float, float]] = field(default_factory=dict)
    lines: list[tuple[FlowEdge, list[tuple[float, float]]]] = field(default_factory=list)


@cache
def placed(cell: str) -> Placed:
    """Return the places of everything in a cell's picture."""
    made = flow(cell)
    grid = _Grid(made.nodes, made.edges)
    orders = [grid.ordered(first) for first in grid.starts()]
    crossings = [grid.crossings(order) for order in orders]
    fewest = [order for order, count in zip(orders, crossings, strict=True) if count == min(crossings)]
    return grid.placed(min(fewest, key=grid.slant))


def _size(node: FlowNode) -> tuple[float, float]:
    width, height = SIZES[node.kind]
    return max(width, LETTER * len(node.words) + 12), height


class _Grid:
    """Columns of nodes, and of the places at which long edges pass a column."""

    def __init__(self, nodes: list[FlowNode], edges: list[FlowEdge]) -> None:
        self.sizes = {node.key: _size(node) for node in nodes}
        self.columns = self._depths(nodes, edges)
        self.paths: list[tuple[FlowEdge, list[str]]] = []
        self.before: dict[str, list[str]] = defaultdict(list)
        self.after: dict[str, list[str]] = defaultdict(list)
        for number, edge in enumerate(edges):
            path = [edge.start]
            for column in range(self.columns[edge.start] + 1, self.columns[edge.end]):
                path.append(self._passing(f"pass {number} {column}", column))
            path.append(edge.end)
            self.paths.append((edge, path))
            for left, right in pairwise(path):
                self.after[left].append(right)
                self.before[right].append(left)

    def _depths(self, nodes: list[FlowNode], edges: list[FlowEdge]) -> dict[str, int]:
        depth = {node.key: 0 for node in nodes}
        for node in nodes:  # they stand in the order in which they are computed
            depth[node.key] = max((depth[edge.start] + 1 for edge in edges if edge.end == node.key), default=0)
        last = max(depth.values())
        return {node.key: last if node.kind == "output" else depth[node.key] for node in nodes}

    def _passing(self, key: str, column: int) -> str:
        self.sizes[key], self.columns[key] = (0.0, float(PASSING)), column
        return key

    def starts(self) -> list[Ordered]:
        """Return orders to begin with: those of the first column that computes."""
        columns: Ordered = defaultdict(list)
        for key, column in self.columns.items():
            columns[column].append(key)
        orders = list(permutations(columns[1]))[:MOST_ORDERS]
        return [{**columns, 1: list(order)} for order in orders]

    def ordered(self, first: Ordered) -> Ordered:
        """Return an order with few crossings: each is put at the mean place of its neighbours, to and fro."""
        order = {column: list(keys) for column, keys in first.items()}
        last = max(order)
        for sweep in range(SWEEPS):
            to_right = sweep % 2 == 0
            sides = self.before if to_right else self.after
            for column in range(2, last) if to_right else range(last - 1, 1, -1):
                near = {key: at for at, key in enumerate(order[column - 1 if to_right else column + 1])}
                order[column].sort(key=lambda key, near=near: _mean([near[other] for other in sides[key]]))  # type: ignore[misc]
        return order

    def crossings(self, order: Ordered) -> int:
        """Return how many edges cross."""
        place = {key: at for keys in order.values() for at, key in enumerate(keys)}
        found = 0
        for column in order:
            lines = [(place[key], place[other]) for key in order[column] for other in self.after[key]]
            found += sum((a - c) * (b - d) < 0 for at, (a, b) in enumerate(lines) for c, d in lines[:at])
        return found

    def slant(self, order: Ordered) -> float:
        """Return how far all edges go up and down."""
        y = self._heights(order, ROUGHLY)
        return sum(abs(y[key] - y[other]) for key in y for other in self.after[key])

    def _heights(self, order: Ordered, rounds: int) -> dict[str, float]:
        y: dict[str, float] = {}
        for keys in order.values():
            for at, key in enumerate(keys):
                y[key] = at * 60.0
        for turn in range(rounds):
            for column in sorted(order, reverse=bool(turn % 2)):
                near = {key: [*self.before[key], *self.after[key]] for key in order[column]}
                wanted = [_mean([y[other] for other in near[key]]) if near[key] else y[key] for key in order[column]]
                y |= zip(order[column], self._apart(order[column], wanted), strict=True)
        return y

    def _apart(self, keys: list[str], wanted: list[float]) -> list[float]:
        """Return places as near to those wanted as their sizes allow, in order; one that pushes is pushed as much."""
        groups: list[tuple[list[str], float]] = []  # of keys that touch, and the place of the first
        offsets: dict[str, float] = {}
        aims = dict(zip(keys, wanted, strict=True))

        def first_of(group: list[str]) -> float:
            along = 0.0
            for above, key in zip(["", *group], group, strict=False):
                along += self._distance(above, key) if above else 0.0
                offsets[key] = along
            return _mean([aims[key] - offsets[key] for key in group])

        for key in keys:
            group = [key]
            start = first_of(group)
            while groups and start < groups[-1][1] + self._length(groups[-1][0]) + self._distance(
                groups[-1][0][-1], key
            ):
                group = groups.pop()[0] + group
                key = group[0]
                start = first_of(group)
            groups.append((group, start))
        places: list[float] = []
        for group, start in groups:
            first_of(group)
            places += [start + offsets[key] for key in group]
        return places

    def _distance(self, above: str, below: str) -> float:
        return (self.sizes[above][1] + self.sizes[below][1]) / 2 + GAP

    def _length(self, group: list[str]) -> float:
        return sum(self._distance(*pair) for pair in pairwise(group))

    def placed(self, order: Ordered) -> Placed:
        """Return the picture of an order."""
        y, made = self._heights(order, ROUNDS), Placed()
        top = min(at - self.sizes[key][1] / 2 for key, at in y.items()) - MARGIN
        x, left, widths = dict[str, float](), float(MARGIN), dict[int, float]()
        for column in sorted(order):
            widths[column] = width = max(self.sizes[key][0] for key in order[column])
            x |= dict.fromkeys(order[column], left + width / 2)
            left += width + BETWEEN
        made.width = left - BETWEEN + MARGIN
        made.height = max(at + self.sizes[key][1] / 2 for key, at in y.items()) - top + MARGIN
        made.boxes = {key: (x[key], y[key] - top, *self.sizes[key]) for key in y if self.sizes[key][0]}
        for edge, path in self.paths:
            start, *passed, end = path
            points = [(x[start] + self.sizes[start][0] / 2, y[start] - top)]
            for key in passed:  # straight across the column
                half = widths[self.columns[key]] / 2
                points += [(x[key] - half, y[key] - top), (x[key] + half, y[key] - top)]
            made.lines.append((edge, [*points, (x[end] - self.sizes[end][0] / 2, y[end] - top)]))
        return made


def _mean(values: list[float] | list[int]) -> float:
    return sum(values) / len(values) if values else 0.0
