"""Sums, gates and changes in words, against numbers worked out by hand or by NumPy."""

import numpy as np
import pytest

from playground.inside.cell import files, fold, weights, words
from playground.inside.cell.moment import brief, digits, moment
from playground.inside.cell.settings import read_view
from playground.inside.cell.source import network
from rnncore.analysis import weight_counts
from rnncore.analysis.cell_network import cell_of, own_network
from rnncore.cells import CELLS


def shown(**raw):
    view = read_view(raw)[0]
    found = network(view).network
    return moment(view, found)


def test_the_sum_of_the_worked_example_is_written_as_in_the_notes():
    first = shown(cell="rnn", value="h")
    assert words.sum_text(first.sum) == "0.7 × 0.1 + 0.3 × 0.4 + 0.4 × 0 + 0.4 = 0.59; tanh = 0.5299"
    assert words.names_text(first.sum) == "W_ih[1,1] × x[1] + W_ih[1,2] × x[2] + W_hh[1,1] × h[1] + b_ih[1] + b_hh[1]"
    second = shown(cell="rnn", value="h", step=2)
    assert words.sum_text(second.sum).endswith("0.4 × 0.5299 + 0.4 = 1.372; tanh = 0.8791")
    assert words.sum_text(shown(cell="lstm", value="c", step=2).sum) == "0.7763 × 0.322 + 0.6669 × 0.7535 = 0.7525"


def test_of_many_terms_the_largest_are_written_and_the_rest_summed_up():
    found = shown(source="mine", task="temporal_order", cell="lstm", value="f", step=9)
    terms, rest = words.largest(found.sum.terms)
    assert len(terms) == words.MOST_TERMS - 1 and len(terms) + len(rest) == len(found.sum.terms)
    assert min(abs(term.value) for term in terms) >= max(abs(term.value) for term in rest)
    assert f"{len(rest)} more, together {brief(sum(term.value for term in rest))} = " in words.sum_text(found.sum)


@pytest.mark.parametrize(
    "value, written", [(0.7, "0.7"), (-0.00001, "0"), (1.0, "1"), (0.52989, "0.5299"), (12345.6, "12,350")]
)
def test_numbers_are_brief(value, written):
    assert brief(value) == written


def test_numbers_have_four_digits():
    assert digits(0.3) == "0.3000" and digits(-0.0) == "0.0000"


@pytest.mark.parametrize("cell", [name for name in CELLS if CELLS[name].gated])
def test_gates_are_said_with_their_values(cell):
    now = shown(source="own", cell=cell, step=3, unit=2)
    said = words.gates_in_words(now)
    assert CELLS[cell].gate_words and said.startswith("Unit 2 at step 3: ")
    for name in CELLS[cell].gate_words:
        assert f"{name} = {now.now[name][1]:.2f}: " in said


def test_what_is_kept_since_the_marked_step_is_the_product_of_the_forget_gates():
    now = shown(source="mine", task="temporal_order", cell="lstm", step=20, unit=3)
    first = now.network.marked[0]
    kept = np.prod([values["f"][2] for values in now.values[first + 1 : 20]])
    assert (
        f"after the marked step {first + 1}, {100 * kept:.0f} % is kept after {19 - first} steps."
        in words.gates_in_words(now)
    )


def test_changes_are_measured_over_all_steps():
    now = shown(source="mine", task="temporal_order", cell="lstm")
    for name, share in words.changes(now).items():
        states = np.array([values[f"{name}'"] for values in now.values])
        assert share == pytest.approx(np.sqrt(((states[1:] - states[:-1]) ** 2).sum() / (states[1:] ** 2).sum()))
        assert f"{name} changes by {100 * share:.0f} %" in words.changes_in_words(
            now
        ) or f"{name} by {100 * share:.0f} %" in words.changes_in_words(now)
    assert words.gates_in_words(shown(cell="rnn")) == ""


def test_the_files_have_every_number():
    now = shown(source="own", cell="lstm_peephole", units=3)
    values = [row.split(",") for row in files.values_csv(now.network).splitlines()]
    assert values[0] == ["step", "reads", "value", "unit", "number"]
    assert len(values) == 1 + 6 * (2 + 8 * 3)  # x; h and c before; six equations
    (found,) = [row for row in values if row[0] == "4" and row[2:4] == ["f", "2"]]
    assert float(found[4]) == now.values[3]["f"][1]
    weights = files.weights_csv(now.network).splitlines()[1:]
    assert len(weights) == sum(value.size for value in now.network.weights.values())


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("copies", [1, 5])
def test_what_is_said_of_weights_is_counted_on_networks_that_were_built(cell, copies):
    made = own_network(cell, 4, 0)
    said = fold.counted(made, copies)
    net = CELLS["feedforward"](2, 4, window=copies)
    assert f"needs {net.weight_ih.numel()} numbers in its first matrix" in said
    if CELLS[cell].recurrent:
        assert f"(`weight_hh`) is the same everywhere: {cell_of(made).weight_hh.numel()} numbers" in said
    found = weight_counts.matrices(cell, 2, 4, window=3)
    built = list(cell_of(made).parameters())
    assert [each.shape for each in found] == [tuple(value.shape) for value in built]
    assert weights.rows(made, found)[-1][1][-1] == f"{sum(value.numel() for value in built):,}"


def test_growth_is_that_of_networks_that_were_built():
    for steps, own, window in weight_counts.growth("gru", 3, 5, (1, 4)):
        assert own == sum(value.numel() for value in CELLS["gru"](3, 5).parameters())
        assert window == sum(value.numel() for value in CELLS["feedforward"](3, 5, window=steps).parameters())
