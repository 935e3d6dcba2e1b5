"""Every setting's control is derived from the setting: its steps hold every value, its hover says what it does."""

import pytest

from playground.components.controls import WAITS, hover, ladder, short
from playground.components.numbers import exact
from playground.race.setup import setup_settings
from rnncore.tasks import TASKS

ALL = [(task, s) for task in TASKS for s in setup_settings(task).values()]
each = pytest.mark.parametrize(("task", "s"), ALL, ids=[f"{task}-{s.name}" for task, s in ALL])
each_number = pytest.mark.parametrize(
    ("task", "s"), [(task, s) for task, s in ALL if s.kind in ("int", "float") and not s.optional],
    ids=[f"{task}-{s.name}" for task, s in ALL if s.kind in ("int", "float") and not s.optional],
)  # fmt: skip


@each_number
def test_a_ladder_holds_the_value_the_default_and_the_bounds(task, s):
    middle = (s.low + s.high) / 2
    value = int(middle) + 1 if s.kind == "int" else middle * 1.0001
    for now in (value, s.low, s.high, s.default):
        steps = ladder(s, now)
        assert {now, s.default, s.low, s.high} <= set(steps)
        assert steps == sorted(set(steps)) and all(s.low <= step <= s.high for step in steps)
        assert all(type(step) is (int if s.kind == "int" else float) for step in steps)
        assert len({short(step) for step in steps}) == len(steps) < 80


@each
def test_the_hover_says_meaning_range_default_and_when_it_acts(task, s):
    said = hover(s)
    assert s.help in said and "default " in said and "A change acts" in said
    assert ("A change acts at once" in said) == s.live
    if s.kind in ("int", "float"):
        assert exact(s.low, grouped=True) in said and exact(s.high, grouped=True) in said
        assert ("empty" if s.default is None else short(s.default)) in said
    assert len(said) < 600


@pytest.mark.parametrize(("value", "said"), [(100_000, "100,000"), (0.001, "0.001"), (1e-6, "0.000001"), (1.0, "1")])
def test_numbers_are_short(value, said):
    assert short(value) == said


def test_what_waits_for_a_reset_says_so_and_what_acts_at_once_does_not(open_page):
    app = open_page()
    known = setup_settings("adding")
    seen = {
        widget.key.removeprefix("train."): widget.label
        for kind in (app.slider, app.select_slider, app.toggle, app.selectbox, app.number_input)
        for widget in kind
        if widget.key and widget.key.removeprefix("train.") in known
    }
    assert {"lr", "hidden_size"} <= set(seen)
    assert {name for name, label in seen.items() if label.endswith(WAITS)} >= {"hidden_size", "seq_len"}
    assert not any(WAITS in label for name, label in seen.items() if known[name].live)


def test_every_box_for_a_number_has_its_value_as_its_default_too(open_page):
    """A browser may mount a box with its default and send that before it takes the value that it is given."""
    pages = {"train": {"seed": "11", "task": "parity"}, "gradients": {"seed": "12"}, "shakespeare": {"seed": "13"},
             "learning": {"seed": "14"}}  # fmt: skip
    for page, query in pages.items():
        app = open_page(f"pages/{page}.py", **query)
        boxes = {box.key: box for box in app.number_input}
        assert boxes[f"{page}.seed"].value == int(query["seed"])
        for box in boxes.values():
            default = box.proto.default if box.proto.HasField("default") else None
            assert default == box.value, box.key
        assert not app.warning and not app.exception
