"""The sum that made one number of a cell: every weight, what it was multiplied with, the bias, and the activation."""

from collections.abc import Iterator
from dataclasses import dataclass

from rnncore.analysis.equations import Equation, Floats, Named, Node, equations, evaluate
from rnncore.cells import CELLS

Read = tuple[str, int]  # a number that was read: its name, and which one, counted from 0


@dataclass(frozen=True)
class Factor:
    """A number in a product: as its equation writes it, its place in there, and its value."""

    text: str
    place: tuple[int, ...]
    value: float


@dataclass(frozen=True)
class Term:
    """A product in a sum; what it read of inputs and states is told by name and number."""

    factors: tuple[Factor, ...]
    value: float
    read: tuple[Read, ...]


@dataclass(frozen=True)
class Sum:
    """What made one number.

    Attributes
    ----------
    name, unit
        Of the number; units are counted from 0. Of a sum inside another one, the text of the expression.
    terms, total
        The products, and what they add up to: the pre-activation, where there is an activation.
    function
        The activation, such as ``tanh``; an expression where it is more than one function; or nothing.
    value
        The number.
    inside
        Sums that stand in place of a factor of this one.
    """

    name: str
    unit: int
    terms: tuple[Term, ...]
    total: float
    function: str
    value: float
    inside: tuple["Sum", ...] = ()

    def read(self) -> set[Read]:
        """Return everything that it read, sums inside included."""
        own = {each for term in self.terms for each in term.read}
        return own.union(*(each.read() for each in self.inside))


def sum_of(cell: str, values: Named, name: str, unit: int) -> Sum:
    """Return the sum that made a number at a step.

    Parameters
    ----------
    values
        Everything of that step, weights included, as `equations.step` returns it.
    name, unit
        The name of an equation, and the unit, counted from 0.
    """
    all_of = {equation.name: equation for equation in equations(cell)}
    tree, function = _opened(all_of, all_of[name], CELLS[cell].state_names)
    terms, inside = _terms(tree, values, unit)
    value = _at(evaluate(all_of[name].tree, values), unit)
    return Sum(name, unit, terms, _at(evaluate(tree, values), unit), function, value, inside)


def _opened(all_of: dict[str, Equation], equation: Equation, states: tuple[str, ...]) -> tuple[Node, str]:
    """Return the sum in an equation, and the activation around it; a sum that has a name of its own is looked up."""
    tree = equation.tree
    known = {name for name in all_of if name not in states}
    names = tree.names()
    open_args = [arg for arg in tree.args if arg.op != "number"]
    function = ""
    if len(open_args) == 1 and tree.op not in "+-*/@":
        function = tree.op if len(tree.args) == 1 else str(tree)
        tree = open_args[0]
    elif len(names) == 1 and names[0] in known:
        function, tree = str(tree), Node("name", text=names[0])
    if tree.op == "name" and tree.text in known:
        tree = all_of[tree.text].tree
    return tree, function


def _terms(tree: Node, values: Named, unit: int) -> tuple[tuple[Term, ...], tuple[Sum, ...]]:
    terms: list[Term] = []
    inside: list[Sum] = []
    biases: list[str] = []
    bias = 0.0
    for sign, addend in _addends(tree):
        if addend.op == "name" and addend.text[:2] == "b_":
            if addend.text in values:
                biases.append(addend.text)
                bias += sign * float(values[addend.text][unit])
        elif addend.op == "@":
            terms += _products(addend, values, unit, sign)
        else:
            terms.append(_product(addend, values, unit, sign))
            inside += _sums_inside(addend, values, unit)
    if biases:
        terms.append(Term((Factor(" + ".join(biases), (unit,), bias),), bias, ()))
    return tuple(terms), tuple(inside)


def _addends(tree: Node, sign: float = 1.0) -> Iterator[tuple[float, Node]]:
    if tree.op in ("+", "-") and tree.args[0].op != "number":
        yield from _addends(tree.args[0], sign)
        yield from _addends(tree.args[1], sign if tree.op == "+" else -sign)
    else:
        yield sign, tree


def _factors(tree: Node) -> Iterator[Node]:
    if tree.op == "*":
        for arg in tree.args:
            yield from _factors(arg)
    else:
        yield tree


def _products(tree: Node, values: Named, unit: int, sign: float) -> Iterator[Term]:
    """Return a row of a matrix times a vector, one product for each number of the vector."""
    matrix, vector = tree.args
    row, column = sign * evaluate(matrix, values)[unit], evaluate(vector, values)
    for at, (weight, value) in enumerate(zip(row.tolist(), column.tolist(), strict=True)):
        factors = Factor(str(matrix), (unit, at), weight), Factor(str(vector), (at,), value)
        yield Term(factors, weight * value, tuple((name, at) for name in vector.names()))


def _product(tree: Node, values: Named, unit: int, sign: float) -> Term:
    factors, read, product = [], [], sign
    for factor in _factors(tree):
        value = _at(evaluate(factor, values), unit)
        factors.append(Factor(str(factor), (unit,), value))
        product *= value
        if not _has_matrix(factor):
            read += [(name, unit) for name in factor.names() if name[:2] not in ("b_", "w_")]
    if sign < 0:
        factors[0] = Factor(f"-{factors[0].text}", factors[0].place, -factors[0].value)
    return Term(tuple(factors), product, tuple(read))


def _sums_inside(tree: Node, values: Named, unit: int) -> Iterator[Sum]:
    for factor in _factors(tree):
        if _has_matrix(factor):
            terms, inside = _terms(factor, values, unit)
            total = _at(evaluate(factor, values), unit)
            yield Sum(str(factor), unit, terms, total, "", total, inside)


def _has_matrix(tree: Node) -> bool:
    return any(node.op == "@" for node in tree.walk())


def _at(values: Floats, unit: int) -> float:
    return float(values[unit] if values.ndim else values)
