"""CONTRIBUTING.md, tried: each file that it shows is put into a copy of the project, and is everywhere at once."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHOWN = dict(re.findall(r"```python\n# (\S+)\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL))
CELL, TASK = "rnncore/cells/rnn_softsign.py", "rnncore/tasks/first_bit.py"
LOOK = """
import sys
from pathlib import Path
from streamlit.testing.v1 import AppTest
import rnncore
assert Path(rnncore.__file__).is_relative_to(Path.cwd()), rnncore.__file__

def opened(page, **query):
    app = AppTest.from_file(str(Path.cwd() / page), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception and not app.error, (page, app.exception, app.error)
    return app

def words(app):
    return " ".join([*(box.value for box in app.get("html")), *(box.value for box in app.markdown)])

app = opened("pages/train.py", task="{task}", cell="{cell},lstm", hidden_size="8", batch_size="8", steps="30")
assert "{task_label}" in str(app.selectbox(key="train.task").options)
app.button(key="train.step").click().run()
assert not app.exception and not app.error
assert "{cell_label}" in words(opened("pages/reference.py"))
assert "{task_label}" in words(opened("pages/tasks.py", search="{task_label}"))
opened("pages/gradients.py", cell="{cell}", seq_len="30", hidden_size="8")
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the project with the new cell and the new task in it."""
    place = tmp_path_factory.mktemp("copy")
    for folder in ("rnncore", "playground", "pages", "tests"):
        shutil.copytree(ROOT / folder, place / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", place)
    shutil.copy(ROOT / "CONTRIBUTING.md", place)
    for path, text in SHOWN.items():
        (place / path).write_text(text)
    return place


def ran(place, *arguments):
    done = subprocess.run([sys.executable, *arguments], cwd=place, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_a_cell_and_a_task_are_shown():
    assert set(SHOWN) == {CELL, TASK}


def test_they_are_on_every_page_and_learn(copy):
    names = {"task": "first_bit", "cell": "rnn_softsign", "task_label": "First bit", "cell_label": "Softsign RNN"}
    text = LOOK
    for name, value in names.items():
        text = text.replace("{" + name + "}", value)
    ran(copy, "-c", text)


def test_they_are_on_the_command_line(copy):
    assert "first_bit" in ran(copy, "-m", "rnncore", "tasks") and "rnn_softsign" in ran(copy, "-m", "rnncore", "cells")
    said = ran(
        copy, "-m", "rnncore", "train", "--task", "first_bit", "--cell", "rnn_softsign", "--set", "steps=20", "--json"
    )
    assert '"status": "finished"' in said


def test_the_contract_tests_take_them_in(copy):
    ran(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/rnncore/test_cells.py",
        "-k", "rnn_softsign")  # fmt: skip
