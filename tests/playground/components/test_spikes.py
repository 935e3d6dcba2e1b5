"""A spike neither flattens a chart nor gets lost: it is cut, and its true height stands where it was."""

import math

import numpy as np
import pytest

from playground.components.spikes import ceiling, peaks
from playground.components.tables import curve_table
from rnncore.config import RunConfig
from rnncore.tasks import TASKS
from rnncore.training.history import History
from rnncore.training.run import Run
from rnncore.training.run_state import Divergence

LINES = TASKS["adding"](50).baselines()


def run_of(losses, divergence=None):
    """A run whose training and held-out losses were these."""
    run, n = Run(RunConfig(hidden_size=4)), len(losses)
    updates = np.full((n, 6), 0.1, np.float32)
    updates[:, 0] = losses
    held = np.zeros((n, 5), np.float32)
    held[:, 0], held[:, 1] = np.arange(1, n + 1), losses
    run.history, run.step, run.divergence = History(updates, held), n, divergence
    return run


def rows_of(run, scale):
    return curve_table([run.view(120)], LINES, x_axis="updates", batch_size=4, scale=scale).to_pandas()


@pytest.mark.parametrize(("scale", "most"), [("linear", 5 * 0.1667), ("log", 30 * 0.1667)])
def test_one_outlier_in_a_run_of_tenths_is_cut_and_told(scale, most):
    losses = np.full(100, 0.1)
    losses[40] = 1e10
    rows = rows_of(run_of(losses), scale)
    assert rows[["y", "low", "high"]].max().max() <= 1.001 * most
    (spike,) = rows[rows.kind == "spike"].itertuples()
    assert (spike.x, spike.label) == (41, "▲ 10¹⁰")
    held = rows[rows.kind == "held"]
    assert held.value.max() == np.float32(1e10), "what is read at the pointer is what was measured"


@pytest.mark.parametrize("scale", ["linear", "log"])
@pytest.mark.parametrize("losses", [np.linspace(0.5, 0.01, 100), np.full(100, 7.0), np.geomspace(3, 1e-6, 100)])
def test_what_is_no_spike_is_left_alone(scale, losses):
    rows = rows_of(run_of(losses), scale)
    assert "spike" not in set(rows.kind) and rows.y.max() == max(np.float32(losses.max()), np.float32(1 / 6))


@pytest.mark.parametrize(
    ("loss", "said"), [(math.inf, "✕ ∞"), (math.nan, "✕ not a number"), (2.5e12, "✕ 2.5\u00a0×\u00a010¹²")]
)
def test_where_a_network_diverged_is_marked(loss, said):
    rows = rows_of(run_of(np.full(20, 0.1), Divergence(21, loss, 1e9, 0.1)), "log")
    (mark,) = rows[rows.kind == "spike"].itertuples()
    assert (mark.x, mark.label) == (21, said) and math.isfinite(mark.y)


def test_a_network_that_overflows_at_once_is_marked_at_the_start():
    run = Run(RunConfig(cell="rnn_relu", init="identity", gain=5, seq_len=400, hidden_size=4))
    (mark,) = rows_of(run, "log").query("kind == 'spike'").itertuples()
    assert mark.x == 0 and math.isfinite(mark.y)


def test_losses_below_zero_have_room_as_well():
    values = np.array([*np.linspace(1, -3, 99), 1e6])
    assert 1 < ceiling(values, [], "linear") < 50
    assert ceiling(np.empty(0), [], "log") == math.inf


def test_only_the_highest_of_many_spikes_are_named_and_neighbours_once():
    values = np.ones(60)
    values[[5, 6, 7]], values[10::5] = (50, 90, 70), np.arange(60, 70)
    assert [label for _, label in peaks(np.arange(60), values, 10)] == ["▲ 90", "▲ 67", "▲ 68", "▲ 69"]
