"""What the picture of backpropagation is given, and its sentences, against the numbers they are made of."""

import numpy as np
import pytest
import torch

from playground.components.numbers import number
from playground.inside.cell import backward_words as words
from playground.inside.cell.backward import table
from playground.inside.cell.backward_data import (
    DECADES,
    MOST_STEPS,
    MOST_UNITS,
    four_digits,
    level,
    norms,
    picture_data,
)
from rnncore.analysis.backward import backward_of
from rnncore.analysis.backward_network import LECTURE_FIXED, backward_of_network
from rnncore.analysis.cell_network import own_network
from rnncore.analysis.unrolled import held_out_example
from rnncore.analysis.worked import worked_example, worked_network
from rnncore.config import RunConfig
from rnncore.training.run import Run


def swept(truncate=None, **settings):
    run = Run(RunConfig(**settings))
    return backward_of(run, held_out_example(run), truncate=truncate)


def drawn(found, **options):
    read = [str(step) for step in range(len(found.inputs))]
    return picture_data(found, read, (), name="a", exact=False, **options)


def test_numbers_of_a_worked_example_have_four_digits_behind_the_point():
    found = backward_of_network(worked_network(worked_example("rnn")), LECTURE_FIXED)
    data = picture_data(found, ["a", "b"], ["0.3", "0.5"], name="a", exact=True)
    (h,) = data["states"]
    assert (h["here"], h["later"], h["total"]) == (["0.4598", "0.7583"], ["0.0689", "0.0000"], ["0.5287", "0.7583"])
    assert h["valueTexts"] == [["0.5299"], ["0.8791"]] and data["written"] == ["0.5299", "0.8791"]
    assert [weight["name"] for weight in data["weights"]] == ["W_ih", "W_hh", "b_ih"]
    assert data["weights"][0]["soFar"] == ["0.1586, 0.3071", "0.1206, 0.1550"]
    assert four_digits(0.00004) == "0.00004" and four_digits(-0.00005) == "-0.0001"


def test_a_power_of_ten_makes_an_arrow_narrower_by_the_same_amount_everywhere():
    sizes = 5.0 * 10.0 ** -np.arange(DECADES + 2)
    assert np.allclose(level(sizes, 5.0), [*(1 - np.arange(DECADES) / DECADES), 0, 0])
    assert level(np.zeros(1), 0.0) == 0


def test_arrows_are_as_wide_as_the_gradient_they_stand_for():
    found = swept(task="temporal_order", cell="rnn", hidden_size=8)
    (h,) = drawn(found)["states"]
    sizes = norms(found.shown.states[0].later)
    assert np.allclose(h["laterLevel"], level(sizes, norms(found.shown.states[0].here).max()), atol=1e-3)
    assert h["laterSome"] == (sizes > 0).tolist() and not h["laterSome"][-1]
    assert h["laterLevel"] == [*sorted(h["laterLevel"][:-1]), 0]


def test_long_sequences_and_wide_layers_are_drawn_in_part_and_said_so():
    found = swept(task="adding", cell="lstm", hidden_size=40, seq_len=90, num_layers=2)
    data = drawn(found, marked=(3, 80))
    assert (data["first"], len(data["read"]), data["drawn"]) == (90 - MOST_STEPS, MOST_STEPS, MOST_UNITS)
    for state in data["states"]:
        assert {len(state[name]) for name in ("values", "gradient", "here", "later", "total", "size")} == {MOST_STEPS}
        assert {len(row) for row in (*state["values"], *state["gradient"])} == {MOST_UNITS}
    wholes = [*found.shown.weights, *found.readout]
    longest = max(whole.so_far.max() for whole in wholes)
    for weight, whole in zip(data["weights"], wholes, strict=True):
        assert len(weight["fill"]) == MOST_STEPS and weight["most"] == pytest.approx(whole.so_far[0] / longest)
        assert weight["fill"] == pytest.approx(whole.so_far[-MOST_STEPS:] / longest, abs=1e-4)
    said = words.drawn(found, data["first"], data["units"], data["drawn"])
    assert said == (
        "Steps 31 to 90 are drawn, the sums hold all; 24 of 40 units are drawn, lengths are those of all; "
        "drawn is layer 2 of 2."
    )  # fmt: skip


def test_the_finding_is_the_ratio_of_the_numbers():
    found = swept(task="temporal_order", cell="lstm", hidden_size=8, forget_bias=0.0)
    h, c = (norms(state.total)[-1] / norms(state.total)[0] for state in found.shown.states)
    assert min(h, c) > 10
    assert words.finding(found) == (
        f"The gradient on h at step 1 is {number(h, 2)} times weaker than at step 50, the last, "
        f"on c {number(c, 2)} times weaker."
    )


def test_losses_in_between_are_told_from_the_last_one():
    found = swept(task="text", cell="rnn", hidden_size=8)
    assert words.finding(found).endswith("; the losses in between hide it.")
    assert words.formula(found, four_digits) == f"Loss: the mean over 64 answers, {found.loss:.4f}."


def test_truncation_is_said_where_it_cuts():
    found = swept(task="adding", cell="gru", hidden_size=4, seq_len=20, truncate=6)
    assert words.finding(found) == "Truncated: no gradient passes from step 15 back to step 14, nor at 2 more places."
    assert drawn(found)["cuts"] == [2, 8, 14]


def test_no_way_back_is_said():
    found = swept(task="adding", cell="feedforward", hidden_size=4)
    assert words.finding(found).endswith("this cell has no way back through time.")


def test_sources_of_the_first_step_are_said_of_one_unit():
    found = backward_of_network(own_network("rnn", 1, 0))
    (h,) = found.shown.states
    assert words.finding(found) == (
        f"At step 1, {h.here[0, 0]:.4f} comes from its own output and {h.later[0, 0]:.4f} from step 2: "
        f"together {h.total[0, 0]:.4f}."
    )


def test_a_network_that_writes_is_said_to_learn_from_behind():
    found = swept(task="french", cell="gru", hidden_size=8)
    assert drawn(found)["after"] and "from behind" in words.formula(found, four_digits)


def test_the_table_has_a_row_for_each_step_from_the_last_back():
    found = swept(task="adding", cell="lstm", hidden_size=4, seq_len=12)
    head, *rows = [line.split(",") for line in table(found).splitlines()]
    assert [int(row[0]) for row in rows] == [*range(12, 0, -1)]
    assert head[:8] == ["step", "loss", *(f"{s}_{n}" for s in "hc" for n in ("own_output", "next_step", "total"))]
    total = np.array([float(row[4]) for row in rows])[::-1]
    assert np.allclose(total, norms(found.shown.states[0].total))
    added = np.array([float(row[head.index("added_weight_hh")]) for row in rows])[::-1]
    assert np.allclose(added, found.shown.weights[1].added)


def test_numbers_that_are_not_finite_are_not_drawn():
    run = Run(RunConfig(task="adding", cell="rnn_relu", hidden_size=4))
    with torch.no_grad():
        run.model.layers[0][0].weight_hh.fill_(1e38)
    assert not backward_of(run, held_out_example(run)).finite
