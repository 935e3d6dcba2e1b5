"""The same examples on every processor: PyTorch's kernels for another one are asked for by name, in another process."""

import json
import subprocess
import sys

import pytest
import torch

from rnncore.config import RunConfig
from rnncore.seeding import generator
from rnncore.tasks import TASKS

DRAW = """
import json, torch
from tests.rnncore.tasks.test_processors import drawn
torch.set_num_threads(1)
print(json.dumps([torch.backends.cpu.get_cpu_capability(), drawn()]))
"""


def drawn() -> dict[str, list[float]]:
    """Sums over a batch and over held-out examples of every task, recommended."""
    found = {}
    for name in TASKS:
        task = RunConfig(task=name).build_task()
        sides = task.batch(64, generator(0, "data")), task.held_out(64, generator(0, "held-out"))
        found[name] = [float(part.double().abs().sum()) for side in sides for part in (side.inputs, side.targets)]
    return found


@pytest.mark.skipif(torch.backends.cpu.get_cpu_capability() == "DEFAULT", reason="there is no other kind to ask for")
def test_every_task_gives_the_same_examples_on_a_processor_of_another_kind(monkeypatch):
    monkeypatch.setenv("ATEN_CPU_CAPABILITY", "default")
    done = subprocess.run([sys.executable, "-c", DRAW], check=True, capture_output=True, text=True, timeout=300)
    kind, elsewhere = json.loads(done.stdout)
    assert kind == "DEFAULT"
    assert elsewhere == {name: pytest.approx(sums, rel=1e-4) for name, sums in drawn().items()}
