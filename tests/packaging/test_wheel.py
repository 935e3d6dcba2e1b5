"""The project as somebody gets it who installs it: built as a wheel, put elsewhere, used from there."""

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_SOURCE = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "tests", "benchmarks", "docs")
PATIENCE = 120


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with the wheel's contents, and nothing of the checkout."""
    home = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, home / "source", ignore=NOT_SOURCE)
    shutil.copytree(ROOT / ".streamlit", home / "source" / ".streamlit")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--target", home / "site"]
    subprocess.run([*pip, "install", *options, home / "source"], check=True, timeout=PATIENCE)
    shutil.rmtree(home / "source")
    (home / "elsewhere").mkdir()
    return home


def run(installed, *command, **options):
    env = {**os.environ, "PYTHONPATH": str(installed / "site")}
    return subprocess.run(
        [sys.executable, *command], cwd=installed / "elsewhere", env=env, capture_output=True, text=True,
        timeout=PATIENCE, **options,
    )  # fmt: skip


def test_every_template_style_and_script_is_there(installed):
    for kind, least in (("html", 5), ("css", 5), ("js", 4)):
        ours, theirs = (sorted(file.relative_to(place) for file in (place / "playground").rglob(f"*.{kind}"))
                        for place in (ROOT, installed / "site"))  # fmt: skip
        assert theirs == ours and len(ours) >= least, kind


def test_ten_updates_of_tasks_that_need_files_and_the_public_names(installed):
    code = """
import rnncore
from rnncore import CELLS, TASKS, LanguageModel, Race, Run, RunConfig, gradient_flow, load, save
from rnncore.text.language import shipped
assert "site" in rnncore.__file__ and len(CELLS) >= 9 and len(TASKS) >= 31 and len(shipped()) == 4
for task in ("adding", "digits", "co2", "stocks"):
    run = Run(RunConfig.from_flat({"task": task}))
    run.advance(steps=10)
    print(task, run.step, run.status)
"""
    done = run(installed, "-c", code)
    assert done.stderr == "" and re.findall(r"(\w+) 10 paused", done.stdout) == ["adding", "digits", "co2", "stocks"]


def test_the_command_line_trains(installed):
    done = run(installed, "-m", "rnncore", "train", "--set", "steps=10", "--set", "seq_len=10")
    assert done.returncode == 0, done.stderr


def test_every_page_opens(installed):
    code = """
import logging, sys
from pathlib import Path
import playground
from streamlit.testing.v1 import AppTest
logging.disable(logging.WARNING)
here = Path(playground.__file__).parent
assert "site" in str(here)
app = AppTest.from_file(str(here / "app.py"), default_timeout=60).run()
for page in sorted((here / "pages").glob("*.py")):
    app.switch_page(f"pages/{page.name}").run()
    print(page.stem, len(app.exception), len(app.title))
"""
    done = run(installed, "-c", code)
    pages = {path.stem for path in (ROOT / "pages").glob("*.py")}
    assert set(re.findall(r"(\w+) 0 1", done.stdout)) == pages, done.stdout + done.stderr


def test_the_command_serves_the_app_with_its_settings(installed):
    command = [sys.executable, installed / "site" / "bin" / "rnn-playground", "--server.address", "127.0.0.1"]
    env = {**os.environ, "PYTHONPATH": str(installed / "site"), "PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(
        command, cwd=installed / "elsewhere", env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        said = [server.stdout.readline() for _ in range(2)]
        address = re.search(r"http://[\d.:]+", "".join(said))
        assert address, [*said, server.stdout.readline()]
        page = urllib.request.urlopen(address[0], timeout=30).read().decode()
        settings = urllib.request.urlopen(f"{address[0]}/_stcore/host-config", timeout=30)
        assert "<!DOCTYPE html>" in page and settings.status == 200
    finally:
        server.terminate()
        server.communicate(timeout=30)
    helped = subprocess.run([*command[:2], "--help"], env=env, capture_output=True, text=True, timeout=PATIENCE)
    assert helped.returncode == 0 and "--server.port" in helped.stdout


def test_settings_have_the_names_of_streamlits_flags():
    from playground.__main__ import flags

    settings = {"server": {"headless": True}, "theme": {"light": {"primaryColor": "#000000"}}}
    assert dict(flags(settings)) == {"server_headless": True, "theme_light_primaryColor": "#000000"}


def test_the_readmes_examples_run(tmp_path):
    for readme in (ROOT / "README.md", ROOT / "rnncore" / "README.md"):
        blocks = re.findall(r"(?:^    .*\n|^\n)+", readme.read_text(encoding="utf-8"), re.M)
        (code,) = [block for block in blocks if "    from rnncore import" in block]
        lines = "\n".join(line[4:] for line in code.splitlines()).replace("steps=200", "steps=5")
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", lines], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=PATIENCE
        )
        assert done.returncode == 0 and done.stdout, done.stderr
