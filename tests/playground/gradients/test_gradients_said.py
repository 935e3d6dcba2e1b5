"""The Gradients page's words, rows and CSV say what was measured."""

import csv
import io
import json
import re

import numpy as np
import pytest

from playground.gradients import charts, exploding, heat_maps, sweep, tables
from playground.gradients import words as gradients_words
from playground.gradients.settings import FIRST, LIMITS, FlowView
from playground.gradients.sweep import Reached
from playground.live.measurements import MEASURED_MEMORY
from playground.race.setup import read_setup
from rnncore.analysis.decay import FLOOR, decay
from rnncore.analysis.gradients import gradient_flow
from rnncore.analysis.jacobians import jacobian_singular_values, triangle
from rnncore.config import RunConfig
from rnncore.training.limits import trace_memory
from rnncore.training.run import Run


@pytest.fixture(scope="module")
def measured():
    configs = (RunConfig(cell=cell, seq_len=150, hidden_size=16) for cell in ("rnn", "lstm", "feedforward"))
    return [gradient_flow(config) for config in configs]


def test_the_finding_names_every_network_with_its_own_numbers(measured):
    said = gradients_words.finding(measured)
    rnn = measured[0].top.norm_h.mean
    assert f"{gradients_words.times(rnn[0] / rnn[20])} times weaker" in said
    assert f"on average a factor of {(rnn[20] / rnn[0]) ** (1 / 20):.3g} per step" in said
    fit = decay(rnn)
    assert f"from {fit.stretch[0]} to {fit.stretch[1]} steps back it shrinks by {fit.per_step:.3g} per step" in said
    assert "**Feed-forward** has no way back" in said and said.count("**LSTM**") == 1
    assert "grows by" not in said and "*" not in gradients_words.plain(said)


def test_the_sum_over_time_compares_a_far_step_with_the_last(measured):
    said, added = gradients_words.sum_finding(measured), measured[0].top.contributions
    assert f"20 steps before the last adds {gradients_words.times(added[0] / added[20])} times less" in said
    assert "**Feed-forward** has no recurrent weights" in said


def test_a_lower_layer_under_two_directions_gets_no_single_factor():
    config = RunConfig(cell="rnn", hidden_size=16, seq_len=60, num_layers=2, bidirectional=True)
    measured = gradient_flow(config)
    lower, upper = measured.only(0, 0), measured.only(1, 0)
    norm = lower.top.norm_h.mean
    weakest = int(norm.argmin())
    assert 0 < weakest < 59 and gradients_words.two_ended(norm) and not gradients_words.two_ended(upper.top.norm_h.mean)
    assert f"weakest {weakest} steps back" in gradients_words.finding([lower])
    assert "from both ends" in gradients_words.table([lower]) and "factor of" in gradients_words.finding([upper])


@pytest.mark.parametrize("seq_len", [30, 60, 200])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "rnn_relu", "lstm_peephole", "rnn_sigmoid"])
@pytest.mark.parametrize("gain", [None, 1.0, 1.5])
def test_every_factor_that_is_told_predicts_what_was_measured(cell, gain, seq_len):
    start = {} if gain is None else {"init": "orthogonal", "gain": gain}
    flow = gradient_flow(RunConfig(cell=cell, seq_len=seq_len, hidden_size=32, **start), batch_size=8)
    norm, said = flow.top.norm_h.mean, gradients_words.finding([flow])
    lags = min(20, seq_len - 1)
    told = re.search(
        r"is ([\d.,]+) times (weaker|stronger) than at the loss, on average a factor of ([\d.]+) per step", said
    )
    if told:
        ratio = float(told[1].replace(",", "")) ** (1 if told[2] == "stronger" else -1)
        assert ratio == pytest.approx(norm[lags] / norm[0], rel=0.06)
        assert float(told[3]) ** lags == pytest.approx(norm[lags] / norm[0], rel=0.2)  # three digits to the power of 20
    stretch = re.search(r"from (\d+) to (\d+) steps back it \w+ by", said)
    if stretch:
        first, last = int(stretch[1]), int(stretch[2])
        for a, b in ((first, last), (first, (first + last) // 2)):
            predicted = flow.top.decay.per_step ** (b - a)
            assert 1 / 1.26 < predicted / (norm[b] / norm[a]) < 1.26
    else:
        assert "no straight line" in said or "all the way" in said


def test_a_curve_that_bends_gets_no_factor_and_a_straight_part_gets_its_own():
    lags = np.arange(60.0)
    bent = decay(np.exp(-0.01 * lags**2))
    assert bent.stretch is None and bent.per_step is None and bent.half_life is None and bent.horizon == 27
    knee = decay(np.exp(-np.minimum(lags, 10) * 0.9 - np.maximum(lags - 10, 0) * 0.1))
    assert knee.stretch[0] >= 9 and knee.stretch[1] == 59 and knee.per_step == pytest.approx(np.exp(-0.1), rel=0.01)


def test_with_a_loss_at_every_step_no_sentence_says_how_far_a_signal_reaches():
    config = RunConfig.from_flat({"task": "text", "cell": "lstm", "seq_len": 30, "hidden_size": 8})
    flow = gradient_flow(config, every_step=True)
    said, norm = gradients_words.levels([flow]), flow.top.norm_h.mean
    assert f"norm {norm[0]:.2g} at the end, {norm[20]:.2g} at 20 steps before it" in said
    assert not re.search("shrinks|grows|weaker|stronger|factor", said)


def test_growth_is_put_the_same_way():
    flow = gradient_flow(RunConfig(cell="rnn_relu", seq_len=60, init="orthogonal", gain=2.5))
    said = gradients_words.finding([flow])
    assert "it grows by" in said and "and doubles every" in said and "times stronger" in said


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (1.04, "1.0"),
        (47.2, "47"),
        (151_234, "150,000"),
        (2.34e12, "2.3\u00a0×\u00a010¹²"),
        (np.inf, "more than any number float32 holds"),
    ],
)
def test_factors_are_said_in_two_digits(ratio, words):
    assert gradients_words.times(ratio) == words


def test_the_tables_numbers_are_those_of_the_csv(measured):
    rows = list(csv.DictReader(io.StringIO(tables.flow_csv(measured))))
    table = gradients_words.table(measured)
    for flow in measured:
        mine = [row for row in rows if row["cell"] == flow.config.cell]
        assert [int(row["lag"]) for row in mine] == list(range(150))
        for name in ("norm_h", "norm_c"):
            norm = np.array([float(row[name] or "nan") for row in mine])
            if np.isfinite(norm).all():
                fit = decay(norm)
                for shown in (
                    fit.per_step and f"<td>{fit.per_step:.3g} ({fit.stretch[0]} to {fit.stretch[1]})</td>",
                    fit.horizon and f"<td>{fit.horizon}</td>",
                ):
                    assert shown is None or shown in table
    assert {row["norm_c"] == "" for row in rows if row["cell"] == "rnn"} == {True}


def test_lines_end_at_the_floor_which_is_drawn_when_it_is_near(measured):
    rows = tables.flow_rows(measured).to_pydict()
    values = [v for name in ("mean", "low", "high") for v in rows[name]]
    assert min(values) >= FLOOR and "floor" in rows["kind"]
    near = tables.flow_rows([gradient_flow(RunConfig(cell="lstm", seq_len=20))]).to_pydict()
    assert "floor" not in near["kind"] and set(near["series"]) == {"LSTM", "LSTM, c"}
    last = max(lag for lag, name in zip(rows["lag"], rows["series"], strict=True) if name == "LSTM")
    assert last == 149 and len(rows["lag"]) < 5 * tables.MOST_POINTS


def test_a_triangle_has_a_row_for_every_loss_and_state():
    found = triangle(RunConfig.from_flat({"task": "text", "cell": "gru", "seq_len": 10}))
    rows = tables.triangle_rows("GRU", found)
    assert rows.num_rows == 55 and rows["norm"].to_pylist()[0] == pytest.approx(found[0, 0])
    (cells,) = heat_maps.triangle_map(found, dark=False).figure["data"]
    drawn = {(i, j): each for i, row in enumerate(cells["z"], 1) for j, each in enumerate(row, 1) if each is not None}
    norms = zip(rows["loss_step"].to_pylist(), rows["step"].to_pylist(), rows["norm"].to_pylist(), strict=True)
    assert drawn == pytest.approx({(loss, step): np.clip(np.log10(norm), -8, 0) for loss, step, norm in norms})
    weaker = gradients_words.times(float(found[9, 9] / found[9, 0]))
    said = f"the loss at step 10 reaches the state 9 steps earlier {weaker} times weaker than its own."
    assert heat_maps.triangle_in_words(found) == said


def test_a_row_over_training_is_a_kept_update_and_what_is_drawn_is_what_is_saved():
    run = Run(RunConfig(cell="gru", seq_len=80, hidden_size=8))
    first = gradient_flow(run.config, weights=run.weights())
    found = {0: first, 1000: gradient_flow(run.config, weights=[1.5 * each for each in run.weights()])}
    (cells,) = heat_maps.along_map(found, dark=False).figure["data"]
    rows = tables.along_rows(found, "gru").to_pydict()
    assert cells["y"] == ["0", "1,000"] and {*rows["update"]} == {0, 1000} and {*rows["cell"]} == {"gru"}
    assert len(cells["z"][0]) == 60 and rows["lag"][:60] == sorted({*rows["lag"]}) and rows["lag"][59] == 79
    drawn = [value for row in cells["z"] for value in row]
    assert drawn == pytest.approx(np.clip(np.log10(rows["norm"]), -8, 0))
    assert rows["norm"][:60] == pytest.approx(first.top.norm_h.mean[rows["lag"][:60]])
    said = heat_maps.along_in_words(found)
    assert said.startswith(f"at update 0 {gradients_words.arriving(first.top)}; at update 1,000 ")


def test_stretches_have_median_and_range():
    values = jacobian_singular_values(RunConfig(cell="gru", seq_len=10, hidden_size=8))
    rows = tables.stretch_rows(["GRU"], [values]).to_pydict()
    assert rows["high"] == pytest.approx(values[:, 0]) and rows["mean"] == pytest.approx(np.median(values, axis=1))


@pytest.mark.parametrize("dark", [False, True])
def test_specs_hold_no_data_and_stay_the_same(dark):
    choice = {"x_title": "x", "y_title": "y", "dark": dark, "states": True}
    spec = charts.flow_chart(("rnn", "lstm"), **choice)
    assert json.dumps(spec) == json.dumps(charts.flow_chart.__wrapped__(("rnn", "lstm"), **choice))
    assert '"data"' not in json.dumps(spec)


def test_the_sweep_takes_all_lengths_of_the_task_and_averages_over_seeds():
    setup, said = read_setup({**FIRST, "task": "temperature", "seq_len": 30}, LIMITS, FlowView)
    assert sweep.lengths(setup) == [10, 20, 50, 100] and not said
    found = [Reached("rnn", 10, seed, share) for seed, share in enumerate((0.1, 0.2, 0.6))]
    found += [Reached("rnn", 50, seed, 1e-5) for seed in range(3)]
    rows = sweep.rows(found).to_pydict()
    assert rows["mean"] == pytest.approx([0.3, 1e-5]) and rows["low"][0] == 0.1 and rows["high"][0] == 0.6
    assert "at 50 steps less than 1/1000" in sweep.finding(found)
    assert sweep.csv(found).splitlines()[1] == "rnn,10,0,0.1"
    other = read_setup({**FIRST, "forget_bias": 3}, LIMITS, FlowView)[0]
    assert sweep.about(setup) != sweep.about(other)


def test_a_sweep_ends_where_a_measurement_would_take_too_much_memory_and_says_so():
    usual = read_setup(FIRST, LIMITS, FlowView)[0]
    assert sweep.lengths(usual)[-1] == 1000 and not sweep.left_out(usual)
    deep = {**FIRST, "cell": "lstm,gru", "num_layers": 4, "bidirectional": True, "seq_len": 10}
    setup = read_setup(deep, LIMITS, FlowView)[0]
    measured = sweep.lengths(setup)
    assert measured[0] == 5 and 100 <= measured[-1] < 1000
    for config in setup.configs:
        assert trace_memory(config.with_(seq_len=measured[-1]), sweep.FEWEST) <= MEASURED_MEMORY
    assert re.search(rf"ends at {measured[-1]:,} steps: \d+ would take more memory", sweep.left_out(setup))


def test_four_cells_without_a_fused_kernel_may_have_a_thousand_steps():
    cells = "lstm_peephole,gru_cho,lstm_peephole_full,gru"
    setup, said = read_setup({**FIRST, "cell": cells, "seq_len": 1000, "hidden_size": 64}, LIMITS, FlowView)
    assert not said and {config.seq_len for config in setup.configs} == {1000} and len(setup.configs) == 4


def test_the_recorded_sweep_is_that_of_the_first_settings():
    setup, _ = read_setup(FIRST, LIMITS, FlowView)
    recorded = sweep.recorded(setup)
    pieces = sweep.pieces(setup)
    assert [one[:3] for one in recorded] == [(p.args[0].cell, p.args[1], p.args[2]) for p in pieces]
    for one, piece in list(zip(recorded, pieces, strict=True))[:27]:  # up to 20 steps: a moment
        assert piece().share == pytest.approx(one.share, rel=1e-3)
    assert not sweep.recorded(read_setup({**FIRST, "seed": 5}, LIMITS, FlowView)[0])


def test_a_start_that_explodes_can_be_seen_to_explode():
    run = exploding._example()
    rows = exploding.clip_rows([run]).to_pydict()
    norm = [v for k, v in zip(rows["kind"], rows["value"], strict=True) if k == "before" and v is not None]
    assert run.divergence is not None and len(norm) >= 8 and max(norm) > 50 * norm[-8]
    blown = {"norm": run.divergence.grad_norm, "loss": run.divergence.loss}
    marked = {kind.split()[0] for kind in rows["kind"] if kind.endswith("is infinite")}
    assert marked == {name for name, value in blown.items() if not np.isfinite(value)}
    assert "diverged at update" in exploding.finding([run])
    clipped = Run(run.config.with_(clip_norm=1.0))
    clipped.advance(steps=150)
    assert clipped.divergence is None and clipped.history.updates["loss"][-20:].mean() < 0.3
