"""CONTRIBUTING.md, tried: each file that it shows is put into a copy of the project, and is everywhere at once."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WRITTEN = (ROOT / "CONTRIBUTING.md").read_text()
SHOWN = dict(re.findall(r"```python\n# (\S+)\n(.*?)```", WRITTEN, re.DOTALL))
(LINE,) = re.findall(r"```text\n(st\.Page\(.*\),)\n```", WRITTEN)
CELL, TASK = "rnncore/cells/rnn_softsign.py", "rnncore/tasks/first_bit.py"
PAGE, PART = "pages/sizes.py", "playground/catalogue/sizes.py"
CHART = "playground/catalogue/sizes_chart.py"
HELD_BY = {  # tests that take in what is new, and by which names
    "test_cells.py": ("rnn_softsign",), "test_fast.py": ("SoftsignRNN",), "test_sampling.py": ("rnn_softsign",),
    "test_contrast.py": ("rnn_softsign",),
    "test_charts.py": ("every_cell_has_a_colour_and_dash_of_its_own", "sizes_chart"),
    "test_contract.py": ("first_bit",), "test_replies.py": ("first_bit",), "test_faults.py": ("sizes",),
    "test_pages.py": ("first_bit", "rnn_softsign", "sizes"),
    "test_knowledge.py": ("first_bit", "rnn_softsign", "sizes"),
    "test_architecture.py": ("first_bit", "rnn_softsign", "sizes"),
}  # fmt: skip
LOOK = """
import sys, time
from pathlib import Path
from streamlit.testing.v1 import AppTest
import rnncore
assert Path(rnncore.__file__).is_relative_to(Path.cwd()), rnncore.__file__

def sound(app):
    assert not app.exception and not app.error, (app.exception, app.error)
    return app

def opened(page, **query):
    app = AppTest.from_file(str(Path.cwd() / page), default_timeout=60)
    app.session_state["gradients.drawer.task"] = app.session_state["gradients.drawer.more"] = True
    for name, value in query.items():
        app.query_params[name] = value
    return sound(app.run())

def words(app):
    return " ".join([*(box.value for box in app.get("html")), *(box.value for box in app.markdown)])

def options(element):
    return [str(getattr(each, "content", each)) for each in element.options]

app = opened("pages/train.py", task="first_bit", cell="rnn_softsign,lstm", hidden_size="8", batch_size="8", steps="30")
assert app.title[0].value == "What came first?", "the link leads to the task"
assert any("First bit" in each for each in options(app.selectbox(key="train.task")))
assert "Softsign RNN" in options(app.button_group(key="train.cell"))
assert app.button_group(key="train.cell").value == ["rnn_softsign", "lstm"]
sound(app.button(key="train.step").click().run())
assert "Softsign RNN" in words(app)

reference = words(opened("pages/reference.py")) + " ".join(each.value for each in opened("pages/reference.py").header)
assert "Softsign RNN" in reference and "First bit" in reference
gallery = words(opened("pages/tasks.py"))
assert "First bit" in gallery and "What came first?" in gallery

app = opened("pages/gradients.py", task="first_bit", cell="rnn_softsign", seq_len="30", hidden_size="8")
assert "Softsign RNN" in options(app.button_group(key="gradients.cell")) and "Softsign RNN" in words(app)
assert any("First bit" in each for each in options(app.selectbox(key="gradients.task")))

app = opened("pages/learning.py", cell="rnn_softsign", hidden_size="16")
assert "Softsign RNN" in options(app.selectbox(key="learning.cell"))
app.button(key="learning.start").click().run()
until = time.monotonic() + 60
while "after 10 updates" not in words(app):
    assert time.monotonic() < until, words(app)[:2000]
    time.sleep(0.1)
    sound(app.run())
assert "characters for each" in words(app), "it has written a sample"

app = sound(AppTest.from_file(str(Path.cwd() / "playground/app.py"), default_timeout=60).run())
app = sound(app.switch_page("../pages/sizes.py").run())
assert app.title[0].value == "How many weights does each cell have?" and "Softsign RNN" in words(app)
(chart,) = app.get("vega_lite_chart")
assert "has the most weights" in chart.proto.alt
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the project with the new cell, the new task and the new page in it."""
    place = tmp_path_factory.mktemp("copy")
    for folder in ("rnncore", "playground", "pages", "scripts", "tests", ".streamlit"):
        shutil.copytree(ROOT / folder, place / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "CONTRIBUTING.md", "requirements.txt"):
        shutil.copy(ROOT / name, place)
    for path, text in SHOWN.items():
        (place / path).write_text(text)
    app = place / "playground" / "app.py"
    app.write_text(re.sub(r"(?m)^( *)(st\.Page\(.*/tasks\.py.*)$", rf"\1\2\n\1{LINE}", app.read_text()))
    return place


def ran(place, *arguments):
    done = subprocess.run([sys.executable, *arguments], cwd=place, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_a_cell_a_task_a_page_and_a_chart_are_shown():
    assert set(SHOWN) == {CELL, TASK, PAGE, PART, CHART} and "/sizes.py" in LINE


def test_they_are_on_every_page_and_learn_and_write(copy):
    ran(copy, "-c", LOOK)


def test_they_are_on_the_command_line(copy):
    assert "first_bit" in ran(copy, "-m", "rnncore", "tasks") and "rnn_softsign" in ran(copy, "-m", "rnncore", "cells")
    both = ("--task", "first_bit", "--cell", "rnn_softsign")
    assert '"status": "finished"' in ran(copy, "-m", "rnncore", "train", *both, "--set", "steps=20", "--json")


def test_the_tests_of_all_cells_tasks_and_pages_take_them_in(copy):
    files = [str(file) for name in HELD_BY for file in (copy / "tests").rglob(name)]
    names = sorted({word for words in HELD_BY.values() for word in words})
    said = ran(copy, "-m", "pytest", "-q", "-rp", "-p", "no:cacheprovider", *files, "-k", " or ".join(names))
    passed = re.findall(r"(?m)^PASSED \S*/?\b(test_\w+\.py)::(.*)$", said)
    for name, words in HELD_BY.items():
        for word in words:
            assert any(file == name and word in test for file, test in passed), (name, word)
