"""Difficulty and duration of each task, as measured once; `python -m playground.race.pace` measures them anew."""

import json
import sys
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch

from playground.race.setup import DEFAULT_CELLS, read_setup
from rnncore.analysis.rivals import solves
from rnncore.tasks import TASKS
from rnncore.tasks.base import SequenceType
from rnncore.training.race import Race

FILE = Path(__file__).with_name("pace.json")
TYPES = {SequenceType.ONE_TO_ONE: "1→1", SequenceType.ONE_TO_MANY: "1→n", SequenceType.MANY_TO_ONE: "n→1",
         SequenceType.ALIGNED: "n→n", SequenceType.ENCODER_DECODER: "n→m"}  # fmt: skip
HARD = ("hard", "hard", "medium", "easy")  # by how many of the three default cells solve it
EXPLAINED = (
    "The tasks are ordered by type: 1→1 answers each record by itself, 1→n writes a sequence, n→1 answers once at the "
    "end, n→n at every step, n→m reads a whole sequence and then writes another. Easy: at the recommended settings "
    "Vanilla RNN, LSTM and GRU all end clearly better than the reference lines that can be beaten; medium: two do; "
    "hard: one or none. The time is what one core takes to train these three."
)


def hardness(task: str) -> str:
    """Return how hard a task is: by how many of the default cells solve it at its recommended settings."""
    return HARD[len(_measured()[task]["solved_by"])]


def duration(task: str) -> str:
    """Return about how long the recommended run takes on one core: to five seconds, or to a minute."""
    seconds = _measured()[task]["seconds"]
    rounded = max(5, 5 * round(seconds / 5))
    return f"{rounded} s" if rounded < 60 else f"{round(seconds / 60)} min"


def by_type() -> list[str]:
    """Return all tasks, those of one type of sequence together."""
    types = list(SequenceType)
    return sorted(TASKS, key=lambda task: types.index(TASKS[task].sequence_type))


def label(task: str) -> str:
    """Return a task's name with its type, how hard it is and how long it takes, where that has been measured."""
    measured = f"{hardness(task)}, {duration(task)}" if task in _measured() else "not yet measured"
    return f"{TASKS[task].label} · {TYPES[TASKS[task].sequence_type]} · {measured}"


@lru_cache(maxsize=1)
def _measured() -> dict[str, Any]:
    return dict(json.loads(FILE.read_text())["tasks"])


def measure(task: str) -> dict[str, Any]:
    """Train the default cells at a task's recommended settings; return the processor time and who solved it."""
    setup, _ = read_setup({"task": task, "cell": ",".join(DEFAULT_CELLS)})
    race, begun = Race.of(setup.configs), time.thread_time()
    race.start()
    while race.status == "running":
        race.advance_one()
    solved_by = [run.config.cell for run in race.runs if solves(run.view(1))]
    return {"seconds": round(time.thread_time() - begun, 1), "solved_by": solved_by}


def main(tasks: Sequence[str]) -> None:
    """Measure some tasks, or all, and write the file: half an hour in all."""
    torch.set_num_threads(1)
    known = _measured() if FILE.exists() else {}
    found = {**known, **{task: measure(task) for task in tasks or TASKS}}
    lines = ",\n".join(f"{json.dumps(task)}: {json.dumps(found[task])}" for task in TASKS)
    head = json.dumps({"measured": time.strftime("%Y-%m-%d"), "on": "one core of an x86-64 server"})
    FILE.write_text(f'{head[:-1]}, "tasks": {{\n{lines}\n}}}}\n')


if __name__ == "__main__":
    main(sys.argv[1:])
