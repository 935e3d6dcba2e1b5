"""A race: lock-step on identical data, and every member as if it ran alone."""

import itertools

import pytest
import torch

from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.networks.sizing import LARGEST_WIDTH, equal_parameters, parameters
from rnncore.tasks import TASKS
from rnncore.training.race import MAX_CELLS, Race
from rnncore.training.run import Run

torch.set_num_threads(1)

CELLS_RACED = ("rnn", "lstm", "gru", "feedforward")


def configs(cells=CELLS_RACED, **changes) -> list[RunConfig]:
    values = {"seq_len": 10, "hidden_size": 6, "batch_size": 8, "steps": 60, **changes}
    return [RunConfig.from_flat({"cell": cell, **values}) for cell in cells]


def losses(run):
    return run.history.updates["loss"].tolist()


def started(*arguments, **changes) -> Race:
    race = Race.of(configs(*arguments, **changes))
    race.start()
    return race


def rounds(race, n):
    for _ in range(n):
        assert race.advance_one()


def steps(race):
    return [run.step for run in race.runs]


@pytest.mark.parametrize("changes", [{}, {"num_layers": 2, "dropout": 0.4, "task": "brackets"}], ids=["plain", "deep"])
def test_a_member_of_a_race_is_the_run_alone(changes):
    race = started(**changes)
    rounds(race, 20)
    for config, run in zip(configs(**changes), race.runs, strict=True):
        alone = Run(config)
        alone.advance(steps=20)
        assert losses(run) == losses(alone)
        assert run.history.held_out.rows().tobytes() == alone.history.held_out.rows().tobytes()


def test_members_move_in_lock_step():
    race = started()
    for n in range(1, 8):
        rounds(race, 1)
        assert steps(race) == [n] * 4 and race.step == n
    assert race.seconds == sum(run.seconds for run in race.runs) > 0


@pytest.mark.parametrize("task", TASKS)
def test_all_cells_see_identical_data(monkeypatch, task):
    seen = {}
    race = started(task=task, seq_len=min(max(10, TASKS[task].seq_len_range[0]), TASKS[task].seq_len_range[1]))
    for run in race.runs:
        draw = run.task.batch

        def recorded(n, generator, draw=draw, run=run):
            batch = draw(n, generator)
            seen.setdefault(run.config.cell, []).append(batch)
            return batch

        monkeypatch.setattr(run.task, "batch", recorded)
    rounds(race, 3)
    assert seen.keys() == set(CELLS_RACED)
    for one, other in itertools.pairwise(seen.values()):
        for a, b in zip(one, other, strict=True):
            assert torch.equal(a.inputs, b.inputs) and torch.equal(a.targets, b.targets)
    first, second, _ = seen["rnn"]
    assert not torch.equal(first.inputs, second.inputs)
    held = [run.held_out for run in race.runs]
    assert all(torch.equal(held[0].inputs, other.inputs) for other in held)


def test_a_rewound_run_catches_up_while_the_others_wait():
    race = started()
    rounds(race, 33)
    late = race.runs[1]
    good = late.rewind()
    assert good < 33
    late.start()
    for behind in range(good + 1, 34):
        rounds(race, 1)
        assert steps(race) == [33, behind, 33, 33]
    rounds(race, 1)
    assert steps(race) == [34] * 4
    alone = Run(configs()[1])
    alone.advance(steps=34)
    assert losses(late) == losses(alone)


def test_a_diverged_run_stays_and_the_others_go_on():
    race = started(optimizer="sgd")
    rounds(race, 5)
    race.runs[0].set(lr=10, clip=0)
    while race.runs[0].active:
        rounds(race, 1)
    stopped = race.runs[0].step
    rounds(race, 3)
    assert race.runs[0].status == "diverged" and race.runs[0].step == stopped
    assert race.status == "running" and min(steps(race)[1:]) > stopped
    views = race.view(10)
    assert [view.status for view in views.runs] == ["diverged", "running", "running", "running"]
    race.rewind()  # only the diverged one
    assert race.runs[0].status == "paused" and min(steps(race)[1:]) > stopped
    race.set(lr=0.01, clip=1)
    race.start()
    while race.status == "running":
        race.advance_one()
    assert steps(race) == [60] * 4 and race.status == "finished" and not race.advance_one()


def test_pause_in_the_middle_of_a_round(monkeypatch):
    race = started()
    rounds(race, 4)
    second = race.runs[1]
    update = second._update
    monkeypatch.setattr(second, "_update", lambda *_: (update(), race.pause()))
    race.advance_one()
    assert steps(race) == [5, 5, 4, 4] and race.status == "paused"  # a pause takes effect between two runs
    assert race.advance_one() and steps(race) == [5, 5, 4, 4]
    monkeypatch.undo()
    race.start()
    rounds(race, 1)
    assert steps(race) == [5] * 4  # those left behind were the first to move
    rounds(race, 3)
    for config, run in zip(configs(), race.runs, strict=True):
        alone = Run(config)
        alone.advance(steps=8)
        assert losses(run) == losses(alone)


def test_a_paused_race_makes_single_steps_and_no_others():
    race = Race.of(configs())
    assert race.advance_one() and steps(race) == [0] * 4
    for n in (1, 2, 3):
        race.advance_one(even_if_paused=True)
        assert steps(race) == [n] * 4 and race.status == "paused"


def test_a_race_of_different_lengths_ends_one_by_one():
    short, long = configs(("rnn",), steps=3) + configs(("lstm",), steps=6)
    race = Race.of([short, long])
    race.start()
    rounds(race, 4)
    assert steps(race) == [3, 4] and race.status == "running"
    rounds(race, 2)
    assert steps(race) == [3, 6] and race.status == "finished"
    assert not race.advance_one() and steps(race) == [3, 6]


def test_statuses():
    race = Race.of(configs(("rnn", "lstm"), steps=5))
    assert race.status == "ready"
    race.runs[0].advance(steps=5)
    assert race.status == "ready"
    race.start()
    assert race.status == "running" and race.runs[0].status == "finished"
    race.pause()
    race.advance_one(even_if_paused=True)
    assert race.status == "paused"


def test_settings_change_for_all_or_for_none():
    race = Race.of(configs())
    race.set(lr=0.5, clip=2)
    assert {(run.config.lr, run.config.clip_norm) for run in race.runs} == {(0.5, 2.0)}
    with pytest.raises(ConfigError):
        race.set(lr=0.1, clip=-1)
    with pytest.raises(ConfigError):
        race.set(hidden_size=9)
    assert {(run.config.lr, run.config.clip_norm) for run in race.runs} == {(0.5, 2.0)}


@pytest.mark.parametrize("n", [0, MAX_CELLS + 1])
def test_the_number_of_cells(n):
    with pytest.raises(ConfigError, match=f"1 to 4 cells, not {n}"):
        Race.of(configs(("rnn",)) * n)


# --- sizes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(
    "changes",
    [{}, {"num_layers": 3}, {"bidirectional": True, "num_layers": 2}, {"bias": False}, {"window": 4},
     {"task": "text"}, {"task": "brackets", "bidirectional": True, "bias": False}],
    ids=lambda c: " ".join(str(v) for v in c.values()) or "plain",
)  # fmt: skip
def test_weights_are_counted_before_they_exist(cell, changes):
    config = RunConfig.from_flat({"cell": cell, "hidden_size": 7, **changes})
    run = Run(config)
    assert parameters(config) == run.parameters() == sum(p.numel() for p in run.model.parameters())


def test_counting_touches_no_global_randomness():
    before = torch.get_rng_state()
    assert parameters(RunConfig(hidden_size=333)) == 4 * 333 * (2 + 333 + 2) + 334
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("width", [8, 32, 100])
@pytest.mark.parametrize("changes", [{}, {"num_layers": 2, "bidirectional": True}, {"task": "temporal_order"}],
                         ids=["plain", "deep", "symbols"])  # fmt: skip
def test_equal_weights(width, changes):
    start = [RunConfig.from_flat({"cell": cell, "hidden_size": width, **changes}) for cell in CELLS]
    goal = max(Run(config).parameters() for config in start)
    for before, after in zip(start, equal_parameters(start), strict=True):
        assert after.with_(hidden_size=width) == before and width <= after.hidden_size <= LARGEST_WIDTH
        if after.hidden_size < LARGEST_WIDTH:
            count = Run(after).parameters()
            off = abs(count - goal)
            assert width < 32 or off <= 0.03 * goal, (after.cell, count, goal)
            for neighbour in (after.hidden_size - 1, after.hidden_size + 1):  # no other width is nearer
                assert neighbour < width or abs(parameters(after.with_(hidden_size=neighbour)) - goal) >= off
        else:
            assert parameters(after) <= goal  # a feed-forward net cannot grow that far
    assert width >= 100 or all(config.hidden_size < LARGEST_WIDTH for config in equal_parameters(start))


def test_the_largest_network_is_left_as_it_is():
    wide, narrow = RunConfig(cell="lstm", hidden_size=50), RunConfig(cell="rnn", hidden_size=50)
    assert equal_parameters([wide, narrow])[0] == wide
    assert equal_parameters([narrow]) == [narrow]
