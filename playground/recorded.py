"""Recorded runs: for every task a real race, trained earlier, shown until a visitor starts one of their own.

`python -m playground.recorded` trains all tasks at their recommended settings and writes one file each into
`recordings`; `python -m playground.recorded adding parity` those that are named.
"""

import sys
from functools import lru_cache
from pathlib import Path

import streamlit as st

from playground.server import LIMITS, page_turn
from playground.setup import Setup, read_setup
from rnncore import recordings
from rnncore.race import Race
from rnncore.tasks import TASKS

FOLDER = Path(__file__).with_name("recordings")
MOST_LOADED = 8  # tasks whose recorded networks are in memory at once, at most 4 MB each


def file(task: str) -> Path:
    """Return where the recorded run of a task is kept."""
    return FOLDER / f"{task}.safetensors"


@lru_cache(maxsize=len(TASKS))
def recommended(task: str) -> Setup:
    """Return the set-up that is recorded: the task as it is recommended, with the default cells."""
    return read_setup({"task": task}, LIMITS)[0]


def race(setup: Setup) -> Race | None:
    """Return the recorded race of a set-up, shared by all visitors and never changed; None if it was not recorded."""
    task = setup.config.task
    if setup.configs != recommended(task).configs or not file(task).exists():
        return None
    with page_turn.given_away():
        return _load(task)


@st.cache_resource(max_entries=MOST_LOADED, show_spinner=False)
def _load(task: str) -> Race:
    return Race(recordings.load(file(task).read_bytes()))


def record(task: str) -> bytes:
    """Train the recommended set-up of a task to its end and return the recording."""
    made = Race.of(recommended(task).configs)
    made.start()
    while made.status == "running":
        made.advance_one()
    return recordings.save(made.runs)


if __name__ == "__main__":
    for named in sys.argv[1:] or TASKS:
        file(named).write_bytes(record(named))
