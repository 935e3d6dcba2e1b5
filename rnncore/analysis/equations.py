"""The printed equations of a cell, read as expression trees: every value of a step, and the sum that made one number.

`Cell.equations` are texts. They are parsed with Python's `ast`; whatever is no plain arithmetic is refused, nothing is
ever run. A matrix that stands beside a vector is multiplied with it, and a dash marks the new value of a state.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from rnncore.cells import CELLS, Cell

Floats = npt.NDArray[np.float64]
Named = dict[str, Floats]


def _sigmoid(a: Floats) -> Floats:
    halved: Floats = (1 + np.tanh(a / 2)) / 2  # no overflow, however large a is
    return halved


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sigmoid": _sigmoid, "tanh": np.tanh, "max": np.maximum, "min": np.minimum, "abs": np.abs, "exp": np.exp,
}  # fmt: skip
OPERATORS: dict[type[ast.operator], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Add: ("+", np.add), ast.Sub: ("-", np.subtract), ast.Mult: ("*", np.multiply), ast.Div: ("/", np.divide),
    ast.MatMult: ("@", np.matmul),
}  # fmt: skip
_DO = dict(OPERATORS.values())
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "@": 3}
NEW = "_new"  # stands for the dash while Python reads a text
WINDOW = "window"


@dataclass(frozen=True)
class Node:
    """A part of an equation.

    Attributes
    ----------
    op
        ``name``, ``number``, one of ``+ - * / @``, or the name of a function.
    args
        Its parts, from left to right.
    text
        Of a name or a number.
    """

    op: str
    args: tuple["Node", ...] = ()
    text: str = ""

    def __str__(self) -> str:
        if self.text:
            return self.text
        if self.op not in _BINDS:
            return f"{self.op}({', '.join(map(str, self.args))})"
        left, right = (self._bracketed(arg, last) for last, arg in enumerate(self.args))
        return f"{left} {right}" if self.op == "@" else f"{left} {self.op} {right}"

    def _bracketed(self, arg: "Node", last: int) -> str:
        loose = _BINDS.get(arg.op, 9) < _BINDS[self.op] + (last and self.op in "-/@")
        return f"({arg})" if loose else str(arg)

    def walk(self) -> Iterator["Node"]:
        """Return itself and all its parts."""
        yield self
        for arg in self.args:
            yield from arg.walk()

    def names(self) -> list[str]:
        """Return the names that stand in it, once each."""
        return list(dict.fromkeys(node.text for node in self.walk() if node.op == "name"))


@dataclass(frozen=True)
class Equation:
    """An equation: what it gives, by the name that `Cell.gates` has for it, as it is printed, and its right side."""

    name: str
    left: str
    text: str
    tree: Node


@cache
def equations(cell: str) -> tuple[Equation, ...]:
    """Return the equations of a registered cell; raises ValueError where one is no plain arithmetic."""
    found = []
    for text in CELLS[cell].equations:
        left, right = text.split(" = ", 1)
        found.append(Equation(left.removesuffix("'"), left, text, parse(right)))
    return tuple(found)


def parse(text: str) -> Node:
    """Return the tree of the right side of an equation, such as ``sigmoid(W_if x + b_if + W_hf h + b_hf)``."""
    plain = re.sub(r"\[[^\]]*\]", WINDOW, text).replace("'", NEW)
    plain = re.sub(r"(\bW_\w+) (\w+|\([^()]*\))", r"(\1 @ \2)", plain)  # a matrix beside a vector
    return _node(ast.parse(plain, mode="eval").body)


def _node(part: ast.expr) -> Node:
    if isinstance(part, ast.Name):
        return Node("name", text=part.id.replace(NEW, "'"))
    if isinstance(part, ast.Constant) and isinstance(part.value, int | float):
        return Node("number", text=str(part.value))
    if isinstance(part, ast.BinOp) and type(part.op) in OPERATORS:
        return Node(OPERATORS[type(part.op)][0], (_node(part.left), _node(part.right)))
    if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.USub):
        return Node("-", (Node("number", text="0"), _node(part.operand)))
    if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id in FUNCTIONS:
        return Node(part.func.id, tuple(map(_node, part.args)))
    raise ValueError(f"An equation has plain arithmetic only, not '{ast.unparse(part)}'.")


def names_of(cell: str, weights: Mapping[str, Floats]) -> Named:
    """Return a cell's weights by the names that its equations give them: views, so what is changed in them changes all.

    Parameters
    ----------
    cell
        Its registered name.
    weights
        By PyTorch's names, such as ``weight_ih (blocks * hidden, input)``.
    """
    kind, found = CELLS[cell], Named()
    for letters, name in (("W_i", "weight_ih"), ("W_h", "weight_hh"), ("b_i", "bias_ih"), ("b_h", "bias_hh")):
        if name in weights:
            found |= zip((letters + block for block in kind.block_names), np.split(weights[name], kind.blocks),
                         strict=True)  # fmt: skip
    for name, value in weights.items():
        if name not in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            kinds = {"weight": "wW", "bias": "bb"}[name.split("_")[0]]
            found[f"{kinds[value.ndim - 1]}_{name.split('_', 1)[1]}"] = value
    return found


def step(cell: str, named: Named, x: Floats, state: Sequence[Floats]) -> Named:
    """Return every value of one step by its name, the operands included: what equations name, as they name it.

    Parameters
    ----------
    named
        The weights; see `names_of`.
    x, state
        The input ``(input,)`` and the state before, one vector per state name.
    """
    kind = CELLS[cell]
    values: Named = {**named, "x": x, **dict(zip(kind.state_names, state, strict=True))}
    given = {equation.name for equation in equations(cell)}
    for name in set(kind.state_names) - given:  # a state that only carries earlier inputs on
        values[WINDOW] = np.concatenate([values[name], x])
    for equation in equations(cell):
        values[_key(kind, equation)] = evaluate(equation.tree, values)
    return values


def evaluate(tree: Node, values: Mapping[str, Floats]) -> Floats:
    """Return what an expression is worth; a bias that a network does not have is 0."""
    if tree.op == "name":
        return values[tree.text] if tree.text in values or tree.text[:2] != "b_" else np.zeros(())
    if tree.op == "number":
        return np.asarray(float(tree.text))
    args = [evaluate(arg, values) for arg in tree.args]
    found: Floats = _DO[tree.op](*args) if tree.op in _DO else FUNCTIONS[tree.op](*args)
    return found


def results(cell: str, values: Named) -> Named:
    """Return what the equations gave at a step, by the names of `Cell.gates`."""
    return {equation.name: values[_key(CELLS[cell], equation)] for equation in equations(cell)}


def _key(kind: type[Cell], equation: Equation) -> str:
    """Return the name of a value at a step: with a dash for a new state, whether or not it is printed with one."""
    return f"{equation.name}'" if equation.name in kind.state_names else equation.left
