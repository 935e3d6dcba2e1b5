"""What can be told apart on held-out examples: intervals worked out by hand, which hold as often as they say."""

import math
import re
from dataclasses import replace

import pytest
import torch

from rnncore.analysis.comparison import Comparison, compare, half_width, student
from rnncore.config import RunConfig
from rnncore.tasks import TASKS, Baseline
from rnncore.training.run import Run


def test_the_interval_of_five_numbers_worked_out_by_hand():
    """Mean 3, deviation sqrt(2.5), of the mean sqrt(0.5) = 0.7071; Student's t for 4 degrees of freedom 2.776."""
    values = torch.tensor([1.0, 2, 3, 4, 5]).double()
    assert half_width(values, torch.ones(5).double()) == pytest.approx(2.776 * 0.70711, rel=3e-3)


def test_the_interval_of_a_ratio_worked_out_by_hand():
    """Errors 2, 2, 8 over 1, 2, 3 answers: mean 2; rests 0, -2, 2; sqrt(8 * 3 / 2) / 6; t for 2 degrees 4.303."""
    found = half_width(torch.tensor([2.0, 2, 8]).double(), torch.tensor([1.0, 2, 3]).double())
    assert found == pytest.approx(4.303 * math.sqrt(12) / 6, rel=1e-6)


def test_neighbours_count_as_one():
    """Twelve places in three stretches of four: means 0, 1 and 2, deviation 1, of the mean 1 / sqrt(3)."""
    values = torch.arange(3).repeat_interleave(4).double()
    place = torch.arange(12)
    for order in (place, place.flip(0)):
        found = half_width(values[order], torch.ones(12).double(), place[order])
        assert found == pytest.approx(4.303 / math.sqrt(3), rel=1e-6)
    assert found > 3 * half_width(values, torch.ones(12).double()), "as if they were independent"


@pytest.mark.parametrize(
    ("freedom", "t"), [(1, 12.706), (2, 4.3027), (3, 3.1824), (4, 2.7764), (9, 2.2622), (19, 2.0930), (127, 1.9788)]
)
def test_students_t_is_that_of_printed_tables(freedom, t):
    assert student(freedom) == pytest.approx(t, rel=3e-3)


@pytest.mark.parametrize(("likeness", "least", "most"), [(0.0, 0.925, 0.975), (0.5, 0.90, 0.97)])
def test_a_95_percent_interval_holds_the_truth_about_95_times_in_100(likeness, least, most):
    """Series of 365 values, each like its neighbour to this degree, around a true mean of 0."""
    drawn = torch.Generator().manual_seed(1)
    n, times = 365, 1000
    noise = torch.randn(n, times, generator=drawn, dtype=torch.float64)
    rows = [noise[0] / math.sqrt(1 - likeness**2)]
    for step in noise[1:]:
        rows.append(likeness * rows[-1] + step)
    series, ones = torch.stack(rows), torch.ones(n, dtype=torch.float64)
    held = sum(abs(x.mean()) <= half_width(x, ones, torch.arange(n)) for x in series.T.unbind()) / times
    assert least <= held <= most


def test_one_value_tells_nothing():
    assert half_width(torch.ones(1), torch.ones(1)) == math.inf
    assert half_width(torch.ones(5), torch.ones(5), torch.zeros(5, dtype=torch.int64)) == math.inf


@pytest.mark.parametrize(
    ("value", "verdict"), [(1.5, "better"), (1.95, "open"), (2.0, "open"), (2.3, "worse"), (math.nan, "open")]
)
def test_a_verdict_needs_a_difference_beyond_the_interval(value, verdict):
    assert Comparison(value, 2.0, 0.1, 100).verdict == verdict
    assert Comparison(value, 2.0, math.inf, 2).verdict == "open"


@pytest.mark.parametrize("task", TASKS)
def test_the_scores_of_every_task_add_up_to_what_it_is_judged_by(task):
    run = Run(RunConfig(task=task, hidden_size=4, batch_size=4, steps=2))
    totals, counts = run.scores
    assert totals.shape == counts.shape == (run.held_out.size,)
    measured = run.history.held_out[run.task.judged_by][-1]
    assert float(totals.sum() / counts.sum()) == pytest.approx(measured, rel=1e-4, abs=1e-6)
    lines = [compare(run.view(), line) for line in run.task.reference_lines]
    assert any(found is not None and found.half_width > 0 for found in lines)


def test_pairing_takes_out_what_is_hard_for_both():
    """A network and a rival that err alike, the network always by 0.02 °C less."""
    run = Run(RunConfig(task="temperature", hidden_size=4, batch_size=4))
    alone = compare(
        run.view(), Baseline("other", "a number", None, float(run.history.held_out["metric"][-1]) + 0.02, "")
    )
    errors = torch.zeros(run.held_out.size, dtype=torch.float64)
    errors[run.held_out.place] = run.scores[0].double() + 0.02
    paired = compare(run.view(), Baseline("other", "a twin", None, float(errors.mean()), "", errors))
    assert alone.verdict == "open" and alone.half_width > 0.05
    assert paired.verdict == "better" and paired.half_width < 1e-5 and paired.gain == pytest.approx(0.02, rel=1e-3)


@pytest.mark.parametrize("task", TASKS)
def test_every_line_says_how_sure_it_is(task):
    """Measured on a run's own examples, one by one, or on so many others, or exact: nothing is taken to be sure."""
    run = Run(RunConfig(task=task, hidden_size=4, batch_size=4, steps=2))
    for line in run.task.reference_lines:
        assert line.errors is None or line.counted is None, line.name
        if line.errors is not None:
            judged = line.metric if run.task.judged_by == "metric" else line.loss
            assert float(line.errors.mean()) == pytest.approx(judged)
            assert sorted(run.held_out.number.tolist()) == list(range(len(line.errors))), "all of them, each once"
        elif line.counted is not None:
            assert line.counted >= 250, line.name
        elif re.search("measured|counted|fitted", line.reason.lower()):
            assert re.search(r"\ball\b|the held-out part", line.reason), f"{line.name}: {line.reason}"


def test_a_line_that_was_itself_measured_widens_the_interval():
    """Both means are of random draws with the same true mean: 128 of the network's and 500 of the line's."""
    drawn, n, m, times = torch.Generator().manual_seed(2), 128, 500, 2000
    network = torch.randn(times, n, generator=drawn, dtype=torch.float64).abs()
    lines = torch.randn(times, m, generator=drawn, dtype=torch.float64).abs().mean(dim=1)
    ones = torch.ones(n, dtype=torch.float64)
    apart = (network.mean(dim=1) - lines).abs().tolist()
    alone = [half_width(row, ones) for row in network.unbind()]
    held = sum(a <= w * math.sqrt(1 + n / m) for a, w in zip(apart, alone, strict=True)) / times
    as_exact = sum(a <= w for a, w in zip(apart, alone, strict=True)) / times
    assert 0.93 <= held <= 0.965 and as_exact < held - 0.01
    run = Run(RunConfig(task="captions", hidden_size=4, batch_size=4))
    line = run.task.reference_lines[0]
    assert line.counted == 500
    wider, exact = compare(run.view(), line), compare(run.view(), replace(line, counted=None))
    assert wider.half_width == pytest.approx(exact.half_width * math.sqrt(1 + run.held_out.size / 500))


@pytest.mark.parametrize("task", ["digits", "sounds"])
def test_pictures_and_voices_are_compared_one_by_one(task):
    run = Run(RunConfig(task=task, hidden_size=4, batch_size=4))
    line = next(line for line in run.task.reference_lines if line.kind == "memoryless")
    truth, number = run.held_out.targets, run.held_out.number
    twin = line.errors[number].float(), torch.ones(len(truth))
    run.scores = twin
    assert compare(run.view(), line).half_width == pytest.approx(0, abs=1e-6), "a network that errs like the line"
    assert compare(run.view(), replace(line, errors=None)).half_width > 0.01
