"""The chart's rows stay few however long the run; the CSV holds everything."""

import csv
import io
from types import SimpleNamespace

import numpy as np
import pytest

from playground.components.spikes import MOST
from playground.components.tables import LOG_FLOOR, curve_table, drawn_lines
from playground.train.transport import has_log_scale
from rnncore.config import RunConfig
from rnncore.files.curve_csv import curve_csv
from rnncore.tasks import TASKS, Baseline
from rnncore.training.history import HELD_OUT_COLUMNS, UPDATE_COLUMNS, History
from rnncore.training.race import Race
from rnncore.training.run import Run

BASELINES = TASKS["adding"](50).baselines()
OPTIONS = {"x_axis": "updates", "batch_size": 32, "scale": "log"}


def run_of(config=None, steps=12):
    run = Run(RunConfig.from_flat({"hidden_size": 4, "seq_len": 8, "batch_size": 4, "steps": 50, **(config or {})}))
    run.advance(steps=steps)
    return run


@pytest.fixture(scope="module")
def long_run():
    """A run with the longest history there can be."""
    run, n = run_of(), 100_000
    rng = np.random.default_rng(0)
    updates = rng.random((n, len(UPDATE_COLUMNS)), np.float32) + 1e-3
    updates[:, 5] = np.arange(n) / 1000
    updates[70_001, 0] = 1e4  # one spike, which must not get lost
    held = rng.random((n // 25, len(HELD_OUT_COLUMNS)), np.float32)
    held[:, 0] = np.arange(n // 25) * 25
    run.history, run.step = History(updates, held), n
    return run


@pytest.mark.parametrize("x_axis", ["updates", "examples", "seconds"])
def test_rows_do_not_grow_with_the_run(long_run, x_axis):
    table = curve_table([long_run.view(120)] * 4, BASELINES, **{**OPTIONS, "x_axis": x_axis})
    assert table.num_rows <= 4 * (2 * 120 + MOST + 1) + len(BASELINES)
    rows = table.to_pandas()
    assert set(rows.kind) == {"train", "held", "line", "spike"}
    train = rows[(rows.kind == "train")].iloc[: (rows.kind == "train").sum() // 4]
    spike = rows[rows.kind == "spike"]
    assert set(spike.label) == {"▲ 10,000"} and spike.y.iloc[0] == train.high.max() < 100, "cut, and its height told"
    assert (train.low <= train.y).all() and (train.y <= train.high).all()
    assert train.x.is_monotonic_increasing
    last = {"updates": 100_000, "examples": 3_200_000, "seconds": 99.999}[x_axis]
    assert train.x.iloc[-1] == pytest.approx(last)


def test_every_kind_of_row_is_what_the_chart_expects():
    run = run_of()
    rows = curve_table([run.view(120)], BASELINES, **OPTIONS).to_pandas()
    train, held = rows[rows.kind == "train"], rows[rows.kind == "held"]
    assert list(train.x) == list(range(1, 13)) and np.array_equal(train.y, run.history.updates["loss"])
    assert list(held.x) == [0, *range(1, 11)] and np.array_equal(held.y, run.history.held_out["loss"])
    assert set(train.series) == set(held.series) == {"LSTM"}
    lines = rows[rows.kind == "line"]
    names = [label.replace("\n", " ") for label in lines.label]
    assert lines.x.isna().all() and names == [f"{name}: {y:.4g}" for name, y in drawn_lines(BASELINES)]
    assert all(len(line) <= 17 for label in lines.label for line in label.split("\n"))
    assert {str(field.type) for field in curve_table([], BASELINES, **OPTIONS).schema if field.name in "xy"} == {
        "float"
    }


def test_a_loss_of_zero_has_a_place_on_a_logarithmic_axis():
    run = run_of()
    run.history.append_held_out(step=12, loss=0.0, metric=1.0, update_ratio=0.0, saturated=0.0)
    log = curve_table([run.view(120)], BASELINES, **OPTIONS).to_pandas()
    linear = curve_table([run.view(120)], BASELINES, **{**OPTIONS, "scale": "linear"}).to_pandas()
    assert log[["y", "low", "high"]].min().min() == np.float32(LOG_FLOOR) and linear.y.min() == 0


def test_no_run_gives_the_reference_lines_only():
    rows = curve_table([], BASELINES, **OPTIONS).to_pandas()
    assert set(rows.kind) == {"line"} and len(rows) == 2
    assert curve_table([], [], **OPTIONS).num_rows == 0


def test_lines_that_would_lie_on_one_another_are_drawn_once():
    def line(kind, loss):
        return Baseline(kind, kind, loss, None, "")

    found = drawn_lines([line("chance", 1.0), line("memoryless", 1.01), line("optimum", 0.0), line("other", None)])
    assert found == [("memoryless", 1.01)]
    found = drawn_lines([line("other", 0.5), line("memoryless", 1.0), line("optimum", 0.2)])
    assert found == [("memoryless", 1.0), ("other", 0.5), ("optimum", 0.2)]


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_lines_to_draw(task):
    lines = drawn_lines(RunConfig(task=task).build_task().baselines())
    assert lines and (all(loss > 0 for _, loss in lines) or not has_log_scale(TASKS[task]))


def parsed(text):
    return list(csv.DictReader(io.StringIO(text)))


def column(rows, name):
    return np.array([np.float32(row[name]) if row[name] else np.float32("nan") for row in rows])


def test_the_csv_equals_the_history_to_the_last_bit():
    runs = [run_of({"cell": cell}, steps=30) for cell in ("rnn", "gru")]
    rows = parsed(curve_csv(Race(runs)))
    assert len(rows) == 2 * 31
    for run in runs:
        mine = [row for row in rows if row["cell"] == run.config.cell]
        assert [int(row["update"]) for row in mine] == list(range(31))
        assert [int(row["examples"]) for row in mine] == [4 * i for i in range(31)]
        for name in UPDATE_COLUMNS:
            assert np.array_equal(column(mine[1:], name), run.history.updates[name]), name
            assert mine[0][name] == ""
        measured = [row for row in mine if row["held_out_loss"]]
        assert [int(row["update"]) for row in measured] == list(run.history.held_out["step"])
        for name in HELD_OUT_COLUMNS[1:]:
            assert np.array_equal(column(measured, f"held_out_{name}"), run.history.held_out[name], equal_nan=True)


def test_awkward_numbers_come_back_from_the_csv():
    values = np.array([[1e-38, 3.4e38, 0.1, 1 / 3, 0, 16777217]], np.float32)
    held = np.array([[1, 1e-45, 1, np.nan, 0.5]], np.float32)
    run = SimpleNamespace(config=RunConfig(), history=History(values, held))
    (row,) = parsed(curve_csv(Race([run])))
    assert [np.float32(row[name]) for name in UPDATE_COLUMNS] == list(values[0])
    assert np.float32(row["held_out_loss"]) == held[0, 1] and row["held_out_update_ratio"] == ""
