"""Reading a set-up from anything at all: it never raises, stays within bounds, and repeats nothing foreign."""

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.live.process import LIMITS
from playground.race.setup import DEFAULT_CELLS, read_setup, setup_settings
from playground.session.address import as_text
from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.networks.sizing import parameters
from rnncore.tasks import TASKS
from rnncore.training.limits import check
from rnncore.training.race import MAX_CELLS

NONSENSE = [
    "banana",
    "",
    "nan",
    "inf",
    "-inf",
    "1e999",
    "0x10",
    "--1",
    "\x00",
    "🦕",
    "<script>",
    "None",
    "[]",
    "9" * 5000,
]
FIELDS = [(task, name) for task in TASKS for name in setup_settings(task) if name not in ("task", "cell")]
NUMBERS = [(task, name) for task, name in FIELDS if setup_settings(task)[name].kind in ("int", "float")]


def values_of(setup):
    return {name: value for name, value in setup.flat().items() if name not in ("task", "cell")}


def assert_in_range(setup):
    known = setup_settings(setup.config.task)
    assert 1 <= len(setup.cells) <= MAX_CELLS and all(cell in CELLS for cell in setup.cells)
    assert len(set(setup.cells)) == len(setup.cells) and setup.config.cell == setup.cells[0]
    for name, value in values_of(setup).items():
        s = known[name]
        if value is None:
            assert s.optional
        elif s.kind in ("int", "float"):
            assert math.isfinite(value) and s.low <= value <= s.high, (name, value)
            assert isinstance(value, int if s.kind == "int" else (int, float)) and not isinstance(value, bool)
        elif s.kind == "bool":
            assert isinstance(value, bool)
        elif s.kind == "choice":
            assert value in s.choices
        else:
            assert isinstance(value, str) and (s.max_length is None or len(value) <= s.max_length)


def test_nothing_asked_gives_the_recommended_settings_and_nothing_to_say():
    for task in TASKS:
        setup, notices = read_setup({"task": task}, LIMITS)
        assert notices == [] and setup.cells == DEFAULT_CELLS
        known = setup_settings(task)
        assert values_of(setup) == {name: known[name].default for name in values_of(setup)}


@pytest.mark.parametrize(("task", "name"), NUMBERS)
def test_a_number_out_of_range_is_moved_to_the_bound_and_said(task, name):
    s = setup_settings(task)[name]
    for asked, given_instead in ((s.low - 1, s.low), (s.high + 1, s.high), (-1e30, s.low), ("1e30", s.high)):
        setup, notices = read_setup({"task": task, name: asked})
        assert_in_range(setup)
        if any("recommended ones" in said for said in notices):
            continue  # the bound does not fit the rest of the set-up, which is said: a text shorter than its window
        assert values_of(setup)[name] == given_instead
        assert len(notices) == 1 and notices[0].startswith(s.label) and notices[0].endswith(".")


@pytest.mark.parametrize(("task", "name"), FIELDS)
def test_nonsense_takes_the_default_and_says_so(task, name):
    s = setup_settings(task)[name]
    for raw in NONSENSE:
        setup, notices = read_setup({"task": task, name: raw}, LIMITS)
        assert_in_range(setup)
        if s.kind == "text":
            continue
        if s.optional and raw in ("", "None"):
            assert values_of(setup)[name] is None and not notices
        elif s.kind in ("bool", "choice") or raw != "9" * 5000:
            assert values_of(setup)[name] == s.default
            assert len(notices) == 1 and s.label in notices[0]


ANY = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**60), 10**60), st.floats(), st.text(max_size=40), st.binary(max_size=8),
    st.lists(st.text(max_size=3), max_size=3), st.sampled_from(NONSENSE), st.sampled_from(list(CELLS)),
    st.integers(0, 2000).map(str), st.lists(st.sampled_from([*CELLS, "x"]), max_size=7).map(",".join),
)  # fmt: skip
NAMES = sorted({name for task in TASKS for name in setup_settings(task)})
RAW = st.fixed_dictionaries(
    {},
    optional={"task": st.one_of(st.sampled_from(list(TASKS)), ANY), **{name: ANY for name in NAMES if name != "task"}},
)
STRAY = st.dictionaries(st.text(max_size=30), ANY, max_size=3)


@given(raw=RAW, stray=STRAY)
@settings(max_examples=300, deadline=None)
def test_anything_at_all_gives_a_set_up_that_this_server_can_run(raw, stray):
    setup, notices = read_setup({**stray, **raw}, LIMITS)
    assert_in_range(setup)
    for config in setup.configs:
        check(config, LIMITS)
    assert all(isinstance(said, str) and len(said) < 400 and "\n" not in said for said in notices)
    again, nothing = read_setup(as_text(setup.flat()), LIMITS)
    assert again == setup and nothing == []


MARK = "Qx7<b>"


@pytest.mark.parametrize("task", TASKS)
def test_notices_repeat_no_foreign_text(task):
    raw = dict.fromkeys(setup_settings(task), MARK * 3) | {"task": task, MARK: "1", "x" * 25: "1", "Éa": "1"}
    _, notices = read_setup(raw, LIMITS)
    assert notices and not any(MARK in said or "x" * 25 in said or "É" in said for said in notices)
    _, notices = read_setup({"task": MARK, "cell": f"lstm,{MARK}"}, LIMITS)
    assert len(notices) == 2 and not any("Qx7" in said for said in notices)


def test_unknown_names_are_repeated_only_if_they_look_like_names():
    _, notices = read_setup({"hiden_size": "3", "A B": "1", "<i>": "1"})
    (said,) = notices
    assert "hiden_size" in said and re.fullmatch(r"[A-Za-z_:,. ]+", said)


def test_cells_are_read_in_order_without_doubles_and_at_most_four():
    setup, notices = read_setup({"cell": "gru, lstm,gru,rnn"})
    assert setup.cells == ("gru", "lstm", "rnn") and not notices
    setup, notices = read_setup({"cell": ",".join(CELLS)})
    assert setup.cells == tuple(CELLS)[:MAX_CELLS] and len(notices) == 1
    setup, notices = read_setup({"cell": "lstm,warp"})
    assert setup.cells == ("lstm",) and len(notices) == 1
    setup, notices = read_setup({"cell": ",,"})
    assert setup.cells == DEFAULT_CELLS and len(notices) == 1


@pytest.mark.parametrize("task", TASKS)
def test_a_set_up_comes_back_from_its_link(task):
    asked = {
        "task": task,
        "cell": "gru_cho,rnn",
        "lr": 0.00123,
        "seed": 2**31 - 1,
        "bidirectional": True,
        "target": 0.5,
    }
    setup, notices = read_setup(asked, LIMITS)
    assert not notices and values_of(setup)["lr"] == 0.00123 and setup.config.target == 0.5
    assert read_setup(as_text(setup.flat()), LIMITS) == (setup, [])
    assert read_setup(setup.flat(), LIMITS) == (setup, [])


@pytest.mark.parametrize("task", TASKS)
def test_the_hungriest_set_up_is_made_smaller_and_said(task):
    most = {name: s.high for name, s in setup_settings(task).items() if s.kind == "int" and name != "seed"}
    setup, notices = read_setup({**most, "task": task, "cell": ",".join(list(CELLS)[-4:]), "equal": True}, LIMITS)
    for config in setup.configs:
        check(config, LIMITS)
    assert notices and read_setup(as_text(setup.flat()), LIMITS) == (setup, [])


def test_equal_parameters_gives_networks_of_about_the_same_weight():
    unequal, _ = read_setup({"cell": "rnn,lstm,gru"})
    equal, _ = read_setup({"cell": "rnn,lstm,gru", "equal": "true"})
    before, after = ([parameters(c) for c in s.configs] for s in (unequal, equal))
    assert max(before) / min(before) > 3 and max(after) / min(after) < 1.06
    widths = [c.hidden_size for c in equal.configs]
    assert widths[1] == 32 and widths[0] > widths[2] > 32
    assert equal.config.hidden_size == 32, "the set-up keeps the width that was asked for"


@pytest.mark.parametrize("task", list(TASKS))
def test_a_set_up_is_read_with_its_task_built_once_however_often_it_is_reckoned_with(monkeypatch, task):
    built, build = [], RunConfig.build_task
    monkeypatch.setattr(RunConfig, "build_task", lambda self: built.append(self) or build(self))
    cells = ",".join(list(CELLS)[:4])
    read_setup({"task": task, "cell": cells}, LIMITS)  # what is reckoned for all such networks is kept
    built.clear()
    setup, _ = read_setup({"task": task, "cell": cells, "lr": "0.002"}, LIMITS)
    assert len(built) == 1
    assert setup.config.built_task is setup.config.with_(hidden_size=5).built_task, "another width, the same task"
    low = TASKS[task].seq_len_range[0]
    length = low if setup.config.seq_len > low else low + 1
    other = setup.config.with_(seq_len=length).built_task
    assert other is not setup.config.built_task and other.seq_len == length
    assert setup.config.model_dump() == RunConfig.from_flat(setup.config.flat()).model_dump()
    assert setup.config == RunConfig.from_flat(setup.config.flat()), "what is kept beside it makes no difference"
