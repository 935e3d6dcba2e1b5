"""A run: reproducible to the bit, equal to a loop written by hand, and able to recover."""

import copy
import dataclasses
import math
import pickle

import numpy as np
import pytest
import torch
from torch import nn

from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.networks.sequence_model import SequenceModel
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.goals import goal
from rnncore.training import run as run_module
from rnncore.training.optimizer import Optimizer, schedule_factor
from rnncore.training.race import Race
from rnncore.training.run import LIVE, Run
from rnncore.training.run_state import measured_at

torch.set_num_threads(1)

COLUMNS = ("loss", "metric", "grad_norm", "lr", "clip_norm")
DEEP = {"num_layers": 2, "bidirectional": True, "dropout": 0.3}


def small(**changes) -> RunConfig:
    """A config whose update takes a millisecond or two."""
    return RunConfig.from_flat({"seq_len": 10, "hidden_size": 6, "batch_size": 8, "steps": 500, **changes})


def trained(config, steps) -> Run:
    run = Run(config)
    assert run.advance(steps=steps) == steps
    return run


def curves(run):
    """All that a run measured but its own speed: exact numbers."""
    held = run.history.held_out.rows().copy()
    return [run.history.updates[name].tolist() for name in COLUMNS], np.nan_to_num(held, nan=-1).tolist()


def weights(run):
    return torch.cat([p.detach().flatten() for p in run.model.parameters()])


# --- the same config gives the same run -------------------------------------------------------------------

SAME = [
    *[{"cell": cell} for cell in CELLS],
    *[
        {"task": task, "seq_len": min(max(10, TASKS[task].seq_len_range[0]), TASKS[task].seq_len_range[1])}
        for task in TASKS
        if task != "adding"
    ],
    *[{**DEEP, "cell": cell} for cell in ("rnn", "lstm", "gru_cho", "feedforward")],
    {**DEEP, "task": "brackets", "cell": "gru"},  # padded examples
    *[{"optimizer": name} for name in ("adamw", "sgd", "rmsprop")],
    {"truncate": 3, "init": "orthogonal", "schedule": "cosine"},
]
same = pytest.mark.parametrize("changes", SAME, ids=lambda c: " ".join(str(v) for v in c.values()))


@same
def test_the_same_config_gives_the_same_numbers(changes):
    config = small(**changes)
    first, again = trained(config, 12), trained(config, 12)
    assert curves(first) == curves(again)
    assert torch.equal(weights(first), weights(again))
    assert curves(trained(config.with_(seed=1), 12)) != curves(first)


@same
def test_interleaved_runs_do_not_disturb_each_other(changes):
    one, other = small(**changes), small(cell="lstm", num_layers=2, dropout=0.5, seed=3)
    runs = Run(one), Run(other)
    for i in range(24):
        runs[i % 2].advance(steps=1)
        torch.rand(1)  # somebody else draws from the global generator
    assert curves(runs[0]) == curves(trained(one, 12))
    assert curves(runs[1]) == curves(trained(other, 12))


def test_steps_in_any_portion_give_the_same():
    run = Run(small(**DEEP))
    assert [run.advance(steps=n) for n in (1, 7, 0, 4)] == [1, 7, 0, 4]
    assert curves(run) == curves(trained(small(**DEEP), 12))


def test_reset_starts_the_same_run_over_under_another_number():
    run = trained(small(**DEEP), 15)
    first, number = curves(run), run.number
    run.start()
    run.reset()
    assert (run.step, run.seconds, len(run.history), run.status, run.events) == (0, 0.0, 0, "ready", [])
    assert run.number != number
    run.advance(steps=15)
    assert curves(run) == first


def test_the_global_generator_is_left_alone():
    before = torch.get_rng_state()
    run = trained(small(**DEEP), 12)
    run.rewind()
    run.reset()
    run.view()
    list(run.shown())
    assert torch.equal(torch.get_rng_state(), before)


# --- the same as a loop written by hand -------------------------------------------------------------------


def bare_loop(config, steps, changes=()):
    """Train without a Run; `changes` maps an update to the learning rate and clipping from then on."""
    task = config.build_task()
    data, masks = generator(config.seed, "data"), generator(config.seed, "dropout")
    model = SequenceModel(config, task, generator(config.seed, "init"))
    kinds = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "rmsprop": torch.optim.RMSprop}
    if config.optimizer == "sgd":
        optimizer = torch.optim.SGD(model.parameters(), lr=config.lr, momentum=config.momentum)
    else:
        optimizer = kinds[config.optimizer](model.parameters(), lr=config.lr)
    lr, clip, rows = config.lr, config.clip_norm, []
    for step in range(steps):
        lr, clip = dict(changes).get(step, (lr, clip))
        done = step / config.steps
        factor = {"constant": 1.0, "linear": 1 - done, "cosine": (1 + math.cos(math.pi * done)) / 2}[config.schedule]
        batch = task.batch(config.batch_size, data)
        outputs = model(batch.inputs, batch.lengths, masks)
        loss = task.loss(outputs, batch)
        model.zero_grad()
        loss.backward()
        grads = [p.grad for p in model.parameters()]
        norm = math.sqrt(sum(g.double().pow(2).sum().item() for g in grads))
        if clip and norm >= clip:  # Pascanu et al. (2013)
            for grad in grads:
                grad *= clip / norm
        applied = math.sqrt(sum(g.double().pow(2).sum().item() for g in grads))
        for group in optimizer.param_groups:
            group["lr"] = lr * factor
        optimizer.step()
        rows.append((loss.item(), task.metric(outputs.detach(), batch).item(), norm, lr * factor, applied))
    return model, np.array(rows)


@pytest.mark.parametrize("schedule", ["constant", "linear", "cosine"])
@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd", "rmsprop"])
@pytest.mark.parametrize("changes", [{}, DEEP | {"cell": "gru", "task": "brackets"}], ids=["plain", "deep"])
def test_a_run_is_a_loop_written_by_hand(optimizer, schedule, changes):
    config = small(optimizer=optimizer, schedule=schedule, steps=40, clip_norm=0.2, **changes)
    run = trained(config, 30)
    model, rows = bare_loop(config, 30)
    for i, name in enumerate(COLUMNS[:4]):
        np.testing.assert_allclose(run.history.updates[name], rows[:, i], rtol=1e-5, atol=2e-5, err_msg=name)
    torch.testing.assert_close(weights(run), torch.cat([p.detach().flatten() for p in model.parameters()]))


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_the_norm_on_record_is_the_one_before_clipping(optimizer):
    config = small(optimizer=optimizer, clip_norm=0.05)
    run = trained(config, 20)
    _, rows = bare_loop(config, 20)
    norms, applied = rows[:, 2], rows[:, 4]
    np.testing.assert_allclose(run.history.updates["grad_norm"], norms, rtol=1e-4)
    assert (norms > 0.05).any() and (applied <= 0.05 * (1 + 1e-6)).all()
    assert run.history.updates["grad_norm"].max() > 0.05


@pytest.mark.parametrize("clip", [0.0, 0.05])
def test_the_gradient_that_is_applied_is_the_clipped_one(clip):
    """Seen in the weights: plain SGD moves them by lr times the applied gradient."""
    run = Run(small(optimizer="sgd", momentum=0, clip_norm=clip, lr=0.1))
    for _ in range(10):
        before = weights(run)
        run.advance(steps=1)
        applied = float((weights(run) - before).norm()) / 0.1
        norm = float(run.history.updates["grad_norm"][-1])
        assert applied == pytest.approx(min(norm, clip) if clip else norm, rel=1e-3)


@pytest.mark.parametrize("progress", [0.0, 0.25, 0.5, 1.0])
def test_schedules(progress):
    assert schedule_factor("constant", progress) == 1
    assert schedule_factor("linear", progress) == 1 - progress
    assert schedule_factor("cosine", progress) == pytest.approx(math.cos(math.pi * progress / 2) ** 2)


RULES = {
    "adam": (torch.optim.Adam, {}),
    "adamw": (torch.optim.AdamW, {}),
    "rmsprop": (torch.optim.RMSprop, {}),
    "sgd": (torch.optim.SGD, {"momentum": 0.7}),
    "plain sgd": (torch.optim.SGD, {}),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_optimisers_are_pytorchs_with_its_defaults(rule):
    """The same gradients give the same weights; and half-way the state moves over to PyTorch's own object."""
    kind, options = RULES[rule]
    name = rule.split()[-1]
    numbers = torch.Generator().manual_seed(1)
    start = [torch.randn(shape, generator=numbers) for shape in ((3, 4), (4,), (1,))]

    def network():
        parameters = nn.ParameterList(nn.Parameter(w.clone()) for w in start)
        return parameters, list(parameters)

    (ours_of, ours), (_, theirs), (_, moved) = network(), network(), network()
    config = RunConfig(optimizer=name, momentum=options.get("momentum", 0))
    optimizer = Optimizer(config, ours_of)
    oracle, late = kind(theirs, lr=0.02, **options), kind(moved, lr=0.02, **options)
    for step in range(12):
        gradients = [torch.randn(w.shape, generator=numbers) for w in start]
        if step == 6:
            with torch.no_grad():
                for mine, copied in zip(ours, moved, strict=True):
                    copied.copy_(mine)
            late.load_state_dict({**late.state_dict(), "state": copy.deepcopy(optimizer.state_dict())})
        for parameters in (ours, theirs, moved):
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter.grad = gradient.clone()
        optimizer.lr = 0.02 if step < 9 else 0.005
        for group in (*oracle.param_groups, *late.param_groups):
            group["lr"] = optimizer.lr
        optimizer.step()
        oracle.step()
        if step >= 6:
            late.step()
    for mine, right, copied in zip(ours, theirs, moved, strict=True):
        torch.testing.assert_close(mine, right, rtol=1e-5, atol=1e-6)
        torch.testing.assert_close(mine, copied, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["adam", "adamw", "sgd", "rmsprop"])
def test_an_optimisers_state_is_a_copy(name):
    """What was taken out for a snapshot, or put in from one, does not change when training goes on."""
    run = trained(small(optimizer=name), 3)
    taken = run.copies.now().optimizer
    before = copy.deepcopy(taken)
    run.advance(steps=3)
    after = run.optimizer.state_dict()
    moving = "momentum_buffer" if name == "sgd" else "square_avg" if name == "rmsprop" else "exp_avg_sq"
    assert all(torch.equal(taken[i][key], before[i][key]) for i in before for key in before[i])
    assert not torch.equal(after[0][moving], before[0][moving])
    run.optimizer.load_state_dict(taken)
    run.advance(steps=2)
    assert all(torch.equal(taken[i][key], before[i][key]) for i in before for key in before[i])


# --- measuring on held-out examples -----------------------------------------------------------------------


def test_when_held_out_examples_are_measured():
    run = trained(small(), 160)
    steps = [0, *range(1, 11), *range(15, 100, 5), 100, 125, 150]
    assert run.history.held_out["step"].tolist() == steps
    assert [step for step in range(161) if measured_at(step)] == steps


def test_the_last_update_is_always_measured():
    run = Run(small(steps=33))
    run.advance()
    assert run.history.held_out["step"].tolist()[-2:] == [30, 33]


@pytest.mark.parametrize("changes", [{}, DEEP, {"task": "brackets", **DEEP}], ids=["plain", "deep", "padded"])
def test_measuring_does_not_change_the_training(monkeypatch, changes):
    often = trained(small(**changes), 30)
    monkeypatch.setattr(run_module, "measured_at", lambda step: False)
    never = trained(small(**changes), 30)
    assert len(never.history.held_out) == 1 < len(often.history.held_out)
    assert curves(never)[0] == curves(often)[0]
    assert torch.equal(weights(never), weights(often))


def test_held_out_figures_are_those_of_the_network_at_that_update():
    run = trained(small(**DEEP), 25)
    model, task, held = copy.deepcopy(run.model), run.task, run.held_out
    with torch.no_grad():
        outputs = model(held.inputs, held.lengths)  # without dropout
    step, loss, metric, _, _ = run.history.held_out.rows()[-1]
    assert (step, held.size) == (25, task.held_out_size)
    assert loss == pytest.approx(task.loss(outputs, held).item(), rel=1e-6)
    assert metric == pytest.approx(task.metric(outputs, held).item(), rel=1e-6)
    assert run.answered_at == 25
    torch.testing.assert_close(run.answers, outputs[: len(run.answers)])


@pytest.mark.parametrize("task", TASKS)
def test_the_first_examples_are_shown_with_the_networks_answers(task):
    run = trained(small(task=task, seq_len=min(max(10, TASKS[task].seq_len_range[0]), TASKS[task].seq_len_range[1])), 2)
    shown = list(run.shown())
    assert len(shown) == run_module.SHOWN
    for i, told in enumerate(shown):
        example = run.held_out.select(slice(i, i + 1), run.task.many_to_one)
        if run.task.writes:
            output = run.answers[:, i]  # what it wrote by itself: see test_encoder_decoder
        else:
            with torch.no_grad():
                output = run.model(example.inputs, example.lengths)
            output = output[0] if run.task.many_to_one else output[:, 0]
        line = run.task.show(example, output)
        for part in ("question", "truth", "answer", "right"):
            assert getattr(told, part) == getattr(line, part)


# --- signs of health --------------------------------------------------------------------------------------


def test_health_before_anything_is_measured():
    health = Run(small()).health()
    assert (health.grad_norm, health.update_ratio, health.clipped, health.saturated) == (None,) * 4


def test_health_is_measured():
    run = trained(small(clip_norm=1, cell="rnn", gain=3, init="orthogonal", hidden_size=16), 124)
    before = weights(run)
    run.advance(steps=1)  # the 125th is measured
    health, norms = run.health(), run.history.updates["grad_norm"]
    assert health.grad_norm == norms[-1]
    assert health.update_ratio == pytest.approx(float((weights(run) - before).norm() / before.norm()), rel=1e-4)
    assert health.clipped == pytest.approx(float((norms[-100:] > 1).mean())) and 0 < health.clipped < 1
    with torch.no_grad():
        hidden, _ = run.model.hidden(run.held_out.inputs)
    assert health.saturated == pytest.approx(float((hidden.abs() > 0.95).float().mean()))
    assert 0 < health.saturated < 1
    assert run.view().health == health


def test_nothing_counts_as_clipped_when_clipping_is_off():
    assert trained(small(clip_norm=0), 10).health().clipped == 0


# --- what the outside sees --------------------------------------------------------------------------------


def test_the_view_is_small_and_true():
    run = trained(small(hidden_size=2, batch_size=1), 300)
    losses = run.history.updates["loss"]
    for points in (1, 2, 3, 10, 149, 150, 299, 300, 1000):
        view = run.view(points)
        curve = view.curve
        assert 1 <= len(curve.step) <= points and len(curve.held_step) <= points
        assert curve.step[-1] == 300 and (np.diff(curve.step) > 0).all()
        start = 0
        for row, end in enumerate(curve.step):
            piece = losses[start:end]
            assert (curve.low[row], curve.high[row], curve.loss[row]) == (piece.min(), piece.max(), piece[-1])
            start = end
        assert (curve.seconds == run.history.updates["seconds"][curve.step - 1]).all()
    assert (view.number, view.cell, view.step, view.seconds) == (run.number, "lstm", 300, run.seconds)
    assert view.loss == losses[-1] and view.held_loss == run.history.held_out["loss"][-1]
    assert view.held_metric == run.history.held_out["metric"][-1]
    assert view.divergence is None and view.status == run.status == "paused"


def test_the_view_of_a_fresh_run():
    view = Run(small()).view()
    assert (view.status, view.step, view.loss, view.seconds) == ("ready", 0, None, 0.0)
    assert view.curve.held_step.tolist() == [0] and view.held_loss is not None


def test_the_view_tells_of_gradients_the_lowest_loss_and_when_the_task_was_solved():
    run = trained(small(clip_norm=0.01, lr=0.02), 200)
    norm, held, found = run.history.updates["grad_norm"], run.history.held_out, run.view(gradients=True).gradients
    assert (found.longest, found.longest_at) == (norm.max(), norm.argmax() + 1)
    assert found.clipped == pytest.approx((norm > 0.01).mean()) and (found.clipped_norm <= np.float32(0.01)).all()
    assert found.norm.max() == norm.max() and found.loss.max() == run.history.updates["loss"].max()
    view = run.view()
    assert (view.lowest.loss, view.lowest.step) == (held["loss"].min(), held["step"][held["loss"].argmin()])
    assert view.solved_at == run.history.first_below(goal(run.task))
    back = run.rewind()
    assert run.view(gradients=True).gradients.longest_at <= back


def leaves(value):
    if dataclasses.is_dataclass(value):
        return [leaf for field in dataclasses.fields(value) for leaf in leaves(getattr(value, field.name))]
    return [leaf for each in value for leaf in leaves(each)] if isinstance(value, tuple) else [value]


def test_a_view_is_plain_data_that_stays_as_it_was():
    race = Race([trained(small(cell=cell), 30) for cell in ("rnn", "lstm")])
    view = race.view(answers=True, gradients=True)
    plain = (int, float, str, bool, type(None), np.ndarray, torch.Tensor, RunConfig)
    assert all(isinstance(leaf, plain) for leaf in leaves(view))
    assert [len(run.answers) for run in view.runs] == [run_module.SHOWN] * 2 and not race.view().runs[0].answers
    before = pickle.dumps(view)
    for run in race.runs:
        run.advance(steps=300)
    assert pickle.dumps(view) == before and race.view().step == 330


def test_first_below():
    run = trained(small(lr=0.05), 100)
    held = run.history.held_out
    goal = float(np.median(held["loss"]))
    first = next(int(step) for step, loss in zip(held["step"], held["loss"], strict=True) if loss <= goal)
    assert run.history.first_below(goal) == first
    assert run.history.first_below(-1) is None and run.history.first_below(math.inf) == 0


# --- start, pause, end ------------------------------------------------------------------------------------


def test_statuses():
    run = Run(small(steps=5))
    assert (run.status, run.active) == ("ready", True)
    run.start()
    assert run.status == "running"
    run.advance(steps=2)
    assert run.status == "running"
    run.pause()
    assert run.status == "paused"
    assert run.advance() == 3
    assert (run.status, run.active, run.step) == ("finished", False, 5)
    run.start()
    assert run.status == "finished" and run.advance(steps=9) == 0


def test_more_steps_reopen_a_finished_run():
    run = trained(small(steps=5), 5)
    run.set(steps=8)
    assert run.active and run.advance() == 3
    assert curves(run)[0] == curves(trained(small(), 8))[0]


def test_a_time_limit_ends_after_one_update_at_least():
    run = Run(small())
    assert run.advance(seconds=0) == 1 and run.step == 1


@pytest.mark.parametrize(("task", "higher"), [("temporal_order", True), ("temperature", False)])
def test_the_target_is_met_from_the_right_side(task, higher):
    config = small(task=task, seq_len=20 if higher else 10, lr=0.02, hidden_size=16, steps=300)
    free = trained(config, 300).history.held_out
    assert TASKS[task].metric_higher_is_better is higher
    metric = free["metric"]
    best = metric.max() if higher else metric.min()
    for target in (*(float(metric[0] + share * (best - metric[0])) for share in (0.3, 0.7)), float(best)):
        met = metric >= target if higher else metric <= target
        expected = int(next(step for step, is_met in zip(free["step"], met, strict=True) if is_met and step > 0))
        run = Run(config.with_(target=target))
        run.advance()
        assert run.status == "finished" and run.step == expected


def test_a_target_met_before_training_ends_nothing():
    run = Run(small(task="temperature", target=1e6))
    assert run.active and run.advance() == 1 and run.status == "finished"


# --- changes on the way -----------------------------------------------------------------------------------


def test_changes_count_from_the_next_update_and_are_on_record():
    config = small(optimizer="sgd", momentum=0.5, clip_norm=0.1)
    run = Run(config)
    run.advance(steps=5)
    run.set(lr=0.05, clip=0.02)
    run.advance(steps=5)
    _, rows = bare_loop(config, 10, {5: (0.05, 0.02)})
    np.testing.assert_allclose(run.history.updates["loss"], rows[:, 0], rtol=1e-5)
    np.testing.assert_allclose(run.history.updates["lr"], [0.01] * 5 + [0.05] * 5, rtol=1e-6)
    np.testing.assert_allclose(run.history.updates["clip_norm"], [0.1] * 5 + [0.02] * 5, rtol=1e-6)
    assert run.events == [(5, "lr", 0.05), (5, "clip_norm", 0.02)]
    assert (run.config.lr, run.config.clip_norm) == (0.05, 0.02)


def test_text_is_understood_and_recorded_as_a_number():
    run = Run(small())
    run.set(lr="0.5", target="")
    assert run.events == [(0, "lr", 0.5), (0, "target", None)] and run.config.lr == 0.5


@pytest.mark.parametrize("name", [*sorted(RunConfig.model_fields.keys() - set(LIVE)), "nonsense", ""])
def test_what_shapes_the_network_cannot_change(name):
    run = Run(small())
    with pytest.raises(ConfigError, match=f"'{name}' cannot change during a run; only .*lr.*: reset first"):
        run.set(**{name: 1, "lr": 0.5})
    assert run.config == small() and run.events == []


@pytest.mark.parametrize("value", [math.nan, math.inf, -1, 0, 11, "x", None])
def test_a_bad_value_changes_nothing(value):
    run = Run(small())
    with pytest.raises(ConfigError, match="'lr' must be a number from"):
        run.set(lr=value)
    assert run.config == small() and run.events == []


# --- divergence -------------------------------------------------------------------------------------------


def blown(**changes) -> Run:
    config = {"optimizer": "sgd", "lr": 0.05, "clip_norm": 0, "seq_len": 20, "hidden_size": 16, **changes}
    run = Run(small(**config))
    run.advance(steps=20)
    run.set(lr=10)
    run.start()
    run.advance(steps=480)
    return run


@pytest.mark.parametrize("cell", ["rnn", "rnn_relu", "lstm", "gru"])
def test_a_blow_up_is_noticed_and_kept_out_of_the_history(cell):
    run = blown(cell=cell)
    assert (run.status, run.active, run.wanted) == ("diverged", False, False)
    why = run.divergence
    assert why.lr == 10 and why.step in (run.step, run.step + 1) and 20 < why.step < 500
    first = run.history.updates["loss"][0]
    assert not (math.isfinite(why.loss) and math.isfinite(why.grad_norm)) or why.loss > run_module.EXPLODED * first
    assert np.isfinite(run.history.updates.rows()).all() and len(run.history) == run.step
    assert np.isfinite(np.nan_to_num(run.history.held_out.rows(), nan=0)).all()
    assert np.isfinite(run.history.held_out["loss"]).all()
    assert run.view().divergence == why and run.advance(steps=5) == 0
    run.start()
    assert run.status == "diverged"


@pytest.mark.parametrize("cell", ["rnn", "rnn_relu", "lstm", "gru"])
def test_rewinding_leaves_the_blow_up_behind(cell):
    run = blown(cell=cell)
    good = run.good_step
    assert 0 < good <= 20 + 10  # measured every fifth update then; the blow-up is over within a few
    assert run.rewind() == good == run.step == len(run.history)
    assert (run.status, run.divergence, run.wanted) == ("paused", None, False)
    assert run.history.held_out["step"][-1] == good
    assert run.seconds == run.history.updates["seconds"][-1]
    run.set(lr=0.01, clip=1)
    assert run.advance(steps=100) == 100 and run.status == "paused"
    assert run.history.held_out["loss"][-1] < 2 * run.history.held_out["loss"][0]


def test_a_rewound_run_is_the_run_it_was():
    """Weights, optimiser, data and masks: going on from there repeats what came after it the first time."""
    run = trained(small(**DEEP), 33)
    kept = curves(run)
    good = run.good_step
    assert 0 < good < 33
    assert run.rewind() == good and len(run.history) == good
    run.advance(steps=33 - good)
    assert curves(run) == kept
    run.rewind()
    assert run.rewind() == run.good_step  # twice is as good as once
    run.advance(steps=33 - good)
    assert curves(run) == kept


def test_good_is_what_is_near_the_best():
    """Steps far too long, but clipped: the loss jumps and is measured, without blowing up."""
    run = trained(small(optimizer="sgd", lr=0.05, seq_len=20, hidden_size=16), 6)
    run.set(lr=2, clip=1)
    run.advance(steps=4)
    held = run.history.held_out
    assert run.active and held["loss"][-1] > 2 * held["loss"].min()
    near = held["loss"] <= 2 * np.minimum.accumulate(held["loss"])
    assert run.good_step == held["step"][near][-1]


def test_rewinding_forgets_the_changes_made_after_it():
    run = blown()
    run.rewind()
    assert all(step <= run.good_step for step, _, _ in run.events)


def test_a_network_that_overflows_before_its_first_update():
    """Was an IndexError: there is no gradient to report yet, and no good state but the start."""
    run = Run(RunConfig(cell="rnn_relu", init="identity", gain=5, seq_len=1000, hidden_size=4))
    assert (run.status, run.step, run.good_step) == ("diverged", 0, 0)
    assert not math.isfinite(run.divergence.loss) and math.isnan(run.divergence.grad_norm)
    assert run.view().held_loss is None and run.health().grad_norm is None
    assert len(list(run.shown())) == run_module.SHOWN
    assert run.advance(steps=3) == 0
    assert run.rewind() == 0 and run.status == "ready"
    assert run.advance(steps=3) == 0 and run.status == "diverged"
    run.reset()
    assert run.status == "diverged"


def test_runs_are_numbered():
    numbers = [Run(small()).number for _ in range(3)]
    assert numbers == sorted(set(numbers))


def test_parameters_count_the_weights():
    run = Run(small(hidden_size=6))
    assert run.parameters() == 4 * 6 * (2 + 6 + 2) + 6 + 1


def test_what_a_view_shows_of_answers_is_another_revision():
    """Going back answers anew after all else is done: who looked in between must not keep the answers of before."""
    run = trained(small(), 30)
    before = run.revision
    run.answered_at = 29
    assert run.revision != before
