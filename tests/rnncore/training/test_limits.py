"""Limits: what is asked for is checked, and can always be brought within them."""

import dataclasses

import pytest
import torch
from hypothesis import assume, given
from hypothesis import settings as budget
from hypothesis import strategies as st

from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.errors import ConfigError, LimitError
from rnncore.networks.sizing import parameters
from rnncore.tasks import TASKS
from rnncore.training.limits import (
    FIXED,
    Limits,
    check,
    fit,
    in_files,
    memory,
    memory_aside,
    trace_memory,
    update_memory,
    update_seconds,
)
from rnncore.training.run import Run

LIMITS = Limits()
LARGEST = {"hidden_size": 1024, "num_layers": 4, "bidirectional": True, "batch_size": 512, "window": 64}


def largest(task, cell):
    return RunConfig.from_flat({"task": task, "cell": cell, "seq_len": longest(task), **LARGEST})


def longest(task):
    """The greatest length that the task takes with its own settings as they are."""
    low, high = TASKS[task].seq_len_range
    for length in (high, 400, 180, 130):
        try:
            return RunConfig.from_flat({"task": task, "seq_len": length}).build_task().seq_len
        except ConfigError:
            continue
    return low


@st.composite
def asked_for(draw):
    """Any config at all, most of them far too large."""
    task = draw(st.sampled_from(list(TASKS)))
    low, high = TASKS[task].seq_len_range
    values = {
        "task": task,
        "cell": draw(st.sampled_from(list(CELLS))),
        "hidden_size": draw(st.integers(1, 1024)),
        "num_layers": draw(st.integers(1, 4)),
        "bidirectional": draw(st.booleans()),
        "bias": draw(st.booleans()),
        "window": draw(st.integers(1, 64)),
        "seq_len": draw(st.integers(low, high)),
        "batch_size": draw(st.integers(1, 512)),
    }
    config = None
    try:
        config = RunConfig.from_flat(values)
        config.build_task()
    except ConfigError:  # some lengths do not go with a task's own settings
        assume(False)
    return config


def is_sentence(text):
    return text.endswith(".") and text.isprintable() and ". " not in text and len(text) < 200


@given(asked_for())
@budget(max_examples=80, deadline=None)
def test_what_is_fitted_passes_the_check(config):
    fitted, sentences = fit(config, LIMITS)
    check(fitted, LIMITS)
    changed = {name for name, value in fitted.flat().items() if value != config.flat()[name]}
    assert changed <= {"hidden_size", "num_layers", "batch_size", "seq_len"}
    assert len(sentences) == len(changed) and all(is_sentence(sentence) for sentence in sentences)
    for name in changed:
        label, asked, given_ = RunConfig.model_fields[name].title, getattr(config, name), getattr(fitted, name)
        assert given_ < asked
        assert any(s.startswith(f"{label} {asked:,} is") and f": {given_:,} is used." in s for s in sentences)


@given(asked_for())
@budget(max_examples=40, deadline=None)
def test_what_passes_the_check_is_left_alone(config):
    fitted, sentences = fit(config, LIMITS)
    assert fit(fitted, LIMITS) == (fitted, [])
    try:
        check(config, LIMITS)
    except LimitError:
        assert sentences and fitted != config
    else:
        more = memory(config) + update_memory(config) > LIMITS.race_memory
        assert bool(sentences) == (fitted != config) == more


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("cell", ["lstm", "lstm_peephole_full", "feedforward"])
def test_the_largest_request_can_be_fitted(task, cell):
    asked = largest(task, cell)
    fitted, sentences = fit(asked, LIMITS)
    check(fitted, LIMITS)
    assert sentences and fitted.build_task().total_steps > 0


def test_a_slow_server_gives_fewer_layers():
    limits = Limits(update_seconds=0.004)
    fitted, sentences = fit(RunConfig(num_layers=4, bidirectional=True), limits)
    check(fitted, limits)
    assert fitted.num_layers < 4 and any(sentence.startswith("Layers 4 is more") for sentence in sentences)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("cell", CELLS)
def test_what_the_app_recommends_is_within_the_limits(task, cell):
    check(RunConfig(task=task, cell=cell), LIMITS)


def test_the_message_about_weights():
    config = RunConfig(hidden_size=1024)
    with pytest.raises(LimitError) as error:
        check(config, LIMITS)
    assert f"{parameters(config):,} weights" in str(error.value) and "1,000,000" in str(error.value)
    assert is_sentence(str(error.value)) and "choose" in str(error.value)


def test_the_message_about_time():
    config = RunConfig(seq_len=1000, batch_size=512, hidden_size=64)
    with pytest.raises(LimitError) as error:
        check(config, LIMITS)
    assert "120 ms" in str(error.value) and "choose" in str(error.value) and is_sentence(str(error.value))


def test_limits_are_exact():
    config = RunConfig()
    count, seconds = parameters(config), update_seconds(config)
    check(config, Limits(parameters=count, update_seconds=seconds))
    for limits in (Limits(parameters=count - 1), Limits(update_seconds=0.999 * seconds)):
        with pytest.raises(LimitError):
            check(config, limits)


@pytest.mark.parametrize(
    "more", [{"seq_len": 100}, {"batch_size": 64}, {"hidden_size": 64}, {"num_layers": 2}, {"bidirectional": True}]
)
def test_more_of_anything_costs_more_time(more):
    assert update_seconds(RunConfig(**more)) > update_seconds(RunConfig())


def test_a_cell_without_a_kernel_costs_more_time():
    """Which cells run in one kernel is asked of the cells, not listed."""
    estimate = {cell: update_seconds(RunConfig(cell=cell, hidden_size=1)) for cell in CELLS}

    def in_one_kernel(cell):
        made = CELLS[cell](1, 1)
        return made.fused(torch.zeros(1, 1, 1), made.initial_state(1)) is not None

    looped = {cell for cell in CELLS if not in_one_kernel(cell)}
    assert looped >= {"rnn_sigmoid", "lstm_peephole", "lstm_peephole_full", "gru_cho"}
    assert not looped & {"rnn", "rnn_relu", "lstm", "gru", "feedforward"}
    assert min(estimate[cell] for cell in looped) > 3 * max(estimate[cell] for cell in CELLS.keys() - looped)


@pytest.mark.parametrize(
    "changes",
    [{}, {"hidden_size": 64, "num_layers": 2}, {"task": "text"}, {"cell": "gru_cho"}, {"optimizer": "sgd"},
     {"task": "captions"}, {"hidden_size": 100, "optimizer": "rmsprop"}],
)  # fmt: skip
def test_memory_is_estimated(changes):
    """Against what a run really holds: every tensor of weights, optimiser and copies, and the history."""
    config = RunConfig.from_flat({**changes, "steps": 10})
    run = Run(config)
    run.advance(steps=9)
    run._update()
    tensors = list(run.model.parameters())
    assert all(p.grad is None for p in tensors)
    tensors += [value for slots in run.optimizer.state_dict().values() for value in slots.values()]
    held = sum(tensor.nbytes for tensor in tensors) + run.copies.memory
    held += run.history.updates.rows().nbytes + run.history.held_out.rows().nbytes
    assert held == pytest.approx(memory(config) - FIXED, rel=0.02, abs=3000)
    run.copies.put_aside()
    assert all(not p.numel() and p.grad is None for p in run.model.parameters()) == (in_files(config) > 0)
    if in_files(config):
        assert run.copies.memory + run.history.updates.rows().nbytes <= memory_aside(config)
        assert run.copies.in_file <= in_files(config)


def test_the_server_holds_its_races_within_its_memory():
    """The figures go together: every place taken by the recommended set-up needs no more than is given away."""
    assert LIMITS.races * memory(RunConfig()) <= LIMITS.memory
    assert memory(RunConfig(hidden_size=450)) < LIMITS.memory / 4


GREEDY = [
    {"seq_len": 1000, "batch_size": 512},
    {"hidden_size": 1024, "seq_len": 1000},
    {"num_layers": 4, "bidirectional": True, "seq_len": 1000},
]


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "feedforward"])
@pytest.mark.parametrize("task", ["adding", "hourly", "dna", "captions"])
def test_whatever_is_asked_for_is_brought_within_all_limits(task, cell):
    limits = dataclasses.replace(LIMITS, trace_memory=96 * 2**20)
    low, high = TASKS[task].seq_len_range
    for asked in GREEDY:
        asked = {**asked, "seq_len": min(high, max(low, asked["seq_len"]))}
        fitted, said = fit(RunConfig.from_flat({"task": task, "cell": cell, **asked}), limits)
        check(fitted, limits)
        assert memory(fitted) + update_memory(fitted) <= limits.race_memory
        assert trace_memory(fitted, limits.trace_examples) <= limits.trace_memory
        assert said or fitted == RunConfig.from_flat({"task": task, "cell": cell, **asked})


def test_networks_of_one_race_share_its_memory():
    config = RunConfig(cell="lstm", hidden_size=16, batch_size=512, seq_len=150, steps=10_000)
    kept = {n: fit(config, LIMITS, n)[0].batch_size for n in (1, 4)}
    assert 64 < kept[4] <= kept[1] < 512
    large, limits = RunConfig(cell="lstm", hidden_size=450, batch_size=40, seq_len=10), Limits(race_memory=50 * 2**20)
    alone, beside = (fit(large, limits, n)[0] for n in (1, 4))
    assert alone == large
    assert beside.batch_size < 40 and 4 * memory(beside) + update_memory(beside) <= limits.race_memory
