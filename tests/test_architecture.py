"""The rules of the house, read from the source: who may import whom, and what nobody may do."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter

import pytest

from scripts.rooms import FLOORS, rooms, stories
from tests.support.sources import ROOT, SOURCES, each, imported, packages, parse, used

SCREEN = {"streamlit", "plotly", "altair", "playground", "pages"}
COMMAND_LINE = ROOT / "rnncore" / "cli" / "app.py"
PRINTING = ROOT / "rnncore" / "cli" / "printing.py"


GLOBAL_RANDOMNESS = {
    "torch.manual_seed", "torch.seed", "torch.set_rng_state", "torch.random.manual_seed", "torch.random.seed",
    "numpy.random.seed", "numpy.random.set_state", "random.seed", "random.setstate",
}  # fmt: skip
UNSAFE = {"eval", "exec", "torch.load", "torch.save"}
PICKLES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve"}


# --- who may import whom ----------------------------------------------------------------------------------


@each("rnncore")
def test_the_engine_knows_no_screen(file):
    assert not packages(parse(file)) & SCREEN


def test_importing_the_engine_loads_no_screen_and_changes_no_global():
    """What the imports of imports do, which reading our own source cannot show."""
    modules = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in SOURCES["rnncore"]]
    names = [m.removesuffix(".__init__") for m in modules if not m.endswith("__main__")]
    script = f"""
import importlib, sys, torch
threads, state = torch.get_num_threads(), torch.get_rng_state()
for name in {names}:
    importlib.import_module(name)
assert not {SCREEN} & set(sys.modules), {SCREEN} & set(sys.modules)
assert torch.get_num_threads() == threads
assert torch.equal(torch.get_rng_state(), state)
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0 and not done.stdout, done.stdout + done.stderr


@each("playground")
def test_the_web_layer_knows_no_page(file):
    assert "pages" not in packages(parse(file))


@each("pages")
def test_a_page_knows_neither_torch_nor_another_page(file):
    pages = {page.stem for page in SOURCES["pages"]}
    assert not packages(parse(file)) & {"torch", "pages", "", *pages}


# --- rooms ------------------------------------------------------------------------------------------------

INTERNALS = "playground/streamlit_internals/"
PAGE_FOLDERS = {"train", "gradients", "shakespeare", "learning", "inside", "catalogue"}


@pytest.mark.parametrize("floor", FLOORS)
def test_the_rooms_of_a_floor_are_few_and_no_two_import_one_another_in_a_circle(floor):
    edges = rooms(floor)
    assert stories(edges)
    folders = [room for room in edges if (ROOT / floor / room).is_dir()]
    assert 8 <= len(folders) <= 13


def test_the_folder_of_a_page_is_imported_by_no_other():
    for room, uses in rooms("playground").items():
        assert room == "__main__" or not uses & PAGE_FOLDERS, room
    assert set(rooms("playground")) >= PAGE_FOLDERS


def test_a_circle_is_found():
    assert stories({"a": set(), "b": {"a"}, "c": {"a", "b"}}) == [["a"], ["b"], ["c"]]
    with pytest.raises(ValueError, match="b, c"):
        stories({"a": set(), "b": {"c"}, "c": {"b", "a"}})


def test_the_command_prints_every_room():
    done = subprocess.run([sys.executable, ROOT / "scripts" / "rooms.py"], capture_output=True, text=True, check=True)
    assert all(f" {room} " in done.stdout for room in (*PAGE_FOLDERS, "training", "tasks"))


# --- tests ------------------------------------------------------------------------------------------------

TESTS = [file for file in sorted((ROOT / "tests").rglob("*.py")) if file.parent != ROOT / "tests" / "benchmarks"]


@pytest.mark.parametrize("file", TESTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_tests_of_the_product_need_no_benchmark(file):
    """What both need lies in tests/support; benchmarks have tests of their own."""
    assert "benchmarks" not in packages(parse(file))


@pytest.mark.parametrize("floor", FLOORS)
def test_tests_lie_in_folders_as_what_they_test(floor):
    """A test that stands beside the folders has the name of a module that does so too."""
    for file in (ROOT / "tests" / floor).rglob("test_*.py"):
        tested, module = ROOT / file.parent.relative_to(ROOT / "tests"), file.stem.removeprefix("test_")
        if tested == ROOT / floor:
            assert (tested / f"{module}.py").exists() or (tested / f"__{module}__.py").exists(), file
        else:
            assert tested.is_dir(), file


# --- what nobody may do -----------------------------------------------------------------------------------


@each("rnncore", "playground", "pages")
def test_nobody_seeds_global_randomness(file):
    tree = parse(file)
    assert not (used(tree) | imported(tree)) & GLOBAL_RANDOMNESS


@each("rnncore", "playground", "pages")
def test_nobody_runs_or_unpickles_what_they_are_given(file):
    tree = parse(file)
    assert not (used(tree) | imported(tree)) & UNSAFE
    assert not packages(tree) & PICKLES


@each("rnncore", "playground", "pages")
def test_nobody_prints_but_the_command_line(file):
    if file not in (COMMAND_LINE, PRINTING):
        assert not used(parse(file)) & {"print", "sys.stdout.write", "sys.stderr.write"}


@each("rnncore")
def test_importing_sets_no_threads(file):
    """Only whoever owns the process may: a worker, the app, the command line; so never at module level."""
    tree = parse(file)
    inside = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    todo = list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, inside):
            continue
        assert not (isinstance(node, ast.Attribute) and node.attr.startswith("set_num_")), ast.unparse(node)
        todo += ast.iter_child_nodes(node)


@each("playground", "pages")
def test_nobody_outside_the_pool_reaches_into_what_is_trained(file):
    """Pages read views, plain data by name; what they want to know beyond that they have the pool compute."""
    tree = parse(file)
    taken = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not taken & {"trainee", "hold", "history"}


@each("playground", "pages")
def test_one_module_owns_the_session_and_one_the_url(file):
    text, name = file.read_text(encoding="utf-8"), str(file.relative_to(ROOT))
    assert "session_state" not in text or name == "playground/session/state.py" or name.startswith(INTERNALS)
    assert "query_params" not in text or name == "playground/session/address.py"


# --- HTML -------------------------------------------------------------------------------------------------

TAG = re.compile(r"</?[a-z][a-z0-9]*[\s>/]")
ESCAPING = {"html.escape", "markupsafe.escape"}
TEMPLATES = "playground/components/templates.py"
HEAT_MAP = "playground/components/heat_map.py"  # escapes for Plotly, which reads a few elements in its texts


def strings(tree):
    """Every string of a file but its docstrings; what is put into one stands in it as a letter."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, (ast.JoinedStr, ast.Expr))
              for part in ast.iter_child_nodes(node)}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value


def writes_html(tree):
    """Whether a file writes elements or escapes by itself."""
    return bool((imported(tree) | used(tree)) & ESCAPING) or any(map(TAG.search, strings(tree)))


def declares_html(tree):
    """Whether a file says of a string that does not stand in it that it is HTML already."""
    return any(
        isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "Markup" and node.args
        and not isinstance(node.args[0], ast.Constant)
        for node in ast.walk(tree)
    )  # fmt: skip


@each("playground", "pages")
def test_html_comes_from_templates(file):
    name, tree = file.relative_to(ROOT).as_posix(), parse(file)
    assert writes_html(tree) == (name == HEAT_MAP)
    assert not declares_html(tree) or name == TEMPLATES


def test_templates_escape_everything_but_rules_and_scripts():
    files = sorted((ROOT / "playground").rglob("*.html"))
    texts = {file.name: file.read_text(encoding="utf-8") for file in files}
    assert len(texts) == len(files) > 5
    assert [name for name, text in texts.items() if re.search(r"\|\s*safe\b|autoescape", text)] == ["style.html"]


@pytest.mark.parametrize(
    "text",
    ["x = '<b>'", "x = f'<{tag}>'", "x = f'{a}</p>'", "def f():\n    return '<img src=a>'",
     "import html\nhtml.escape('a')", "from html import escape as e", "from markupsafe import escape"],
)  # fmt: skip
def test_html_is_seen(text):
    assert writes_html(ast.parse(text))


@pytest.mark.parametrize("text", ["x = 'a < b'", "'<b>'", "def f():\n    'Say <b>.'", "x = 1 < b > 2", "x = '<-'"])
def test_what_is_no_html_is_not(text):
    assert not writes_html(ast.parse(text))


def test_a_string_that_is_called_html_is_seen():
    assert declares_html(ast.parse("Markup(a)")) and declares_html(ast.parse("m.Markup(f'{a}')"))
    assert not declares_html(ast.parse("Markup('')")) and not declares_html(ast.parse("isinstance(a, Markup)"))


# --- small rooms, with a sign at the door -----------------------------------------------------------------


@each("rnncore", "playground", "pages")
def test_files_are_small(file):
    limit = 40 if file in SOURCES["pages"] else 300  # a page is a table of contents
    lines = len(file.read_text(encoding="utf-8").splitlines())
    assert lines < limit


@each("rnncore", "playground", "pages")
def test_everything_public_has_a_docstring(file):
    tree = parse(file)
    missing = [] if ast.get_docstring(tree) else ["the module"]
    todo = list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.name[0] != "_":
            missing += [] if ast.get_docstring(node) else [node.name]
            todo += node.body if isinstance(node, ast.ClassDef) else []
    assert not missing


# --- the server -------------------------------------------------------------------------------------------


def test_no_garbage_collection_after_every_tick():
    """Streamlit's hidden option costs 50 to 140 ms a tick when left on, and is silently void when renamed."""
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["runner"]["postScriptGC"] is False
    streamlit_config = pytest.importorskip("streamlit.config")
    streamlit_config.get_option("runner.postScriptGC")  # raises if this version has no such option


# --- what it needs ----------------------------------------------------------------------------------------

INSTALLED_AS = {"PIL": "pillow", "annotated_types": "annotated-types"}


def requirements():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in map(str.strip, lines) if line and not line.startswith(("#", "-"))]


def test_everything_imported_is_pinned_by_name():
    ours = {"rnncore", "playground", "pages", ""}
    used_packages = set.union(*(packages(parse(file)) for files in SOURCES.values() for file in files))
    needed = {INSTALLED_AS.get(name, name) for name in used_packages - ours - sys.stdlib_module_names}
    pinned = {re.split("[=;]", line)[0] for line in requirements() if "==" in line}
    assert needed | {"altair", "plotly", "pandas"} <= pinned and len(pinned) == len(requirements())


def test_a_wheel_needs_what_requirements_names():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["dependencies"] == requirements()


# --- the readers above ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import torch\ntorch.manual_seed(1)", "torch.manual_seed"),
        ("import torch as t\nt.manual_seed(1)", "torch.manual_seed"),
        ("from torch import manual_seed as s\ns(1)", "torch.manual_seed"),
        ("import numpy as np\nnp.random.seed(1)", "numpy.random.seed"),
        ("def f():\n    return print", "print"),
        ("torch.load('x')", "torch.load"),
    ],
)
def test_a_forbidden_name_is_seen(text, name):
    assert name in used(ast.parse(text))


@pytest.mark.parametrize("text", ["model.eval()", "torch.Generator().manual_seed(1)", "'print'", "self.load(x)"])
def test_an_innocent_name_is_not(text):
    assert not used(ast.parse(text)) & (GLOBAL_RANDOMNESS | UNSAFE | {"print"})


@pytest.mark.parametrize(
    ("text", "package"),
    [
        ("import streamlit as st", "streamlit"),
        ("def f():\n    from playground.session.state import x", "playground"),
        ("import os, pages.train", "pages"),
        ("from . import train", ""),
    ],
)
def test_an_import_is_seen_wherever_it_stands(text, package):
    assert package in packages(ast.parse(text))


def test_the_rules_have_something_to_judge():
    assert SOURCES["rnncore"]


def test_no_two_test_files_share_a_name():
    names = Counter(file.name for file in (ROOT / "tests").rglob("test_*.py"))
    assert max(names.values()) == 1, names.most_common(2)


@pytest.mark.parametrize("file", sorted((ROOT / "tests/browser").glob("test_*.py")), ids=lambda file: file.name)
def test_what_needs_a_browser_is_marked_so(file):
    assert "pytest.mark.browser" in file.read_text(), "the browser tests come last, one after the other"
