"""Registries: what a dropped file gets, and what a misspelt name answers."""

import importlib
import sys

import pytest

from rnncore.cells import CELLS
from rnncore.errors import ConfigError
from rnncore.registry import Registry
from rnncore.tasks import TASKS


@pytest.fixture
def package(tmp_path, monkeypatch):
    """An importable package `drawer` with a registry, into which a test drops files."""
    drawer = tmp_path / "drawer"
    drawer.mkdir()
    (drawer / "__init__.py").write_text("from rnncore.registry import Registry\nTHINGS = Registry('thing')\n")
    monkeypatch.syspath_prepend(tmp_path)

    def load(**files):
        for name, text in files.items():
            (drawer / f"{name}.py").write_text("from drawer import THINGS\n" + text)
        importlib.invalidate_caches()
        module = importlib.import_module("drawer")
        module.THINGS.discover(module)
        return module.THINGS

    yield load
    for name in [name for name in sys.modules if name.split(".")[0] == "drawer"]:
        del sys.modules[name]


def test_a_dropped_file_is_found(package):
    things = package(
        late="@THINGS.register('z')\nclass Z:\n    order = 1\n",
        early="@THINGS.register('a')\nclass A: ...\n\n@THINGS.register('b')\nclass B:\n    order = 100\n",
    )
    assert list(things) == ["z", "a", "b"]  # by order, then by name; no order counts as 100
    assert things["z"].__name__ == "Z" and things["z"].name == "z"
    assert len(things) == 3 and "a" in things and "q" not in things


def test_a_file_in_a_folder_of_the_folder_is_found_too_and_a_broken_folder_is_not_swallowed(package, tmp_path):
    inner = tmp_path / "drawer" / "inner"
    inner.mkdir(parents=True)
    (inner / "__init__.py").write_text("")
    (inner / "deep.py").write_text("from drawer import THINGS\n@THINGS.register('deep')\nclass Deep: ...\n")
    assert list(package()) == ["deep"]
    del sys.modules["drawer"], sys.modules["drawer.inner"]
    (inner / "__init__.py").write_text("import no_such_module_anywhere")
    with pytest.raises(ImportError, match="no_such_module_anywhere"):
        package()


def test_a_broken_file_is_not_swallowed(package):
    with pytest.raises(ZeroDivisionError):
        package(broken="1 / 0\n")


def test_a_name_is_given_once():
    things = Registry("thing")
    things.register("a")(type("A", (), {}))
    with pytest.raises(ValueError, match="two things are called 'a'"):
        things.register("a")(type("B", (), {}))


@pytest.mark.parametrize("registry", [CELLS, TASKS], ids=["cells", "tasks"])
def test_orders_are_kept(registry):
    assert [kind.order for kind in registry.values()] == sorted(kind.order for kind in registry.values())


@pytest.mark.parametrize("registry", [CELLS, TASKS], ids=["cells", "tasks"])
@pytest.mark.parametrize("name", ["lstn", "", "LSTM", "a\nb", "\udcff", "<script>" * 1000])
def test_an_unknown_name_answers_in_one_short_line(registry, name):
    with pytest.raises(ConfigError) as error:
        registry[name]
    message = str(error.value)
    assert message.startswith(f"There is no {registry.what} called {name[:40]!r}: ")
    assert message.isprintable() and len(message) < 300


def test_few_names_are_all_told():
    with pytest.raises(ConfigError, match="choose one of ") as error:
        CELLS["lstn"]
    assert all(known in str(error.value) for known in CELLS)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("addin", "did you mean adding or addition?"),
        ("Sentimant", "did you mean sentiment?"),
        ("anbnc", "did you mean anbncn or anbn?"),
        ("xyz", f"`python -m rnncore tasks` lists all {len(TASKS)}."),
    ],
)
def test_of_many_names_those_that_look_alike_are_told(name, advice):
    with pytest.raises(ConfigError) as error:
        TASKS[name]
    assert str(error.value) == f"There is no task called {name!r}: {advice}"


def test_the_names_of_the_design_are_registered():
    assert set(CELLS) >= {
        "rnn", "rnn_relu", "rnn_sigmoid", "lstm", "lstm_peephole", "lstm_peephole_full", "gru", "gru_cho",
        "feedforward",
    }  # fmt: skip
