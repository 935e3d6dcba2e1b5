"""Gradient flow against closed forms, against finite differences, and against what the literature says."""

import math

import numpy as np
import pytest
import torch

from rnncore.analysis.decay import FLOOR, decay
from rnncore.analysis.gradients import gradient_flow, reach
from rnncore.analysis.jacobians import jacobian_singular_values, triangle
from rnncore.analysis.probe import full_lengths, loss_steps, losses_at, mean_losses, prepared
from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.files import checkpoints
from rnncore.networks.sequence_model import SequenceModel, Trace
from rnncore.training.run import Run

EXACT = {"rtol": 1e-9, "atol": 0}


def fresh(**settings):
    return Run(RunConfig.from_flat({"hidden_size": 5, "seq_len": 12, "bias": False, **settings}))


@pytest.fixture
def identity_activation(monkeypatch):
    """A vanilla cell without its tanh."""
    monkeypatch.setattr(CELLS["rnn"], "activation", lambda self, a: a)


# --- closed forms -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("w", [0.5, 1.0, 1.1, -0.9])
def test_a_linear_unit_with_weight_w_passes_on_w_to_the_power_of_the_lag(identity_activation, w):
    run = fresh(cell="rnn", hidden_size=1, seq_len=40)
    run.model.double().layers[0][0].weight_hh.data.fill_(w)
    norm = gradient_flow(run, dtype=torch.float64).top.norm_h
    np.testing.assert_allclose(norm.mean / norm.mean[0], np.abs(w) ** np.arange(40.0), **EXACT)
    np.testing.assert_allclose(norm.high / norm.high[0], np.abs(w) ** np.arange(40.0), **EXACT)
    found = decay(norm.mean)
    assert found.per_step == pytest.approx(abs(w), rel=1e-9)
    if w == 0.5:
        assert (found.half_life, found.horizon) == (pytest.approx(1), 10)  # 2^-10 is the first under 1/1000
    if w == 1:
        assert found.half_life is None and found.horizon is None


def test_an_orthogonal_matrix_and_no_activation_keep_the_length(identity_activation):
    run = fresh(cell="rnn", hidden_size=16, seq_len=30, init="orthogonal")
    exact = torch.linalg.qr(torch.randn(16, 16, dtype=torch.float64, generator=torch.Generator().manual_seed(1)))[0]
    run.model.double().layers[0][0].weight_hh.data = exact
    flow = gradient_flow(run, dtype=torch.float64).top
    np.testing.assert_allclose(flow.norm_h.mean / flow.norm_h.mean[0], 1, **EXACT)
    np.testing.assert_allclose(jacobian_singular_values(run), 1, **EXACT)
    assert flow.largest_singular_value == pytest.approx(1, rel=1e-12)
    assert flow.spectral_radius == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("f", [0.2, 0.9, 0.999])
def test_a_forget_gate_of_f_with_the_input_gate_shut_passes_on_f_to_the_power_of_the_lag(f):
    run = fresh(cell="lstm", bias=True, seq_len=25)
    cell = run.model.double().layers[0][0]
    with torch.no_grad():
        for weight in cell.weights():
            weight.zero_()
        shut, forget, _, _ = cell.bias_ih.chunk(4)
        shut.fill_(-1000)
        forget.fill_(math.log(f / (1 - f)))
    flow = gradient_flow(run, dtype=torch.float64).top
    np.testing.assert_allclose(flow.norm_c.mean / flow.norm_c.mean[0], f ** np.arange(25.0), **EXACT)
    assert flow.gate == pytest.approx(f, rel=1e-12) and not flow.norm_h.mean[1:].any()


@pytest.mark.parametrize("cell", ["rnn", "rnn_sigmoid"])
@pytest.mark.parametrize("gain", [0.3, 0.9, 1.5, 4.0])
def test_squashing_units_stay_under_their_bound(cell, gain):
    run = fresh(cell=cell, hidden_size=24, seq_len=40, init="orthogonal", gain=gain)
    flow = gradient_flow(run, dtype=torch.float64).top
    steepest = {"rnn": 1.0, "rnn_sigmoid": 0.25}[cell]
    assert flow.bound == pytest.approx(gain * steepest, rel=1e-5) and flow.slope <= steepest
    most = flow.norm_h.mean[0] * flow.bound ** np.arange(40.0)
    assert (flow.norm_h.mean <= most * (1 + 1e-9)).all()
    stretches = jacobian_singular_values(run)[:, 0]
    assert (stretches <= flow.bound ** np.arange(40.0) * (1 + 1e-9)).all()


# --- finite differences -----------------------------------------------------------------------------------


def loss_with_a_push(run, push, at, name, place):
    """Return each example's loss when `push` is added to one cell's h or c at one step, in the order it reads."""
    model, task, batch = prepared(run, 6, torch.float64)
    layer, direction = place
    top = model.layers[layer][direction]
    step, seen = type(top).step, [0]

    def pushed(projected, state):
        values = top.compute(projected, state)
        if seen[0] == at:
            values[name] = values[name] + push
            if name == "c":
                if hasattr(top, "peep"):  # the output gate looks at the new cell state
                    values["o"] = torch.sigmoid(torch.logit(values["o"]) + top.peep(top.weight_co, push))
                values["h"] = values["o"] * torch.tanh(values["c"])
        seen[0] += 1
        return tuple(values[n] for n in top.state_names)

    top.step = pushed
    try:
        with torch.no_grad():
            hidden, final = model.hidden(batch.inputs, batch.lengths, None, [])
            outputs = model.readout(final if task.many_to_one else hidden)
    finally:
        del top.step
    assert step is type(top).step
    return losses_at(task, outputs, batch, loss_steps(task, batch))


@pytest.mark.parametrize("cell", list(CELLS))
@pytest.mark.parametrize("shape", [{}, {"num_layers": 2}, {"bidirectional": True}], ids=["plain", "deep", "both ways"])
@pytest.mark.parametrize("task", ["adding", "text"])
def test_finite_differences_on_h_and_c_agree(cell, shape, task):
    run = fresh(cell=cell, task=task, bias=True, hidden_size=3, window=2, **shape)
    for flow in gradient_flow(run, batch_size=6, dtype=torch.float64).flows:
        last = len(flow.norm_h.mean) - 1
        for name, norms in (("h", flow.norm_h), ("c", flow.norm_c)):
            for lag in () if norms is None else {0, min(1, last), min(4, last)}:
                slopes = []
                for unit in range(3):
                    push = torch.zeros(3, dtype=torch.float64)
                    push[unit] = 1e-5
                    place = (flow.layer, flow.direction)
                    sides = [loss_with_a_push(run, sign * push, last - lag, name, place) for sign in (1, -1)]
                    slopes.append((sides[0] - sides[1]) / 2e-5)
                expected = torch.stack(slopes).norm(dim=0).mean().item()
                assert norms.mean[lag] == pytest.approx(expected, rel=1e-5, abs=1e-9), (flow.layer, name, lag)


@pytest.mark.parametrize("cell", [name for name in CELLS if CELLS[name].recurrent])
@pytest.mark.parametrize("task", ["adding", "brackets"])
def test_the_contributions_of_all_steps_sum_to_the_gradient_of_the_weights(cell, task):
    """Checked for the sum itself: each step's matrix, rebuilt here, has the length that is shown."""
    config = RunConfig.from_flat({"task": task, "cell": cell, "hidden_size": 4, "seq_len": 12})
    shown = gradient_flow(config, batch_size=5, dtype=torch.float64).top.contributions
    model, made, batch = prepared(config, 5, torch.float64)
    traces = []
    hidden, final = model.hidden(batch.inputs, batch.lengths, None, traces)
    outputs = model.readout(final if made.many_to_one else hidden)
    at = loss_steps(made, batch)
    losses = losses_at(made, outputs, batch, at)
    weight = model.layers[0][0].weight_ih
    whole, *deltas = torch.autograd.grad(losses.mean(), [weight, *traces[0].projected])
    first, each = (full_lengths(batch) - 1 if made.many_to_one else at), torch.arange(5)
    rebuilt = torch.zeros_like(whole)
    for lag, length in enumerate(shown):
        reached = first >= lag
        step = (first - lag).clamp(min=0)
        delta, x = torch.stack(deltas)[step, each] * reached[:, None], traces[0].inputs[step, each]
        added = delta.T @ x
        assert added.norm().item() == pytest.approx(length, rel=1e-9, abs=1e-15)
        rebuilt += added
    torch.testing.assert_close(rebuilt, whole, rtol=1e-9, atol=1e-12)


def test_truncation_cuts_the_sum_where_it_says():
    flow = gradient_flow(RunConfig(cell="gru", seq_len=30, truncate=10)).top
    assert (flow.contributions[:10] > 0).all() and not flow.contributions[10:].any()
    assert (flow.norm_h.mean[:10] > 0).all() and not flow.norm_h.mean[10:].any()


# --- the three traps --------------------------------------------------------------------------------------


def test_a_loss_at_every_step_hides_what_the_triangle_shows():
    config = RunConfig.from_flat({"task": "text", "cell": "rnn", "hidden_size": 32, "seq_len": 40})
    naive = gradient_flow(config, every_step=True).top.norm_h.mean
    honest = gradient_flow(config).top.norm_h.mean
    rows = triangle(config)
    assert naive[:10].min() > naive[:10].max() / 10, "flat"
    assert honest[9] < honest[0] / 50, "it vanishes"
    assert rows[-1, -10] < rows[-1, -1] / 50 and np.isnan(rows[np.triu_indices(40, 1)]).all()
    model, task, batch = prepared(config, 32, torch.float32)
    assert losses_at(task, model(batch.inputs), batch, loss_steps(task, batch)).shape == (32,)
    assert mean_losses(task, model(batch.inputs), batch).mean().item() == pytest.approx(
        task.loss(model(batch.inputs), batch).item(), rel=1e-4
    )


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_everything_vanishes_at_the_default_initialisation(cell):
    norm = gradient_flow(RunConfig(cell=cell, hidden_size=64, seq_len=60, forget_bias=0)).top.norm_h.mean
    assert norm[20] < 1e-3 * norm[0]


def test_forget_bias_lengthens_the_memory_and_c_is_the_highway():
    flows = [gradient_flow(RunConfig(cell="lstm", hidden_size=64, seq_len=60, forget_bias=b)).top for b in (0, 1, 3)]
    at_20 = [flow.norm_h.mean[20] / flow.norm_h.mean[0] for flow in flows]
    assert at_20[0] * 10 < at_20[1] and at_20[1] * 3 < at_20[2]
    half_lives = [decay(flow.norm_c.mean).half_life for flow in flows]
    assert half_lives == sorted(half_lives)
    bias_3 = flows[2]
    assert bias_3.norm_c.mean[50] / bias_3.norm_c.mean[0] > 5 * bias_3.norm_h.mean[50] / bias_3.norm_h.mean[0]


def test_a_feed_forward_net_has_no_way_back():
    flow = gradient_flow(RunConfig(cell="feedforward", seq_len=20)).top
    assert flow.norm_h.mean[0] > 0 and not flow.norm_h.mean[1:].any()
    assert flow.largest_singular_value is None and flow.decay.per_step is None and flow.decay.horizon == 1


def test_high_gain_explodes():
    flow = gradient_flow(RunConfig(cell="rnn_relu", hidden_size=32, seq_len=60, init="orthogonal", gain=2)).top
    assert flow.decay.per_step > 1.2 and flow.norm_h.mean[-1] > 100 * flow.norm_h.mean[0]


# --- where it comes from ----------------------------------------------------------------------------------


def test_the_same_source_gives_the_same_numbers_and_a_run_is_left_as_it_was():
    run = fresh(cell="gru", bias=True, steps=5)
    untrained = gradient_flow(run)
    np.testing.assert_array_equal(untrained.top.norm_h.mean, gradient_flow(run.config).top.norm_h.mean)
    run.advance(steps=3)
    before = [p.clone() for p in run.model.parameters()]
    trained = gradient_flow(run)
    assert not np.array_equal(trained.top.norm_h.mean, untrained.top.norm_h.mean)
    for now, then in zip(run.model.parameters(), before, strict=True):
        assert torch.equal(now, then)
    (loaded,) = checkpoints.load(checkpoints.save([run]))
    np.testing.assert_array_equal(gradient_flow(loaded).top.norm_h.mean, trained.top.norm_h.mean)
    run.advance(steps=2)
    other = fresh(cell="gru", bias=True, steps=5)
    other.advance(steps=5)
    assert np.array_equal(run.history.updates["loss"], other.history.updates["loss"])


def test_every_layer_and_direction_has_its_flow():
    config = RunConfig(cell="lstm", num_layers=3, bidirectional=True, seq_len=15, hidden_size=4)
    flow = gradient_flow(config)
    assert [(f.layer, f.direction) for f in flow.flows] == [(i, d) for i in range(3) for d in range(2)]
    assert flow.top is flow.flows[4]
    assert all(flow.only(each.layer, each.direction).top is each for each in flow.flows)
    assert flow.only(9, 1).top is flow.flows[5], "the nearest there is"


def test_a_trace_changes_no_answer():
    run = fresh(cell="gru", task="brackets", bias=True)
    model: SequenceModel = run.model
    traces: list[Trace] = []
    with_trace = model.hidden(run.held_out.inputs, run.held_out.lengths, None, traces)[0]
    without = model.hidden(run.held_out.inputs, run.held_out.lengths)[0]
    torch.testing.assert_close(with_trace, without, rtol=1e-5, atol=1e-6)
    assert len(traces) == 1 and len(traces[0].states) == len(run.held_out.inputs)


def test_the_jacobian_is_the_product_of_its_steps():
    run = fresh(cell="rnn", seq_len=6)
    model, _, batch = prepared(run, 1, torch.float64)
    cell, h = model.layers[0][0], torch.zeros(1, 5, dtype=torch.float64)
    product, steps = torch.eye(5, dtype=torch.float64), []
    for x in batch.inputs:
        steps.append(torch.autograd.functional.jacobian(lambda s, x=x: cell(x, (s,))[0][0], h)[:, 0])
        (h,) = cell(x, (h,))
    expected = [torch.linalg.svdvals(product)]
    for step in reversed(steps[1:]):
        product = product @ step
        expected.append(torch.linalg.svdvals(product))
    np.testing.assert_allclose(jacobian_singular_values(run), torch.stack(expected).detach().numpy(), rtol=1e-9)


def test_reach_is_the_share_that_comes_through():
    config = RunConfig(cell="lstm", seq_len=30, forget_bias=3)
    norm = gradient_flow(config, batch_size=8).top.norm_h.mean
    assert reach(config) == norm[-1] / norm[0]


def test_what_float32_cannot_hold_is_left_out_of_the_fit():
    norm = np.maximum(0.01 ** np.arange(40.0), 0)
    norm[norm < FLOOR] = 0
    assert decay(norm).per_step == pytest.approx(0.01) and decay(norm).horizon == 2
    assert decay(np.array([1.0, 0.0])) == decay(np.array([1.0, 0.0, 0.0]))


def test_a_milestone_can_be_measured_after_the_run_has_gone_on():
    run = fresh(cell="lstm", bias=True, steps=40)
    run.advance(steps=3)
    then = gradient_flow(run).top.norm_h.mean
    run.advance(steps=9)
    assert list(run.milestones) == [0, 1, 3, 10]
    np.testing.assert_array_equal(gradient_flow(run.config, weights=run.milestones[3]).top.norm_h.mean, then)
    np.testing.assert_array_equal(
        gradient_flow(run, weights=run.milestones[0]).top.norm_h.mean, gradient_flow(run.config).top.norm_h.mean
    )
    with pytest.raises(ValueError, match="shorter"):
        gradient_flow(run, weights=run.milestones[3][:-1])


def test_going_back_forgets_later_milestones_and_a_file_starts_with_its_own():
    run = fresh(cell="rnn", bias=True, steps=40)
    run.advance(steps=12)
    assert run.rewind() <= 10
    assert max(run.milestones) <= run.step
    (loaded,) = checkpoints.load(checkpoints.save([run]))
    assert list(loaded.milestones) == [run.step]
    for kept, now in zip(loaded.milestones[run.step], run.model.parameters(), strict=True):
        assert torch.equal(kept, now)
