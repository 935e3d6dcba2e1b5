"""What a settings field tells the outside world about itself."""

from typing import Literal, get_args

import pytest
from pydantic import BaseModel

from rnncore.config import RunConfig, all_settings, expected
from rnncore.settings import Group, Setting, setting, settings
from rnncore.tasks import TASKS


class Example(BaseModel):
    """One field of every kind."""

    width: int = setting(3, ge=1, le=4_000, label="Width", help="How wide.", unit="mm", group="network")
    rate: float = setting(0.5, ge=1e-6, le=10, label="Rate", help="How fast.", live=True, log=True)
    goal: float | None = setting(None, ge=-1, le=1, label="Goal", help="How far.")
    on: bool = setting(True, label="On", help="Whether.")
    kind: Literal["a", "b"] = setting("b", label="Kind", help="Which.")
    title: str = setting("x", max_length=2_000, label="Title", help="Its name.")
    note: str = setting("", label="Note", help="Anything.")
    private: int = 3


def test_only_declared_settings_are_described():
    assert list(settings(Example)) == ["width", "rate", "goal", "on", "kind", "title", "note"]


def test_a_field_is_described_in_full():
    assert settings(Example)["width"] == Setting(
        name="width", kind="int", default=3, label="Width", help="How wide.", group="network", unit="mm",
        live=False, log=False, optional=False, low=1, high=4_000, choices=(), max_length=None,
    )  # fmt: skip
    rate = settings(Example)["rate"]
    assert (rate.live, rate.log, rate.low, rate.high, rate.group) == (True, True, 1e-6, 10, "data")


@pytest.mark.parametrize(
    ("name", "kind", "optional", "words"),
    [
        ("width", "int", False, "a whole number from 1 to 4,000"),
        ("rate", "float", False, "a number from 0.000001 to 10"),
        ("goal", "float", True, "a number from -1 to 1 or empty"),
        ("on", "bool", False, "true or false"),
        ("kind", "choice", False, "one of a, b"),
        ("title", "text", False, "text of at most 2,000 characters"),
        ("note", "text", False, "text"),
    ],
)
def test_kinds_and_their_words(name, kind, optional, words):
    described = settings(Example)[name]
    assert (described.kind, described.optional, expected(described)) == (kind, optional, words)


@pytest.mark.parametrize("task", TASKS)
def test_every_real_setting_can_be_shown(task):
    for name, s in all_settings(task).items():
        assert s.name == name and s.label and s.help.endswith("."), name
        assert s.group in get_args(Group), name
        if s.kind in ("int", "float"):
            assert s.low is not None and s.high is not None and s.low < s.high, name
            assert (s.default is None and s.optional) or s.low <= s.default <= s.high, name
        if s.kind == "choice":
            assert s.default in s.choices, name
        if s.log and s.low is not None:
            assert s.low >= 0, name


@pytest.mark.parametrize("task", TASKS)
def test_a_tasks_own_settings_do_not_hide_the_common_ones(task):
    assert not settings(TASKS[task].Options).keys() & RunConfig.model_fields.keys()


def test_only_what_shapes_neither_network_nor_data_changes_without_a_reset():
    live = {name: s.group for name, s in settings(RunConfig).items() if s.live}
    assert {"lr", "clip_norm"} <= live.keys()
    assert set(live.values()) <= {"training", "run"}
    assert not {"optimizer", "truncate"} & live.keys()
