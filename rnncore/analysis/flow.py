"""The flow of data through one step of a cell, read from its equations: what is computed, and what goes where."""

from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from rnncore.analysis.equations import WINDOW, Equation, Node, equations
from rnncore.cells import CELLS

Kind = Literal["input", "gate", "operation", "output"]
SIGNS = {"*": "×", "+": "+", "-": "−", "/": "÷"}


@dataclass(frozen=True)
class FlowNode:
    """Something that is read, computed or handed on.

    Attributes
    ----------
    key
        Distinguishes it in its cell.
    kind
        An input, a sum over weights with its activation, an operation unit by unit, or a state that is handed on.
    label
        Its sign or function.
    gives
        Name of the value, where the equations give it one.
    equation
        Number of the equation that it belongs to; None for inputs.
    tree
        The expression that it is worth.
    """

    key: str
    kind: Kind
    label: str
    gives: str
    equation: int | None
    tree: Node

    @property
    def words(self) -> str:
        """Its label with the name of what it gives: "f = sigmoid", "+ → c'"."""
        if self.kind in ("input", "output") or not self.gives:
            return self.label
        return f"{self.gives} = {self.label}" if self.kind == "gate" else f"{self.label} → {self.gives}"


@dataclass(frozen=True)
class FlowEdge:
    """From one node to another; `equation` is that of the second one."""

    start: str
    end: str
    equation: int | None


@dataclass
class Flow:
    """All nodes of a cell, from inputs to outputs, and the edges between them."""

    nodes: list[FlowNode] = field(default_factory=list)
    edges: list[FlowEdge] = field(default_factory=list)


@cache
def flow(cell: str) -> Flow:
    """Return the flow of data through a cell."""
    return _Reader(cell).read()


class _Reader:
    """Reads the equations one after the other, and remembers which node gives what."""

    def __init__(self, cell: str) -> None:
        self.kind, self.equations = CELLS[cell], equations(cell)
        self.flow = Flow()
        self.giver: dict[str, str] = {}

    def read(self) -> Flow:
        states = [name for name in self.kind.state_names if any(each.name == name for each in self.equations)]
        used = {name for each in self.equations for name in each.tree.names()}
        for name in (*reversed(states), WINDOW, "x"):
            if name in used:
                self._node(name, "input", "inputs in the window" if name == WINDOW else name, name, None,
                           Node("name", text=name))  # fmt: skip
        for number, equation in enumerate(self.equations):
            self._equation(number, equation)
        for name in reversed(states):
            self._node(f"{name} out", "output", f"{name}'", f"{name}'", None, Node("name", text=f"{name}'"))
            self._edge(self.giver[f"{name}'"], f"{name} out", None)
        return self.flow

    def _equation(self, number: int, equation: Equation) -> None:
        state = equation.name in self.kind.state_names
        gives = f"{equation.name}'" if state else equation.name
        self.giver[gives] = self._place(equation.tree, number, gives)

    def _place(self, tree: Node, number: int, gives: str = "") -> str:
        """Return the key of the node that computes an expression."""
        if tree.op == "name":
            return self.giver[tree.text]
        open_args = [arg for arg in tree.args if arg.op != "number"]
        names = tree.names()
        if len(open_args) == 1 and tree.op not in SIGNS and _weighs(open_args[0]):
            return self._gate(tree.op, tree, open_args[0], number, gives)
        if _weighs(tree):
            return self._gate("Σ", tree, tree, number, gives)
        if len(names) == 1 and names[0] in self.giver and tree.op != "*" and _is_dense(tree):
            label = tree.op if len(tree.args) == 1 else str(tree)
            return self._operation(label, tree, (Node("name", text=names[0]),), number, gives)
        label = SIGNS.get(tree.op, tree.op)
        if len(open_args) < len(tree.args):
            label = f"{tree.args[0]} {label}" if tree.op in SIGNS else str(tree)
        return self._operation(label, tree, tuple(open_args), number, gives)

    def _gate(self, label: str, tree: Node, weighed: Node, number: int, gives: str) -> str:
        read = [key for addend in _addends(weighed) for key in self._read_by(addend, number)]
        key = self._node(f"{number}.{tree}", "gate", label, gives, number, tree)
        for start in dict.fromkeys(read):
            self._edge(start, key, number)
        return key

    def _read_by(self, addend: Node, number: int) -> list[str]:
        """Return the nodes whose values an addend of a sum over weights reads."""
        if addend.op == "@":
            return [self._place(addend.args[1], number)]
        if addend.op == "*" and addend.args[0].text[:2] == "w_":
            return [self._place(addend.args[1], number)]
        return [] if addend.text[:2] == "b_" else [self._place(addend, number)]

    def _operation(self, label: str, tree: Node, args: tuple[Node, ...], number: int, gives: str) -> str:
        starts = [self._place(arg, number) for arg in args]
        key = self._node(f"{number}.{tree}", "operation", label, gives, number, tree)
        for start in dict.fromkeys(starts):
            self._edge(start, key, number)
        return key

    def _node(self, key: str, kind: Kind, label: str, gives: str, equation: int | None, tree: Node) -> str:
        self.flow.nodes.append(FlowNode(key, kind, label, gives, equation, tree))
        if kind == "input":
            self.giver[gives] = key
        return key

    def _edge(self, start: str, end: str, equation: int | None) -> None:
        self.flow.edges.append(FlowEdge(start, end, equation))


def _addends(tree: Node) -> list[Node]:
    if tree.op == "+":
        return [each for arg in tree.args for each in _addends(arg)]
    return [tree]


def _weighs(tree: Node) -> bool:
    """Return whether it is a sum over weights: a matrix or a bias stands among what is added."""
    return any(each.op == "@" or each.text[:2] == "b_" for each in _addends(tree))


def _is_dense(tree: Node) -> bool:
    """Return whether a single value stands more than once in an expression, or under a function."""
    return tree.op not in SIGNS or sum(node.op == "name" for node in tree.walk()) > 1
