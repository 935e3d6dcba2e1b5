"""The printed equations, parsed and evaluated: PyTorch's own cells are the judge of every value and every sum."""

import math

import numpy as np
import pytest
import torch

from rnncore.analysis.cell_network import cell_of, kept, own_network
from rnncore.analysis.equations import FUNCTIONS, equations, names_of, parse, results, step
from rnncore.analysis.flow import flow
from rnncore.analysis.sums import sum_of
from rnncore.cells import CELLS

every_cell = pytest.mark.parametrize("cell", CELLS)


def network(cell, units=3):
    """A network with weights and states that are no round numbers."""
    made, draw = own_network(cell, units, 5), np.random.default_rng(3)
    for values in (*made.weights.values(), made.inputs, *made.start.values()):
        values += draw.normal(size=values.shape)
    return made


@every_cell
def test_every_value_is_that_of_the_cells_own_gates(cell):
    made = network(cell)
    judge = cell_of(made)
    state = tuple(torch.from_numpy(made.start[name])[None] for name in judge.state_names)
    for x, values in zip(made.inputs, made.unrolled(), strict=True):
        gates = judge.gates(torch.from_numpy(x)[None], state)
        for name, value in results(cell, values).items():
            np.testing.assert_allclose(value, gates[name][0].detach().numpy(), rtol=1e-6, atol=1e-12)
        state = tuple(gates[name] for name in judge.state_names)


@every_cell
def test_the_terms_of_a_sum_make_the_number(cell):
    made = network(cell)
    named = names_of(cell, made.weights)
    for values in made.unrolled():
        for equation in equations(cell):
            for unit in range(3):
                found = sum_of(cell, {**named, **values}, equation.name, unit)
                assert found.value == results(cell, values)[equation.name][unit]
                for each in (found, *found.inside):
                    assert math.fsum(term.value for term in each.terms) == pytest.approx(
                        each.total, rel=1e-9, abs=1e-12
                    )
                    for term in each.terms:
                        assert math.prod(factor.value for factor in term.factors) == pytest.approx(term.value)
                if found.function in FUNCTIONS:
                    assert FUNCTIONS[found.function](found.total) == pytest.approx(found.value)
                elif not found.function:
                    assert found.total == found.value


def test_a_sum_has_a_term_for_each_input_and_each_state_and_one_bias():
    made = network("lstm")
    found = sum_of("lstm", {**names_of("lstm", made.weights), **made.unrolled()[0]}, "f", 1)
    assert len(found.terms) == 2 + 3 + 1 and found.function == "sigmoid"
    assert found.read() == {("x", 0), ("x", 1), ("h", 0), ("h", 1), ("h", 2)}
    inside = sum_of("gru", {**names_of("gru", network("gru").weights), **network("gru").unrolled()[0]}, "n", 1).inside
    assert [each.name for each in inside] == ["W_hn h + b_hn"] and ("h", 2) in inside[0].read()


@every_cell
def test_without_biases_they_are_zeros(cell):
    made = network(cell)
    names = names_of(cell, made.weights)
    state = [made.start[name] for name in CELLS[cell].state_names]
    without = {name: value for name, value in names.items() if name[0] != "b"}
    zeros = {name: value * (name[0] != "b") for name, value in names.items()}
    left, right = (results(cell, step(cell, weights, made.inputs[0], state)) for weights in (without, zeros))
    assert all(np.array_equal(left[name], right[name]) for name in left)


@pytest.mark.parametrize(
    "text", ["__import__('os')", "x.real", "[a for a in x][0]", "x ** 2", "open(x)", "lambda: x", "x if a else b"]
)
def test_what_is_no_arithmetic_is_refused(text):
    with pytest.raises((ValueError, SyntaxError)):
        parse(text.replace("[", "(").replace("]", ")"))


@pytest.mark.parametrize("text", ["a / (1 + abs(a))", "a - (b - c)", "(a + b) * c", "W_hn (r * h) + b_hn", "1 - z"])
def test_a_tree_is_written_as_it_was_read(text):
    assert str(parse(text)) == text


@every_cell
def test_the_flow_of_data_has_every_equation_and_begins_and_ends_with_what_the_cell_has(cell):
    made = flow(cell)
    given = {node.gives.removesuffix("'") for node in made.nodes if node.equation is not None}
    assert given >= {equation.name for equation in equations(cell)}
    keys = [node.key for node in made.nodes]
    assert len(set(keys)) == len(keys)
    starts, ends = {edge.start for edge in made.edges}, {edge.end for edge in made.edges}
    for node in made.nodes:
        assert (node.key in ends) == (node.kind != "input") and (node.key in starts) == (node.kind != "output")
    order = {key: at for at, key in enumerate(keys)}
    assert all(order[edge.start] < order[edge.end] for edge in made.edges), "nothing is read before it is computed"


@pytest.mark.parametrize("cell", [name for name in CELLS if CELLS[name].gated])
def test_what_is_kept_is_what_the_cell_says(cell):
    made = network(cell)
    judge = cell_of(made)
    state = tuple(torch.from_numpy(made.start[name])[None] for name in judge.state_names)
    gate = judge.retention_gate(judge.gates(torch.from_numpy(made.inputs[0])[None], state))
    np.testing.assert_allclose(kept(judge, made.unrolled()[0]), gate[0].detach().numpy(), rtol=1e-12)
