"""The contract that every registered cell keeps, and what single cells promise beyond it."""

import inspect
import json
import re
from pathlib import Path

import pytest
import torch
from torch import nn

from rnncore.cells import CELLS, Cell
from rnncore.networks.sequence_model import unroll

torch.set_num_threads(1)

INPUT, HIDDEN, BATCH = 3, 4, 5
WORKED = json.loads((Path(__file__).parents[2] / "data" / "worked_examples.json").read_text())

every_cell = pytest.mark.parametrize("name", CELLS)
recurrent_cell = pytest.mark.parametrize("name", [name for name in CELLS if CELLS[name].recurrent])


def build(name, seed=1, input_size=INPUT, hidden_size=HIDDEN, **options) -> Cell:
    """A float64 cell with reproducible weights; a window, where there is one, short enough to see past."""
    if "window" in CELLS[name].options:
        options.setdefault("window", 3)
    generator = torch.Generator().manual_seed(seed)
    return CELLS[name](input_size, hidden_size, generator=generator, **options).double()


def numbers(*shape, seed=2):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def some_state(cell, seed=3):
    return tuple(numbers(*zero.shape, seed=seed + i) for i, zero in enumerate(cell.initial_state(BATCH)))


def same(actual, expected, tolerance=1e-12):
    torch.testing.assert_close(actual, expected, rtol=tolerance, atol=tolerance)


# --- the contract -----------------------------------------------------------------------------------------


@every_cell
def test_describes_itself(name):
    kind = CELLS[name]
    assert kind.name == name
    assert all((kind.label, kind.short, kind.summary, kind.equations, kind.source, kind.colours, kind.options))
    assert all(equation.strip() for equation in kind.equations)
    assert set(kind.options) <= set(inspect.signature(kind).parameters)
    assert inspect.getdoc(kind) != inspect.getdoc(Cell)


@recurrent_cell
def test_says_what_others_need_to_know_of_its_equations(name):
    cell = build(name)
    assert cell.candidate in cell.block_names and len(cell.dash) % 2 == 0 and min(cell.dash) >= 0
    values = cell.compute(cell.project(numbers(BATCH, INPUT)), some_state(cell))
    slope, gate = cell.slope(values), cell.retention_gate(values)
    assert (slope is None) == (cell.steepest is None) != (gate is None), "either gates decide, or the activation does"
    if slope is None:
        assert ((gate >= 0) & (gate <= 1)).all() and gate.shape == values["h"].shape
    else:
        step = 1e-6
        rise = (cell.activation(values["a"] + step) - cell.activation(values["a"] - step)) / (2 * step)
        same(slope, rise, 1e-8)
        assert slope.max() <= cell.steepest


def test_labels_are_distinct():
    assert len({kind.label for kind in CELLS.values()}) == len({kind.short for kind in CELLS.values()}) == len(CELLS)


@every_cell
def test_a_step_maps_a_state_to_a_state(name):
    cell = build(name)
    start = cell.initial_state(BATCH)
    after = cell(numbers(BATCH, INPUT), start)
    assert isinstance(start, tuple) and isinstance(after, tuple)
    assert cell.state_names[0] == "h" and len(cell.state_names) == len(start) == len(after)
    assert after[0].shape == (BATCH, HIDDEN)
    assert [s.shape for s in after] == [s.shape for s in start]
    assert all(s.dtype == torch.float64 and not s.any() for s in start)


@every_cell
def test_step_of_the_projection_is_forward(name):
    cell = build(name)
    x, state = numbers(7, BATCH, INPUT), some_state(cell)
    for projected, x_t in zip(cell.project(x), x, strict=True):
        same(cell.step(projected, state), cell(x_t, state))


@every_cell
def test_gates_hold_the_state(name):
    cell = build(name)
    x, state = numbers(BATCH, INPUT), some_state(cell)
    gates = cell.gates(x, state)
    same(tuple(gates[s] for s in cell.state_names), cell(x, state))


@every_cell
@pytest.mark.parametrize("bias", [True, False])
def test_gates_are_what_the_printed_equations_say(name, bias):
    cell = build(name, bias=bias)
    x, state = numbers(BATCH, INPUT), some_state(cell)
    gates = cell.gates(x, state)
    for symbol, value in evaluate(cell, x, state).items():
        same(gates[symbol], value)


def evaluate(cell, x, state):
    """Compute the left side of each of a cell's printed equations, from the text alone."""
    values = {"x": x, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "max": lambda low, a: a.clamp(min=low)}
    values |= {"times": lambda W, v: v @ W.T, **dict(zip(cell.state_names, state, strict=True))}
    for kind, weight in (
        ("W_i", cell.weight_ih), ("W_h", cell.weight_hh), ("b_i", cell.bias_ih), ("b_h", cell.bias_hh),
    ):  # fmt: skip
        blocks = [torch.zeros(())] * cell.blocks if weight is None else weight.chunk(cell.blocks)
        values |= {kind + block: w for block, w in zip(cell.block_names, blocks, strict=True)}
    for peephole in ("ci", "cf", "co"):
        weight = getattr(cell, f"weight_{peephole}", None)
        values |= {f"w_{peephole}": weight, f"W_{peephole}": weight}
    if "seen" in cell.state_names:
        values["window"] = torch.cat([state[1], x], dim=1)

    found = {}
    for equation in cell.equations:
        equation = equation.replace("[x(t-w+1), ..., x(t)]", "window").replace("'", "_new")
        left, right = equation.split(" = ")
        right = re.sub(r"(W_\w+) (\w+|\([^()]*\))", r"times(\1, \2)", right)  # a matrix beside a vector
        values[left] = found[left.removesuffix("_new")] = eval(right, {}, values)  # noqa: S307  (our own text)
    assert set(cell.state_names) - {"seen"} <= set(found)
    return found


WITH_KERNEL = [name for name in CELLS if (c := build(name)).fused(numbers(2, 1, INPUT), c.initial_state(1)) is not None]


def test_pytorchs_kernel_is_used_where_there_is_one():
    assert set(WITH_KERNEL) >= {"rnn", "rnn_relu", "lstm", "gru", "feedforward"}


@pytest.mark.parametrize("name", WITH_KERNEL)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("time", [2, 7])
@pytest.mark.parametrize("fresh", [True, False], ids=["from zeros", "from a state"])
def test_fused_equals_the_loop(name, bias, time, fresh):
    cell = build(name, bias=bias)
    x = numbers(time, BATCH, INPUT).requires_grad_()
    state = cell.initial_state(BATCH) if fresh else tuple(s.requires_grad_() for s in some_state(cell))
    sources = [x, *cell.parameters(), *(() if fresh else state)]

    def values_and_slopes(fused):
        output, last = unroll(cell, x, state, fused=fused)
        total = (output * numbers(*output.shape, seed=8)).sum() + sum((s * (1 + s)).sum() for s in last)
        return output, last, torch.autograd.grad(total, sources, allow_unused=True)

    same(values_and_slopes(True), values_and_slopes(False))


@every_cell
@pytest.mark.parametrize("bias", [True, False])
def test_gradients_match_finite_differences(name, bias):
    cell = build(name, bias=bias)
    x = numbers(BATCH, INPUT).requires_grad_()
    state = tuple(s.requires_grad_() for s in some_state(cell))
    if name == "rnn_relu":
        assert cell.gates(x, state)["a"].abs().min() > 1e-3  # away from the kink
    sources = (x, *state, *cell.parameters())
    assert torch.autograd.gradcheck(lambda *_: cell(x, state), sources, eps=1e-5, atol=1e-9, rtol=1e-6)


# --- initial weights --------------------------------------------------------------------------------------


@pytest.mark.parametrize("init", ["default", "orthogonal", "identity"])
@every_cell
def test_a_generator_decides_the_weights_and_nothing_else_is_touched(name, init):
    before = torch.get_rng_state()

    def weights(seed):
        generator = torch.Generator().manual_seed(seed)
        cell = CELLS[name](INPUT, HIDDEN, generator=generator)
        cell.reset_parameters(generator, init, 1.5, 1.0)
        return torch.cat([p.detach().flatten() for p in cell.parameters()])

    assert torch.equal(weights(1), weights(1))
    assert not torch.equal(weights(1), weights(2))
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(("name", "module"), [("rnn", nn.RNN), ("lstm", nn.LSTM), ("gru", nn.GRU)])
def test_default_weights_are_pytorchs_own(name, module):
    with torch.random.fork_rng():
        torch.manual_seed(5)
        ours = CELLS[name](INPUT, HIDDEN)
        torch.manual_seed(5)
        theirs = module(INPUT, HIDDEN)
    for ours_, theirs_ in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert torch.equal(ours_, theirs_)


@every_cell
def test_default_weights_fill_pytorchs_bounds(name):
    cell = build(name, hidden_size=64)  # forget_bias 0
    bound = 1 / 8
    for parameter in cell.parameters():
        assert parameter.abs().max() <= bound
        assert parameter.min() < -0.8 * bound and parameter.max() > 0.8 * bound


@recurrent_cell
@pytest.mark.parametrize("gain", [0.5, 1.0, 2.0])
def test_orthogonal_start(name, gain):
    cell = build(name)
    cell.reset_parameters(torch.Generator().manual_seed(0), "orthogonal", gain)
    for block in cell.weight_hh.chunk(cell.blocks):
        same(block @ block.T, gain**2 * torch.eye(HIDDEN, dtype=torch.float64), 1e-9)
        assert not torch.allclose(block, gain * torch.eye(HIDDEN, dtype=torch.float64))
    assert not cell.bias_ih.any() and not cell.bias_hh.any()


@recurrent_cell
def test_identity_start(name):
    cell = build(name)
    cell.reset_parameters(torch.Generator().manual_seed(0), "identity", 0.7)
    for block in cell.weight_hh.chunk(cell.blocks):
        same(block, 0.7 * torch.eye(HIDDEN, dtype=torch.float64), 1e-7)
    assert not cell.bias_ih.any() and not cell.bias_hh.any()


@every_cell
@pytest.mark.parametrize("init", ["default", "orthogonal", "identity"])
def test_forget_bias_goes_to_one_block_of_one_bias(name, init):
    cell = build(name)

    def weights(forget_bias):
        cell.reset_parameters(torch.Generator().manual_seed(4), init, 1.0, forget_bias)
        return {name: p.detach().clone() for name, p in cell.named_parameters()}

    without, with_ = weights(0.0), weights(2.5)
    if "f" in cell.block_names:
        block = cell.block_names.index("f")
        without["bias_ih"][block * HIDDEN : (block + 1) * HIDDEN] += 2.5
    same(with_, without)


@pytest.mark.parametrize("name", ["lstm", "lstm_peephole", "lstm_peephole_full"])
def test_forget_bias_opens_the_forget_gate(name):
    cell = build(name)
    cell.reset_parameters(torch.Generator().manual_seed(4), "default", 1.0, 20.0)
    gates = cell.gates(numbers(BATCH, INPUT), cell.initial_state(BATCH))
    assert gates["f"].min() > 0.999 and gates["i"].max() < 0.999
    build(name, bias=False).reset_parameters(None, "default", 1.0, 20.0)  # nowhere to put it: no error


# --- relations between cells ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["lstm_peephole", "lstm_peephole_full"])
def test_without_peepholes_it_is_an_lstm(name):
    lstm, peephole = build("lstm"), build(name)
    zeros = {key: torch.zeros_like(w) for key, w in peephole.named_parameters() if key.startswith("weight_c")}
    assert set(zeros) == {"weight_ci", "weight_cf", "weight_co"}
    peephole.load_state_dict({**lstm.state_dict(), **zeros})
    x, state = numbers(6, BATCH, INPUT), some_state(lstm)
    same(unroll(peephole, x, state), unroll(lstm, x, state))


def test_diagonal_peepholes_are_full_ones_with_a_diagonal_matrix():
    diagonal, full = build("lstm_peephole"), build("lstm_peephole_full")
    full.load_state_dict({k: w.diag() if k.startswith("weight_c") else w for k, w in diagonal.state_dict().items()})
    x, state = numbers(6, BATCH, INPUT), some_state(full)
    same(unroll(diagonal, x, state), unroll(full, x, state))


@pytest.mark.parametrize("gate", ["i", "f", "o"])
def test_output_gate_sees_the_new_cell_and_the_others_the_old_one(gate):
    cell = build("lstm_peephole")
    x, state = numbers(BATCH, INPUT), some_state(cell)
    before = cell.gates(x, state)
    with torch.no_grad():
        getattr(cell, f"weight_c{gate}").add_(1)
    after = cell.gates(x, state)
    seen = after["c"] if gate == "o" else state[1]
    same(torch.logit(after[gate]) - torch.logit(before[gate]), seen, 1e-9)


def cho_from(gru: Cell) -> Cell:
    """A `gru_cho` with the weights of a `gru`; z, whose meaning is reversed, with the opposite sign."""
    cho = build("gru_cho")
    sign = torch.tensor([1.0, -1.0, 1.0], dtype=torch.float64).repeat_interleave(HIDDEN)
    cho.load_state_dict({k: w * (sign[:, None] if w.ndim == 2 else sign) for k, w in gru.state_dict().items()})
    return cho


@torch.no_grad()
def test_the_two_grus_agree_when_the_reset_gate_is_open():
    gru = build("gru")
    gru.bias_ih[:HIDDEN] = 1000  # sigmoid(1000) is exactly 1: r * (W h + b) = W (r * h) + b
    x, state = numbers(6, BATCH, INPUT), some_state(gru)
    same(unroll(cho_from(gru), x, state), unroll(gru, x, state))


@torch.no_grad()
def test_the_two_grus_agree_when_reset_and_matrix_commute():
    gru = build("gru")
    candidate = gru.weight_hh[2 * HIDDEN :]
    candidate.copy_(candidate.diag().diag())  # r * (D h) = D (r * h)
    gru.bias_hh[2 * HIDDEN :] = 0  # this bias is inside the reset in PyTorch and outside on the slides
    x, state = numbers(6, BATCH, INPUT), some_state(gru)
    same(unroll(cho_from(gru), x, state), unroll(gru, x, state))


@torch.no_grad()
def test_the_two_grus_differ_otherwise():
    gru = build("gru")
    x, state = numbers(6, BATCH, INPUT), some_state(gru)
    difference = unroll(cho_from(gru), x, state)[0] - unroll(gru, x, state)[0]
    assert difference.abs().max() > 1e-3


# --- single cells -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("window", [1, 3, 5])
def test_feedforward_depends_on_exactly_its_window(window, fused):
    cell = build("feedforward", window=window)
    x = numbers(8, BATCH, INPUT).requires_grad_()
    output, (h, seen) = unroll(cell, x, cell.initial_state(BATCH), fused=fused)
    same(h, output[-1])
    same(seen, x[8 - (window - 1) :].transpose(0, 1).flatten(1))
    for t in range(8):
        (slope,) = torch.autograd.grad(output[t].sum(), x, retain_graph=True)
        reached = [s for s in range(8) if slope[s].any()]
        assert reached == list(range(max(0, t - window + 1), t + 1))


@pytest.mark.parametrize("name", ["rnn", "rnn_relu", "rnn_sigmoid"])
def test_saturated_means_a_slope_under_a_tenth(name):
    cell = build(name)
    a = torch.linspace(-6, 6, 2001, dtype=torch.float64).requires_grad_()
    h = cell.activation(a)
    (slope,) = torch.autograd.grad(h.sum(), a)
    relative = slope / slope.max()
    flat = cell.saturated(h)
    assert relative[flat].max() < 0.11 and relative[~flat].min() > 0.09
    assert flat.any() and not flat.all()


def worked(name, gates):
    """A one-unit cell with a lecture's weight vectors: (x1, x2, previous output) and one bias per gate."""
    numbers_ = WORKED[{"rnn": "basic_rnn", "lstm": "lstm", "gru_cho": "gru"}[name]]
    rows = torch.tensor([numbers_["W" + gate] for gate in gates], dtype=torch.float64)
    bias = torch.tensor([numbers_["b" + gate] for gate in gates], dtype=torch.float64)
    cell = build(name, input_size=2, hidden_size=1)
    cell.load_state_dict(
        {"weight_ih": rows[:, :2], "weight_hh": rows[:, 2:], "bias_ih": bias, "bias_hh": torch.zeros_like(bias)}
    )
    return cell, numbers_


@pytest.mark.parametrize(
    ("name", "gates", "symbols"),
    [
        ("rnn", [""], {"s": "h"}),
        ("lstm", "ifao", {"f": "f", "i": "i", "a": "g", "s": "c", "o": "o", "y": "h"}),
        ("gru_cho", "rua", {"r": "r", "a": "n", "u": "z", "y": "h"}),
    ],
    ids=["rnn", "lstm", "gru_cho"],
)
def test_reproduces_the_worked_example(name, gates, symbols):
    cell, printed = worked(name, gates)
    state = tuple(torch.full_like(s, WORKED["initial_state"]) for s in cell.initial_state(1))
    for t, x_t in enumerate(torch.tensor(WORKED["inputs"], dtype=torch.float64)):
        values = cell.gates(x_t[None], state)
        for theirs, ours in symbols.items():
            assert values[ours].item() == pytest.approx(printed[theirs][t], abs=1e-9, rel=0), (theirs, t)
        state = cell(x_t[None], state)


def test_worked_example_of_the_plain_network_as_it_is_printed():
    cell, printed = worked("rnn", [""])
    x = torch.tensor(WORKED["inputs"], dtype=torch.float64)[:, None]
    output, _ = unroll(cell, x, cell.initial_state(1))
    assert [round(h, 4) for h in output.flatten().tolist()] == printed["printed_s"]
