"""SequenceModel and its time loop, judged by `torch.nn`."""

from functools import partial
from types import SimpleNamespace

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from torch.utils._python_dispatch import TorchDispatchMode

from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.networks.sequence_model import SequenceModel, count_parameters, unroll

torch.set_num_threads(1)

INPUT, HIDDEN, BATCH, TIME = 3, 5, 4, 9
LENGTHS = torch.tensor([5, 9, 1, 3])
JUDGES = {"rnn": nn.RNN, "rnn_relu": partial(nn.RNN, nonlinearity="relu"), "lstm": nn.LSTM, "gru": nn.GRU}

every_cell = pytest.mark.parametrize("cell", CELLS)
padded_or_not = pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "padded"])


def build(cell, dtype=torch.float64, seed=1, many_to_one=True, **settings) -> SequenceModel:
    task = SimpleNamespace(input_size=INPUT, output_size=2, many_to_one=many_to_one)
    config = RunConfig(cell=cell, **{"hidden_size": HIDDEN, "window": 3, **settings})
    return SequenceModel(config, task, torch.Generator().manual_seed(seed)).to(dtype)


def numbers(*shape, dtype=torch.float64, seed=2):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed)).to(dtype)


def same(actual, expected, tolerance=1e-12):
    torch.testing.assert_close(actual, expected, rtol=tolerance, atol=tolerance)


def torch_weights(model):
    """The recurrent weights of a model under the names that `torch.nn.LSTM` and its sisters give them."""
    return {
        f"{name}_l{number}" + "_reverse" * direction: weight
        for number, cells in enumerate(model.layers)
        for direction, cell in enumerate(cells)
        for name, weight in cell.named_parameters()
    }


def judge(model, cell, **settings):
    """PyTorch's own module with a copy of the model's weights; fails if a name or a shape differs."""
    weights = torch_weights(model)
    module = JUDGES[cell](INPUT, HIDDEN, **settings).to(next(model.parameters()).dtype)
    module.load_state_dict(weights)
    return module


def verdict(module, x, lengths):
    """PyTorch's outputs and final state of the top layer, with padding packed away."""
    if lengths is None:
        outputs, last = module(x)
    else:
        packed, last = module(pack_padded_sequence(x, lengths, enforce_sorted=False))
        outputs, _ = pad_packed_sequence(packed, total_length=len(x))
    h = last[0] if isinstance(last, tuple) else last
    return outputs, torch.cat(tuple(h[-2:] if module.bidirectional else h[-1:]), dim=-1)


def valid(lengths):
    """Which steps are real: (time, batch)."""
    return torch.ones(TIME, BATCH, dtype=torch.bool) if lengths is None else torch.arange(TIME)[:, None] < lengths


@pytest.mark.parametrize("fused", [True, False], ids=["kernel", "loop"])
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-6), (torch.float64, 1e-12)])
@padded_or_not
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("num_layers", [1, 3])
@pytest.mark.parametrize("cell", JUDGES)
def test_equals_pytorch(cell, num_layers, bidirectional, bias, lengths, dtype, tolerance, fused, monkeypatch):
    settings = {"num_layers": num_layers, "bidirectional": bidirectional, "bias": bias}
    model = build(cell, dtype, **settings)
    module = judge(model, cell, **settings)
    if not fused:
        monkeypatch.setattr(CELLS[cell], "fused", lambda self, x, state: None)
    x = numbers(TIME, BATCH, INPUT, dtype=dtype)
    width = HIDDEN * (1 + bidirectional)
    steps, end = numbers(TIME, BATCH, width, dtype=dtype, seed=3), numbers(BATCH, width, dtype=dtype, seed=4)
    steps = steps * valid(lengths)[:, :, None]

    def judged(run, weights):
        inputs = x.clone().requires_grad_()
        outputs, final = run(inputs)
        loss = ((outputs * steps).sum() + (final * end).sum()) / 100  # gradients of order 1, for an absolute tolerance
        slopes = torch.autograd.grad(loss, [inputs, *weights.values()])
        return outputs[valid(lengths)], final, dict(zip(["inputs", *weights], slopes, strict=True))

    ours = judged(lambda inputs: model.hidden(inputs, lengths), torch_weights(model))
    theirs = judged(lambda inputs: verdict(module, inputs, lengths), dict(module.named_parameters()))
    same(ours, theirs, tolerance)


@pytest.mark.parametrize("cell", JUDGES)
@pytest.mark.parametrize("fused", [True, False])
def test_unroll_starts_from_a_state_as_pytorch_does(cell, fused):
    model = build(cell)
    module = judge(model, cell)
    x = numbers(TIME, BATCH, INPUT)
    state = tuple(numbers(BATCH, HIDDEN, seed=s) for s in range(2 if cell == "lstm" else 1))
    outputs, last = unroll(model.layers[0][0], x, state, fused=fused)
    start = tuple(s[None] for s in state)
    theirs, h = module(x, start if cell == "lstm" else start[0])
    same(outputs, theirs)
    same(last, tuple(s[0] for s in h) if cell == "lstm" else (h[0],))


@pytest.mark.parametrize("cell", JUDGES)
def test_as_many_weights_as_pytorch(cell):
    model = build(cell, num_layers=2, bidirectional=True)
    module = judge(model, cell, num_layers=2, bidirectional=True)
    readout = 2 * HIDDEN * 2 + 2
    assert count_parameters(model) == sum(p.numel() for p in module.parameters()) + readout


@every_cell
def test_gradients_of_a_deep_bidirectional_model_match_finite_differences(cell, monkeypatch):
    model = build(cell, num_layers=2, bidirectional=True, hidden_size=2, window=2)
    x = numbers(3, 2, INPUT).requires_grad_()
    lengths = torch.tensor([3, 2])
    if cell == "rnn_relu":
        distances = []
        kind = CELLS[cell]
        with monkeypatch.context() as patch:
            patch.setattr(kind, "fused", lambda self, x, state: None)
            patch.setattr(kind, "activation", lambda self, a: distances.append(a.abs().min()) or torch.relu(a))
            model(x, lengths)
        assert len(distances) == 2 * 2 * 3 and min(distances) > 1e-3  # away from the kink
    sources = (x, *model.parameters())
    assert torch.autograd.gradcheck(lambda *_: model(x, lengths), sources, eps=1e-5, atol=1e-9, rtol=1e-6)


@every_cell
@pytest.mark.parametrize("bidirectional", [False, True])
def test_padding_changes_nothing(cell, bidirectional):
    model = build(cell, num_layers=2, bidirectional=bidirectional)
    x = numbers(TIME, BATCH, INPUT)
    outputs, final = model.hidden(x, LENGTHS)
    for i, length in enumerate(LENGTHS):
        alone, alone_final = model.hidden(x[:length, i : i + 1])
        same(outputs[:length, i], alone[:, 0])
        same(final[i], alone_final[0])


@every_cell
def test_the_answer_is_read_from_the_hidden_values(cell):
    x = numbers(TIME, BATCH, INPUT)
    one, many = build(cell, many_to_one=True), build(cell, many_to_one=False)
    outputs, final = one.hidden(x, LENGTHS)
    weight, bias = one.readout.weight, one.readout.bias
    same(one(x, LENGTHS), final @ weight.T + bias)
    same(many(x, LENGTHS), outputs @ weight.T + bias)
    assert one(x).shape == (BATCH, 2) and many(x).shape == (TIME, BATCH, 2)


def test_symbols_become_one_hot_vectors():
    model = build("gru")
    symbols = torch.randint(0, INPUT, (TIME, BATCH), generator=torch.Generator().manual_seed(0))
    same(model(symbols), model(torch.eye(INPUT, dtype=torch.float64)[symbols]))


def test_only_the_first_feedforward_layer_has_a_window():
    model = build("feedforward", num_layers=3, window=4)
    assert [layer[0].window for layer in model.layers] == [4, 1, 1]
    x = numbers(TIME, BATCH, INPUT).requires_grad_()
    (slope,) = torch.autograd.grad(model(x).sum(), x)
    assert [t for t in range(TIME) if slope[t].any()] == list(range(TIME - 4, TIME))


def test_settings_of_the_start_reach_every_cell():
    model = build("lstm", num_layers=2, bidirectional=True, init="orthogonal", gain=1.3, forget_bias=2.0)
    for cell in (cell for layer in model.layers for cell in layer):
        for block in cell.weight_hh.chunk(4):
            same(block @ block.T, 1.69 * torch.eye(HIDDEN, dtype=torch.float64), 1e-5)
        same(cell.bias_ih, torch.tensor([0.0, 2.0, 0.0, 0.0], dtype=torch.float64).repeat_interleave(HIDDEN))


@every_cell
def test_a_generator_decides_everything(cell):
    before = torch.get_rng_state()
    settings = {"num_layers": 2, "bidirectional": True, "init": "orthogonal"}
    first, again, other = (build(cell, seed=seed, **settings).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["readout.weight"], other["readout.weight"])
    assert torch.equal(torch.get_rng_state(), before)


def test_the_readout_starts_as_a_linear_layer():
    readout = build("rnn", hidden_size=256).readout
    for parameter in readout.parameters():
        assert parameter.abs().max() <= 1 / 16
    assert readout.weight.abs().max() > 0.95 / 16


@pytest.mark.parametrize(("cell", "bound"), [("rnn", 0.95), ("lstm", 0.95), ("rnn_relu", None)])
def test_share_of_saturated_values_leaves_padding_out(cell, bound):
    model = build(cell, bidirectional=True)
    hidden, _ = model.hidden(100 * numbers(TIME, BATCH, INPUT), LENGTHS)
    flat = hidden == 0 if bound is None else hidden.abs() > bound
    assert 0 < model.saturated(hidden, LENGTHS) < 1
    assert model.saturated(hidden, LENGTHS) == pytest.approx(flat[valid(LENGTHS)].double().mean().item())
    assert model.saturated(hidden) == pytest.approx(flat.double().mean().item())


# --- truncated backpropagation ----------------------------------------------------------------------------


@every_cell
@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("k", [1, 4, 8])
def test_truncation_cuts_gradients_and_nothing_else(cell, fused, k):
    unit = build(cell).layers[0][0]
    x = numbers(TIME, BATCH, INPUT).requires_grad_()
    zeros = unit.initial_state(BATCH)
    outputs, last = unroll(unit, x, zeros, truncate=k, fused=fused)
    whole, whole_last = unroll(unit, x, zeros, fused=fused)
    same((outputs, last), (whole, whole_last))

    sources = [x, *unit.parameters()]
    slope, *of_weights = torch.autograd.grad(outputs[-1].sum(), sources)
    assert not slope[:-k].any()

    with torch.no_grad():
        _, state = unroll(unit, x[:-k], zeros, fused=False)
    within = x[-k:].detach().requires_grad_()
    recomputed, _ = unroll(unit, within, state, fused=False)
    expected, *of_weights_expected = torch.autograd.grad(recomputed[-1].sum(), [within, *unit.parameters()])
    same(slope[-k:], expected)
    same(of_weights, of_weights_expected)
    assert slope[-1].any()


@pytest.mark.parametrize("k", [0, TIME, TIME + 1])
@every_cell
def test_no_truncation_where_none_is_asked_for(cell, k):
    unit = build(cell).layers[0][0]
    x = numbers(TIME, BATCH, INPUT).requires_grad_()
    slopes = [
        torch.autograd.grad(unroll(unit, x, unit.initial_state(BATCH), truncate=t)[0].sum(), x)[0] for t in (0, k)
    ]
    assert torch.equal(*slopes)


@pytest.mark.parametrize("num_layers", [1, 2])
def test_the_config_truncates_the_model(num_layers):
    x = numbers(TIME, BATCH, INPUT).requires_grad_()
    cut, whole = (build("lstm", num_layers=num_layers, truncate=k) for k in (4, 0))
    same(cut(x), whole(x))
    (slope,) = torch.autograd.grad(cut(x).sum(), x)
    (full,) = torch.autograd.grad(whole(x).sum(), x)
    assert not slope[:-4].any() and slope[-4:].any() and full[0].any()


# --- dropout ----------------------------------------------------------------------------------------------


def masks(seed):
    return torch.Generator().manual_seed(seed)


@every_cell
def test_dropout_draws_from_its_generator_only(cell):
    model, x = build(cell, num_layers=2, dropout=0.4), numbers(TIME, BATCH, INPUT)
    before = torch.get_rng_state()
    assert torch.equal(model(x, dropout=masks(1)), model(x, dropout=masks(1)))
    assert not torch.equal(model(x, dropout=masks(1)), model(x, dropout=masks(2)))
    assert torch.equal(torch.get_rng_state(), before)


def test_dropout_is_off_without_a_generator_whatever_the_mode():
    model, x = build("lstm", num_layers=2, dropout=0.4), numbers(TIME, BATCH, INPUT)
    plain = build("lstm", num_layers=2)
    same(model.train()(x), plain(x))
    same(model.eval()(x), plain(x))
    same(plain(x, dropout=masks(1)), plain(x))  # a rate of 0


def test_one_layer_has_no_place_for_dropout():
    model, x = build("lstm", dropout=0.9), numbers(TIME, BATCH, INPUT)
    generator = masks(1)
    state = generator.get_state()
    same(model(x, dropout=generator), model(x))
    assert torch.equal(generator.get_state(), state)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_dropout_keeps_the_mean_and_drops_the_stated_share(rate):
    """The second layer copies what it receives, so its output shows the masked values themselves."""
    model = build("rnn_relu", num_layers=2, dropout=rate, bias=False)
    with torch.no_grad():
        model.layers[0][0].weight_ih.abs_()
        model.layers[0][0].weight_hh.abs_()
        model.layers[1][0].weight_ih.copy_(torch.eye(HIDDEN))
        model.layers[1][0].weight_hh.zero_()
        x = torch.ones(1, 20_000, INPUT, dtype=torch.float64)
        received, _ = model.hidden(x, dropout=masks(7))
        sent, _ = model.hidden(x)
    assert (sent > 0).all()
    ratio = received / sent
    kept = ratio != 0
    same(ratio[kept], torch.full_like(ratio[kept], 1 / (1 - rate)), 1e-6)
    deviation = (rate / (1 - rate) / ratio.numel()) ** 0.5  # of the mean ratio
    assert abs(ratio.mean().item() - 1) < 5 * deviation


# --- cost of the time loop --------------------------------------------------------------------------------


class Work(TorchDispatchMode):
    """Counts the operations that PyTorch carries out and the numbers they produce."""

    def __init__(self):
        super().__init__()
        self.operations = self.produced = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        results = result if isinstance(result, (tuple, list)) else (result,)
        self.operations += 1
        self.produced += sum(r.numel() for r in results if isinstance(r, torch.Tensor))
        return result


@every_cell
@pytest.mark.parametrize("truncate", [0, 5])
def test_the_time_loop_is_linear_in_time(cell, truncate):
    """Forward and backward; indexing x[t] would pass a count of graph nodes but not this one of numbers made."""
    unit = build(cell).layers[0][0]

    def work(time):
        x = numbers(time, BATCH, INPUT).requires_grad_()
        with Work() as counted:
            outputs, _ = unroll(unit, x, unit.initial_state(BATCH), truncate=truncate, fused=False)
            outputs.sum().backward()
        return counted.operations, counted.produced, nodes(outputs)

    for at_20, at_40, at_80 in zip(work(20), work(40), work(80), strict=True):
        assert at_40 > at_20
        assert at_80 - at_40 == 2 * (at_40 - at_20)


def nodes(tensor):
    """Number of steps in the autograd graph behind a tensor."""
    found, todo = set(), [tensor.grad_fn]
    while todo:
        node = todo.pop()
        if node is not None and node not in found:
            found.add(node)
            todo += [before for before, _ in node.next_functions]
    return len(found)
