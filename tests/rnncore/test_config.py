"""RunConfig: every setting of every task, good values and bad ones."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st
from pydantic import ValidationError

from rnncore.cells import CELLS
from rnncore.config import RunConfig, all_settings, expected
from rnncore.errors import ConfigError
from rnncore.tasks import TASKS

EVERY = [(task, name) for task in TASKS for name in all_settings(task)]
NUMBERS = [(task, name) for task, name in EVERY if all_settings(task)[name].kind in ("int", "float")]

every_task = pytest.mark.parametrize("task", TASKS)
every_setting = pytest.mark.parametrize(("task", "name"), EVERY)
every_number = pytest.mark.parametrize(("task", "name"), NUMBERS)


def complaint(values) -> str:
    with pytest.raises(ConfigError) as error:
        RunConfig.from_flat(values)
    message = str(error.value)
    assert message.isprintable() and message.endswith(".")  # one line, ready to be shown
    assert "http" not in message and "pydantic" not in message and len(message) < 500
    return message


def refused(task, name, value):
    """The message about one bad value, checked for the name, what was expected, and what was found."""
    message = complaint({"task": task, name: value})
    assert f"'{name}'" in message
    assert expected(all_settings(task)[name]) in message
    assert repr(str(value)[:40]) in message


# --- bad values -------------------------------------------------------------------------------------------


@every_number
def test_out_of_range(task, name):
    s = all_settings(task)[name]
    step = 1 if s.kind == "int" else 1e-7
    near = () if name == "seq_len" else (s.low - step, s.high + step)  # a length has a message of its own: see below
    for value in (*near, s.low - 10**9, s.high + 10**9):
        refused(task, name, value)
        refused(task, name, str(value))


@every_number
def test_not_a_finite_number(task, name):
    for value in (math.nan, math.inf, -math.inf, "nan", "inf", "-Infinity", "1e999", "9" * 5000):
        refused(task, name, value)


@every_setting
def test_wrong_type(task, name):
    s = all_settings(task)[name]
    wrong = [["adam"], {"a": 1}, (), object, b"\xff"]
    if s.kind != "text":  # any text is text
        wrong += ["many", "1,5", "0x10", "1 2", "--1", "\udcff", "\n"]
    if s.kind != "float":
        wrong += [2.5]
    if s.kind == "int":
        wrong += ["2.5", "2e0.5"]
    if not s.optional:
        wrong += [None] if s.kind == "text" else [None, ""]
    for value in wrong:
        if name == "task":  # looked up first of all: it decides which settings there are
            assert "no task called" in complaint({"task": value})
        else:
            refused(task, name, value)


@pytest.mark.parametrize(("name", "known"), [("task", "rnncore tasks"), ("cell", ", ".join(CELLS))])
@pytest.mark.parametrize("value", ["lstn", "", "a\nb", "<b>lstm</b>" * 100, "\udcff"])
def test_unknown_cell_or_task(name, known, value):
    message = complaint({name: value})
    assert f"no {name} called {value[:40]!r}" in message and known in message


@pytest.mark.parametrize(
    "name", ["hiden_size", "", "options", "name", "a\nb", "\udcff", "<script>" * 1000, "model_config"]
)
def test_unknown_setting(name):
    message = complaint({name: "1"})
    assert f"no setting called {name[:40]!r}" in message and "hidden_size" in message


def test_a_setting_of_another_task_is_unknown():
    for task in TASKS:
        for other in TASKS:
            for name in all_settings(other).keys() - all_settings(task).keys():
                assert f"no setting called '{name}'" in complaint({"task": task, name: 3})


def test_a_huge_whole_number_is_a_config_error_too():
    refused_name = "'hidden_size' must be a whole number from 1 to 1,024"
    assert refused_name in complaint({"hidden_size": 10**5000})  # more digits than Python agrees to print


def test_long_values_are_shortened():
    message = complaint({"lr": "<img src=x onerror=alert(1)>" * 10_000})
    assert len(message) < 120 and message.count("<img") == 2


@pytest.mark.parametrize(("task", "name"), [e for e in EVERY if all_settings(e[0])[e[1]].max_length])
def test_text_that_is_too_long(task, name):
    refused(task, name, "<b>x</b> " * all_settings(task)[name].max_length)


@every_task
def test_the_length_fits_the_task(task):
    low, high = TASKS[task].seq_len_range
    assert expected(all_settings(task)["seq_len"]) == f"a whole number from {low:,} to {high:,}"
    assert RunConfig(task=task, seq_len=low).seq_len == low and RunConfig(task=task, seq_len=high).seq_len == high
    for value in (low - 1, high + 1):
        message = complaint({"task": task, "seq_len": value}).replace(",", "")
        assert all(word in message for word in ("'seq_len'", f"{low} to {high}", str(value)))


# --- good values ------------------------------------------------------------------------------------------


@every_number
def test_both_ends_of_the_range_are_allowed(task, name):
    s = all_settings(task)[name]
    low, high = TASKS[task].seq_len_range if name == "seq_len" else (s.low, s.high)
    for value in (low, high):
        assert RunConfig.from_flat({"task": task, name: value}).flat()[name] == value


@every_task
def test_recommended_values_fill_what_is_left_out(task):
    recommended = TASKS[task].recommended
    config = RunConfig.from_flat({"task": task})
    assert config == RunConfig(task=task)
    defaults = {name: s.default for name, s in all_settings(task).items()}
    assert config.flat() == {**defaults, "task": task, **recommended}
    for name in recommended:
        chosen = TASKS[task].seq_len_range[0] if name == "seq_len" else all_settings(task)[name].low
        chosen = all_settings(task)[name].default if chosen is None else chosen
        assert config.with_(**{name: chosen}).flat()[name] == chosen
        assert RunConfig.from_flat({"task": task, name: str(chosen)}).flat()[name] == chosen


@every_task
def test_flat_has_exactly_the_known_settings(task):
    assert list(RunConfig(task=task).flat()) == list(all_settings(task))


@every_task
def test_a_config_builds_its_task(task):
    config = RunConfig(task=task)
    built = config.build_task()
    assert isinstance(built, TASKS[task]) and built.seq_len == config.seq_len
    assert built.options.model_dump() == config.options


@pytest.mark.parametrize("name", RunConfig.model_fields)
def test_frozen(name):
    config = RunConfig()
    with pytest.raises(ValidationError):
        setattr(config, name, getattr(config, name))


def test_with_checks_again():
    config = RunConfig(cell="gru")
    assert config.with_(lr=0.5).lr == 0.5 and config.lr == 0.01 and config.with_(lr=0.5).cell == "gru"
    with pytest.raises(ConfigError, match="'lr' must be"):
        config.with_(lr=-1)
    with pytest.raises(ConfigError, match="no setting called"):
        config.with_(learning_rate=1)


def in_range(s):
    """Good values of one setting."""
    if s.kind == "int":
        values = st.integers(s.low, s.high)
    elif s.kind == "float":
        values = st.floats(s.low, s.high)
    elif s.kind == "bool":
        values = st.booleans()
    elif s.kind == "choice":
        values = st.sampled_from(s.choices)
    else:
        values = st.just(s.default)
    return st.none() | values if s.optional else values


def good(task):
    fields = {name: in_range(s) for name, s in all_settings(task).items()}
    fields |= {"task": st.just(task), "cell": st.sampled_from(list(CELLS))}
    fields |= {"seq_len": st.integers(*TASKS[task].seq_len_range)}
    for name, s in all_settings(task).items():
        if s.group == "table":  # which of these fit depends on the table
            del fields[name]
    return st.fixed_dictionaries({"task": fields.pop("task")}, optional=fields)


@given(st.sampled_from(list(TASKS)).flatmap(good))
@budget(max_examples=150, deadline=None)
def test_round_trips(values):
    config = RunConfig.from_flat(values)
    assert values.items() <= config.flat().items()
    assert RunConfig.from_flat(json.loads(json.dumps(config.flat()))) == config
    as_text = {name: "" if value is None else str(value) for name, value in config.flat().items()}
    assert RunConfig.from_flat(as_text) == config


SOME_TEXT = st.one_of(
    st.text(max_size=30),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(["true", "1e-3", *CELLS, *TASKS]),
)


@given(
    st.dictionaries(st.sampled_from([*all_settings(next(iter(TASKS))), *(n for _, n in EVERY)]), SOME_TEXT, max_size=6)
)
@budget(max_examples=200, deadline=None)
def test_any_text_gives_a_config_or_a_config_error(values):
    try:
        config = RunConfig.from_flat(values)
    except ConfigError as error:
        assert str(error).isprintable() and len(str(error)) < 500
    else:
        assert values.keys() <= config.flat().keys()
