"""Backpropagation step by step: it adds up to autograd's gradients, and finite differences agree."""

import copy

import numpy as np
import pytest
import torch

from rnncore.analysis.backward import backward, backward_of
from rnncore.analysis.backward_network import LECTURE_FIXED, OneLayer, backward_of_network
from rnncore.analysis.cell_network import own_network
from rnncore.analysis.objective import of_task, whole
from rnncore.analysis.unrolled import held_out_example
from rnncore.analysis.worked import worked_example, worked_network
from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.networks.sequence_model import cells_of, unroll
from rnncore.tasks import TASKS
from rnncore.tasks.batch import as_double
from rnncore.training.run import Run

SMALL = 1e-6
every_cell = pytest.mark.parametrize("cell", CELLS)
recurrent_cell = pytest.mark.parametrize("cell", [name for name, kind in CELLS.items() if kind.recurrent])


def network_of(cell, **options):
    options.setdefault("hidden_size", 5)
    return Run(RunConfig(task="temporal_order", cell=cell, window=3, seq_len=12, **options))


def gradients(run, example, truncate=None):
    """The judge: one pass back through a copy of the whole network, by parameter."""
    model = copy.deepcopy(run.model).double()
    model.truncate = model.truncate if truncate is None else truncate
    batch = as_double(whole(example, run.task.many_to_one))
    loss = run.task.loss(model.answer(batch)[0], batch)
    loss.backward()
    return loss.item(), {name: p.grad.numpy() for name, p in model.named_parameters() if p.grad is not None}


def agree(found, judged):
    """Every layer's parameters and the read-out's, as far as they were gone through step by step."""
    parts = {f"layers.{each.layer}.{each.direction}.{weight.name}": weight
             for each in found.layers for weight in each.weights}  # fmt: skip
    parts |= {weight.name: weight for weight in found.readout}
    for name, weight in parts.items():
        scale = np.abs(judged[name]).max() + 1e-30
        assert np.allclose(weight.total, judged[name], rtol=SMALL, atol=SMALL * scale), name
        assert np.allclose(np.linalg.norm(weight.total), weight.so_far[0], rtol=SMALL)
        if weight.each is not None:
            assert np.allclose(weight.each.sum(axis=0), weight.total, rtol=SMALL, atol=SMALL * scale), name
            flat = weight.each.reshape(len(weight.each), -1)
            assert np.allclose(np.linalg.norm(flat, axis=1), weight.added)
            sums = np.linalg.norm(flat[::-1].cumsum(axis=0), axis=1)[::-1]
            assert np.allclose(sums, weight.so_far)
    return parts


@every_cell
@pytest.mark.parametrize("truncate", [0, 1, 5, 40])
def test_what_the_steps_add_is_the_gradient_of_the_weights(cell, truncate):
    run = network_of(cell, truncate=truncate)
    found = backward_of(run, held_out_example(run, 1))
    loss, judged = gradients(run, held_out_example(run, 1))
    assert found.loss == pytest.approx(loss, rel=1e-12)
    assert set(agree(found, judged)) == {name for name, _ in run.model.named_parameters()}
    assert found.clipped.norm == pytest.approx(np.sqrt(sum((part**2).sum() for part in judged.values())))


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("task", TASKS)
def test_every_task_deep_and_in_both_directions(task, bidirectional):
    run = Run(RunConfig(task=task, cell="lstm", hidden_size=4, num_layers=2, bidirectional=bidirectional))
    example = held_out_example(run, 2)
    found = backward_of(run, example)
    loss, judged = gradients(run, example)
    assert found.loss == pytest.approx(loss, rel=1e-6) and found.finite
    parts = agree(found, judged)
    layers = {name for name, _ in run.model.named_parameters() if name.startswith("layers.")}
    assert set(parts) - layers == (set() if run.task.writes else {"readout.weight", "readout.bias"})
    assert layers <= set(parts)
    assert len(found.losses) == (len(found.at) or len(found.losses))
    assert (found.shown.layer, found.shown.direction) == (1, 0)


@every_cell
@pytest.mark.parametrize("layer", [0, 1])
def test_the_gradient_of_a_state_is_autograds(cell, layer):
    run = network_of(cell, num_layers=2)
    example = held_out_example(run)
    found = backward_of(run, example, layer=layer)
    assert found.shown.layer == layer and (found.readout[0] in found.weights) == bool(layer)
    model, batch, traces = copy.deepcopy(run.model).double(), as_double(example), []
    loss = run.task.loss(model.answer(batch, traces=traces)[0], batch)
    for number, state in enumerate(found.shown.states):
        path = [each[number] for each in traces[layer].states]
        judged = torch.autograd.grad(loss, path, retain_graph=True, materialize_grads=True, allow_unused=True)
        scale = max(float(each.abs().max()) for each in judged)
        assert np.allclose(state.total, torch.cat(judged).numpy(), rtol=SMALL, atol=SMALL * scale)
        assert np.allclose(state.values, torch.cat(path).detach().numpy())


def loss_from(network, targets, step, changed, read_out):
    """The sum of squared errors when the state after a step is another one, for its read-out or for what follows."""
    model = OneLayer(network)
    (cell,) = cells_of(model.layers[0])
    x = torch.from_numpy(network.inputs)[:, None]
    with torch.no_grad():
        before, state = unroll(cell, x[: step + 1], model.start)
        h = before.clone()
        if read_out:
            h[-1] = changed[0]
        after = unroll(cell, x[step + 1 :], state if read_out else changed)[0] if step + 1 < len(x) else x[:0, :, :0]
        hidden = torch.cat([h, after]) if len(after) else h
        return float((model.readout(hidden) - targets).pow(2).sum())


@recurrent_cell
def test_finite_differences_agree_on_both_sources_of_every_state(cell):
    """What reaches c through h in its own step is left out here: the state that is changed is handed on as it is."""
    network, e = own_network(cell, 3, 1), 1e-6
    found = backward_of_network(network)
    targets = torch.from_numpy(network.targets)[:, None]
    names = [state.name for state in found.shown.states]
    for step in range(len(network.inputs)):
        state = [torch.from_numpy(each.values[step])[None] for each in found.shown.states]
        for k, name in enumerate(names):
            for read_out in (True, False) if name == "h" else (False,):
                slopes = []
                for unit in range(3):
                    moved = []
                    for sign in (1, -1):
                        other = [each.clone() for each in state]
                        other[k][0, unit] += sign * e
                        moved.append(loss_from(network, targets, step, tuple(other), read_out))
                    slopes.append((moved[0] - moved[1]) / (2 * e))
                expected = found.shown.states[k].here[step] if read_out else found.shown.states[k].later[step]
                assert np.allclose(slopes, expected, rtol=1e-5, atol=1e-8), (step, name, read_out)


@every_cell
def test_finite_differences_agree_on_the_weights(cell):
    run, e = network_of(cell, hidden_size=3), 1e-6
    example = held_out_example(run)
    found = backward_of(run, example)
    model, batch = copy.deepcopy(run.model).double(), as_double(example)
    for weight in found.shown.weights:
        parameter = dict(model.layers[0][0].named_parameters())[weight.name]
        flat = parameter.data.view(-1)
        for place in (0, len(flat) // 2, len(flat) - 1):
            moved = []
            for sign in (1, -1):
                flat[place] += sign * e
                with torch.no_grad():
                    moved.append(run.task.loss(model.answer(batch)[0], batch).item())
                flat[place] -= sign * e
            slope = (moved[0] - moved[1]) / (2 * e)
            assert slope == pytest.approx(weight.total.reshape(-1)[place], rel=1e-4, abs=1e-9)


def test_truncation_cuts_where_it_says_counted_from_the_end():
    run = network_of("lstm")
    example = held_out_example(run)
    found, whole_way = backward_of(run, example, truncate=5), backward_of(run, example)
    steps = len(found.inputs)
    assert found.cuts == (steps - 10, steps - 5) and whole_way.cuts == ()
    for state, all_of_it in zip(found.shown.states, whole_way.shown.states, strict=True):
        assert not state.later[[cut - 1 for cut in found.cuts]].any()
        assert np.array_equal(state.total[-5:], all_of_it.total[-5:]) and all_of_it.later[-6].any()


def test_a_cell_without_a_way_back_gets_nothing_from_the_next_step():
    run = network_of("feedforward")
    (h,) = backward_of(run, held_out_example(run)).shown.states
    assert not h.later.any() and h.here[-1].any()


def test_with_a_loss_at_every_step_the_last_one_is_also_followed_alone():
    run = Run(RunConfig(task="text", cell="rnn", hidden_size=6))
    found = backward_of(run, held_out_example(run))
    assert len(found.at) == len(found.inputs) == len(found.losses)
    h = found.shown.states[0]
    assert found.shown.last_alone[-1] == pytest.approx(np.linalg.norm(h.here[-1]) * len(found.losses))
    assert found.shown.last_alone[0] < 1e-3 * found.shown.last_alone[-1] < np.linalg.norm(h.total[0])


def test_the_last_loss_alone_reaches_a_lower_layer_as_autograd_says():
    run = Run(RunConfig(task="text", cell="lstm", hidden_size=4, num_layers=2, seq_len=12))
    example = held_out_example(run)
    found = backward_of(run, example, layer=0)
    model, batch, traces = copy.deepcopy(run.model).double(), as_double(example), []
    outputs = model.answer(batch, traces=traces)[0]
    last = torch.nn.functional.cross_entropy(outputs[-1], batch.targets[-1])
    judged = torch.autograd.grad(last, [state[0] for state in traces[0].states])
    assert np.allclose(found.shown.last_alone, [part.norm().item() for part in judged], rtol=SMALL)


def test_the_worked_example_by_hand():
    found = backward_of_network(worked_network(worked_example("rnn")), LECTURE_FIXED)
    first, second = 0.5298956075, 0.8791377098
    own = (2 * (first - 0.3), 2 * (second - 0.5))
    back = own[1] * (1 - second**2) * 0.4
    (h,) = found.shown.states
    assert np.allclose(h.here[:, 0], own) and np.allclose(h.later[:, 0], [back, 0])
    before = {1: first, 0: 0.0}
    through = [(own[0] + back) * (1 - first**2), own[1] * (1 - second**2)]
    weights = {weight.name: weight for weight in found.shown.weights}
    assert set(weights) == {"weight_ih", "weight_hh", "bias_ih"} and not found.readout
    assert np.allclose(weights["weight_hh"].each[:, 0, 0], [through[t] * before[t] for t in (0, 1)])
    assert np.allclose(weights["bias_ih"].total, sum(through))
    assert found.loss == pytest.approx((first - 0.3) ** 2 + (second - 0.5) ** 2)
    (update,) = found.updates
    assert update.weights["layers.0.0.bias_ih"][0] == pytest.approx(0.4 - 0.1 * sum(through))
    assert update.loss < found.loss


def test_a_gradient_that_is_too_long_is_scaled_down_to_the_limit():
    found = backward_of_network(own_network("gru", 2, 0))
    assert found.clipped.norm > 1 and found.clipped.scale == pytest.approx(1 / found.clipped.norm)
    assert found.updates[0].change == pytest.approx(0.1)
    free = backward_of_network(own_network("gru", 2, 0), clip_norm=0)
    assert free.clipped.scale == 1 and free.updates[0].change == pytest.approx(0.1 * free.clipped.norm)


@pytest.mark.parametrize("rule", ["adam", "adamw", "sgd", "rmsprop"])
def test_the_update_is_the_optimisers_and_the_run_stays_as_it_is(rule):
    run = network_of("gru", optimizer=rule, clip_norm=0.05)
    run.advance(steps=3)
    before, slots = run.weights(), copy.deepcopy(run.optimizer.state_dict())
    example = held_out_example(run)
    found = backward_of(run, example)
    assert all(map(torch.equal, before, run.weights()))
    assert all(torch.equal(slots[i][name], kept) for i, each in run.optimizer.state_dict().items()
               for name, kept in each.items())  # fmt: skip
    assert [update.rule for update in found.updates] == ["plain", rule]
    run.model.zero_grad()
    run.task.loss(run.model.answer(example)[0], example).backward()
    torch.nn.utils.clip_grad_norm_(run.model.parameters(), 0.05)
    run.optimizer.lr = run.config.lr
    run.optimizer.step()
    for name, value in run.model.named_parameters():
        assert np.allclose(found.updates[1].weights[name], value.detach().numpy(), rtol=1e-4, atol=1e-6), name
    with torch.no_grad():
        after = run.task.loss(run.model.answer(example)[0], example).item()
    assert found.updates[1].loss == pytest.approx(after, rel=1e-4)


def test_padding_is_no_step():
    run = Run(RunConfig(task="sentiment", cell="gru", hidden_size=4, bidirectional=True))
    number = int(run.held_out.lengths[:50].argmin())
    example = held_out_example(run, number)
    found = backward_of(run, example)
    assert len(found.inputs) == int(example.lengths[0]) < len(example.inputs)
    model, batch = copy.deepcopy(run.model).double(), as_double(example)
    assert found.loss == pytest.approx(run.task.loss(model.answer(batch)[0], batch).item())


def test_numbers_that_are_not_finite_are_said_to_be_none():
    run = network_of("rnn_relu")
    with torch.no_grad():
        run.model.layers[0][0].weight_hh.fill_(1e38)
    assert not backward_of(run, held_out_example(run)).finite


def test_a_state_to_start_from_is_where_it_starts():
    network = own_network("lstm", 2, 3)
    moved = network.edited({("h", 0, None): 0.5, ("c", 1, None): -1.0})
    assert not np.allclose(backward_of_network(moved).losses, backward_of_network(network).losses)
    outputs = moved.outputs()
    assert np.allclose(backward_of_network(moved).outputs, outputs)
    assert backward_of_network(moved).loss == pytest.approx(((outputs - moved.targets) ** 2).sum())


def test_any_network_with_an_objective_can_be_gone_through():
    run = network_of("rnn")
    example = held_out_example(run)
    found = backward(run.model, example, of_task(run.task, example), run.config)
    assert found.loss == backward_of(run, example).loss


def test_of_a_run_whose_optimiser_is_not_known_only_gradient_descent_is_told():
    run = network_of("gru")
    example = held_out_example(run)
    assert [update.rule for update in backward_of(run, example).updates] == ["plain", "adam"]
    run.advance(steps=2)
    run.optimizer.slots = {}  # as it comes from a recording
    assert [update.rule for update in backward_of(run, example).updates] == ["plain"]
