"""Nothing that comes from outside is ever run: the calls that could do so are used nowhere."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(path for folder in ("rnncore", "playground", "pages") for path in (ROOT / folder).rglob("*.py"))
MODULES = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "yaml"}
BUILT_IN = {"eval", "exec", "compile", "__import__"}
METHODS = {"read_pickle", "to_pickle", "unsafe_load"}
CALLED = {"eval", "query"}  # of a data frame: text that is run; networks and addresses have such names, too
DOTTED = {"torch.load", "torch.jit.load", "torch.hub.load", "pd.eval", "pandas.eval", "builtins.eval", "builtins.exec"}


def forbidden(tree):
    """Yield the line and the name of every call or import that could run what it is given."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, a.name) for a in node.names if a.name.split(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom):
            module = (node.module or "").split(".")
            if module[0] in MODULES:
                yield node.lineno, node.module
            yield from ((node.lineno, a.name) for a in node.names if f"{node.module}.{a.name}" in DOTTED)
        elif isinstance(node, ast.Name) and node.id in BUILT_IN:
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value)
            if f"{owner}.{node.attr}" in DOTTED or node.attr in METHODS:
                yield node.lineno, f"{owner}.{node.attr}"
        elif isinstance(node, ast.keyword) and node.arg == "allow_pickle" and ast.unparse(node.value) != "False":
            yield node.value.lineno, "allow_pickle"
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in CALLED
            and node.args  # a network's eval takes nothing
            and ast.unparse(node.func.value) != "self"
        ):
            yield node.lineno, node.func.attr


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_runs_what_it_reads(path):
    assert not list(forbidden(ast.parse(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("code", [
    "import pickle", "from pickle import loads", "import marshal as m", "import torch\ntorch.load(f)",
    "from torch import load", "f = torch.load", "eval('1')", "exec(x)", "run = eval", "np.load(f, allow_pickle=True)",
    "np.load(f, allow_pickle=flag)", "pd.eval(x)", "frame.query(x)", "frame.eval(x)", "import yaml",
    "pd.read_pickle(f)", "torch.hub.load(x)", "torch.jit.load(f)", "__import__(x)",
])  # fmt: skip
def test_each_of_them_would_be_found(code):
    assert list(forbidden(ast.parse(code)))
