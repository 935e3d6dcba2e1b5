"""What the scripts install: PyTorch's CPU build where its index answers, and no waiting where it does not."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 120
BASH = shutil.which("bash")


@pytest.fixture
def checkout(tmp_path):
    """A checkout that needs PyTorch only, with an environment that has pip and nothing else."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    (tmp_path / "requirements.txt").write_text("torch==2.13.0\n")
    (tmp_path / "constraints.txt").write_text("torch==2.13.0\n")
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "nvidia-smi").write_text("#!/bin/sh\nexit 1\n")  # no GPU, whatever this machine has
    (tmp_path / "bin" / "nvidia-smi").chmod(0o755)
    return tmp_path


def make_wheel(folder, name, version, *needs):
    """Write a package without any code; return its file's name."""
    wheel, info = f"{name}-{version}-py3-none-any.whl", f"{name}-{version}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {n}" for n in needs)]
    with zipfile.ZipFile(folder / wheel, "w") as file:
        file.writestr(f"{name}.py", "")
        file.writestr(f"{info}/METADATA", "\n".join([*lines, ""]))
        file.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        file.writestr(f"{info}/RECORD", "")
    return wheel


@pytest.fixture
def index(tmp_path):
    """A package index on this machine with a small package called torch, and the paths that it was asked for."""
    folder = tmp_path / "index" / "torch"
    folder.mkdir(parents=True)
    wheel = make_wheel(folder, "torch", "2.13.0+cpu")
    (folder / "index.html").write_text(f'<a href="{wheel.replace("+", "%2B")}">{wheel}</a>')

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    handler = functools.partial(Quiet, directory=tmp_path / "index")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def script(checkout, index, command, **more):
    env = {
        **os.environ,
        "PATH": f"{checkout / 'bin'}:{os.environ['PATH']}",
        "TORCH_INDEX": index,
        "PYTHON": sys.executable,
    }
    env = {name: value for name, value in env.items() if not name.startswith("PIP_")} | more
    return subprocess.run(
        [BASH, "-euo", "pipefail", "-c", f". scripts/environment.sh; {command}"],
        cwd=checkout, env=env, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip


def version(checkout, package):
    ask = f"import importlib.metadata as m; print(m.version({package!r}))"
    return subprocess.run([checkout / ".venv/bin/python", "-c", ask], capture_output=True, text=True).stdout.strip()


def test_what_packages_need_comes_in_the_constraints_version_until_that_changes(checkout):
    shelf = checkout / "shelf"
    shelf.mkdir()
    make_wheel(shelf, "stem", "1.0", "leaf")
    for each in ("1.0", "2.0", "3.0"):
        make_wheel(shelf, "leaf", each)
    (checkout / "requirements.txt").write_text("stem==1.0\n")
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(shelf), "PIP_CONFIG_FILE": os.devnull}
    for wanted in ("2.0", "1.0"):
        (checkout / "constraints.txt").write_text(f"leaf=={wanted}\n")
        done = script(checkout, "http://127.0.0.1:9", "ensure_environment requirements.txt", **offline)
        assert done.returncode == 0, done.stderr
        assert version(checkout, "leaf") == wanted


@pytest.mark.skipif(sys.platform != "linux", reason="other systems get a CPU build anyway")
def test_the_cpu_build_is_taken_where_its_index_answers(checkout, index):
    done = script(checkout, index, "ensure_environment requirements.txt")
    assert done.returncode == 0, done.stderr
    assert "CPU build" in done.stdout
    assert version(checkout, "torch") == "2.13.0+cpu"
    assert script(checkout, "http://127.0.0.1:9", "ensure_environment requirements.txt").stdout == ""  # nothing to do


@pytest.mark.skipif(sys.platform != "linux", reason="other systems get a CPU build anyway")
def test_where_it_does_not_answer_nothing_is_tried(checkout):
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
    (checkout / ".venv" / "bin" / "python").chmod(0o755)
    done = script(checkout, "http://127.0.0.1:9", "install_cpu_torch")
    assert (done.returncode, done.stdout) == (0, "")
