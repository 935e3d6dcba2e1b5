"""A run's history: complete, cut where asked, and summarised truthfully in constant size."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st

from rnncore.training.history import HELD_OUT_COLUMNS, UPDATE_COLUMNS, Buckets, Columns, History

FLOATS = st.floats(-(2.0**99), 2.0**99, width=32)


def naive(values, width):
    """Minimum, maximum and last of stretches of `width`, written down the slow way."""
    pieces = [values[i : i + width] for i in range(0, len(values), width)]
    ends = np.cumsum([len(piece) for piece in pieces]) - 1 if pieces else []
    return list(ends), [min(p) for p in pieces], [max(p) for p in pieces], [p[-1] for p in pieces]


def check(buckets, values, points):
    """A view must tell the truth about stretches of one length, and never have too many of them."""
    index, low, high, last = (part.tolist() for part in buckets.view(points))
    assert len(index) <= points
    if not values:
        assert index == low == high == last == []
        return
    width = index[0] + 1 if len(index) > 1 else len(values)
    expected = naive(values, width)
    assert (index, low, high, last) == tuple([float(x) if part else int(x) for x in side]
                                              for part, side in enumerate(expected))  # fmt: skip
    assert len(index) == 1 or 2 * len(index) >= min(points, len(values) / buckets.width) - 1  # no coarser than need be


@given(st.lists(FLOATS, max_size=200), st.integers(1, 8), st.integers(1, 40))
@budget(max_examples=150, deadline=None)
def test_buckets_are_true_of_the_series(values, capacity, points):
    values = [float(np.float32(v)) for v in values]
    buckets = Buckets(capacity)
    for value in values:
        buckets.append(value)
    assert buckets.n == len(values)
    check(buckets, values, points)


@pytest.mark.parametrize("n", [0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 65, 1000])
@pytest.mark.parametrize("points", [1, 2, 3, 7, 8, 100])
def test_buckets_at_the_borders_between_widths(n, points):
    values = [float(np.float32(v)) for v in np.random.default_rng(n).normal(size=n)]
    buckets = Buckets(4)
    for i, value in enumerate(values):
        buckets.append(value)
        if i % 13 == 0:
            check(buckets, values[: i + 1], points)
    check(buckets, values, points)


def test_a_spike_is_never_lost():
    buckets = Buckets(8)
    for i in range(5000):
        buckets.append(100.0 if i == 1234 else -50.0 if i == 4321 else 1.0)
    _, low, high, _ = buckets.view(10)
    assert (high == 100).sum() == 1 and (low == -50).sum() == 1


@given(st.lists(st.tuples(FLOATS, FLOATS), max_size=300), st.integers(0, 320))
@budget(max_examples=50, deadline=None)
def test_columns_keep_every_row(rows, n):
    columns = Columns(("a", "b"))
    for row in rows:
        columns.append(*row)
    expected = np.array(rows, np.float32).reshape(-1, 2)
    assert len(columns) == len(rows) and (columns.rows() == expected).all()
    assert (columns["b"] == expected[:, 1]).all()
    columns.cut(n)
    columns.append(1, 2)
    assert (columns.rows() == np.vstack([expected[:n], [[1, 2]]])).all()


def test_columns_go_on_from_given_rows():
    for n in (0, 1, 64):
        given_rows = np.arange(2 * n, dtype=np.float32).reshape(n, 2)
        columns = Columns(("a", "b"), given_rows)
        for _ in range(70):
            columns.append(7, 8)
        assert len(columns) == n + 70 and (columns.rows()[:n] == given_rows).all()
        assert (columns.rows()[n:] == [7, 8]).all()


def a_history(updates, every=5, seed=0) -> History:
    """A history of noise, with a held-out measurement before the first update and every few after."""
    history, rng = History(), np.random.default_rng(seed)
    for step in range(updates + 1):
        if step:
            loss, metric, norm = rng.normal(size=3)
            history.append(loss=loss, metric=metric, grad_norm=norm, lr=0.1, clip_norm=1, seconds=step / 100)
        if step % every == 0:
            loss, metric = rng.normal(size=2)
            history.append_held_out(step=step, loss=loss, metric=metric, update_ratio=0.01, saturated=0.5)
    return history


def plain(curve):
    return {name: np.asarray(part).tolist() for name, part in vars(curve).items()}


def test_rows_are_filed_under_their_names():
    history = History()
    history.append(loss=1, metric=2, grad_norm=3, lr=4, clip_norm=5, seconds=6)
    history.append_held_out(step=1, loss=2, metric=3, update_ratio=4, saturated=5)
    assert [history.updates[name].tolist() for name in UPDATE_COLUMNS] == [[1], [2], [3], [4], [5], [6]]
    assert [history.held_out[name].tolist() for name in HELD_OUT_COLUMNS] == [[1], [2], [3], [4], [5]]
    assert len(history) == 1


@pytest.mark.parametrize("points", [1, 10, 150])
def test_the_parts_of_a_view_fit_together(points):
    history = a_history(700)
    curve = history.view(points)
    assert len({len(part) for part in (curve.step, curve.seconds, curve.low, curve.high, curve.loss)}) == 1
    assert len({len(part) for part in (curve.held_step, curve.held_seconds, curve.held_loss, curve.held_metric)}) == 1
    assert len(curve.step) <= points and len(curve.held_step) <= points
    assert curve.step[-1] == 700 and curve.held_step[-1] == 700
    assert (curve.low <= curve.loss).all() and (curve.loss <= curve.high).all()
    assert (curve.loss == history.updates["loss"][curve.step - 1]).all()
    np.testing.assert_allclose(curve.seconds, curve.step / 100, rtol=1e-6)
    np.testing.assert_allclose(curve.held_seconds, curve.held_step / 100, rtol=1e-6)
    rows = {int(row[0]): row for row in history.held_out.rows()}
    assert [rows[int(step)][1] for step in curve.held_step] == curve.held_loss.tolist()
    assert [rows[int(step)][2] for step in curve.held_step] == curve.held_metric.tolist()


def test_the_view_of_nothing_and_of_a_start():
    assert all(len(part) == 0 for part in vars(History().view(10)).values())
    curve = a_history(0).view(10)
    assert (curve.held_step.tolist(), curve.held_seconds.tolist(), len(curve.step)) == ([0], [0.0], 0)


@pytest.mark.parametrize("step", [0, 1, 4, 5, 299, 300, 699, 700, 900])
def test_cutting_is_as_if_it_had_never_happened(step):
    history, shorter = a_history(700), a_history(min(step, 700))
    history.cut(step)
    assert (history.updates.rows() == shorter.updates.rows()).all() and len(history) == len(shorter)
    assert (history.held_out.rows() == shorter.held_out.rows()).all()
    for points in (1, 50, 1000):
        assert plain(history.view(points)) == plain(shorter.view(points))
    for each in (history, shorter):
        each.append(loss=9, metric=9, grad_norm=9, lr=9, clip_norm=9, seconds=99)
    assert plain(history.view(50)) == plain(shorter.view(50))


def test_a_history_from_rows_is_the_history_it_was():
    history = a_history(700)
    again = History(history.updates.rows().copy(), history.held_out.rows().copy())
    assert plain(again.view(100)) == plain(history.view(100))
    for each in (history, again):
        each.append(loss=9, metric=9, grad_norm=9, lr=9, clip_norm=9, seconds=99)
    assert plain(again.view(100)) == plain(history.view(100))


def test_the_size_of_a_view_does_not_grow():
    history = History()
    sizes, summaries = set(), set()
    for step in range(1, 100_001):
        history.append(loss=step, metric=0, grad_norm=0, lr=0, clip_norm=0, seconds=step)
        if step in (1000, 10_000, 50_000, 100_000):
            curve = history.view(150)
            sizes.add(sum(part.nbytes for part in vars(curve).values()) // (150 * 100))
            summaries.add(history._losses.low.nbytes)
            assert 75 <= len(curve.step) <= 150 and curve.step[-1] == step
    assert sizes == {0} and len(summaries) == 1  # fewer than 100 bytes a point


def test_a_view_during_training_is_never_torn():
    """A reader beside the worker: every view fits together, whatever moment it catches."""
    history, stop, problems = a_history(10), threading.Event(), []

    def read():
        while not stop.is_set():
            curve = history.view(20)
            if not (curve.low <= curve.loss).all() or len(curve.held_step) != len(curve.held_metric):
                problems.append(curve)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    for i in range(3000):
        history.append(loss=i, metric=0, grad_norm=0, lr=0, clip_norm=0, seconds=i)
        history.append_held_out(step=len(history), loss=1, metric=1, update_ratio=0, saturated=0)
        if i % 500 == 499:
            history.cut(len(history) - 300)
    stop.set()
    reader.join()
    assert problems == []
