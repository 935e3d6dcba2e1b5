"""The recorded run that greets a visitor: a real race, trained earlier and saved with the app."""

from pathlib import Path

import streamlit as st

from playground.setup import Setup, read_setup
from rnncore import checkpoints
from rnncore.race import Race

FILE = Path(__file__).with_name("recorded.safetensors")


@st.cache_resource(show_spinner=False)
def race() -> Race:
    """Return the recorded race; shared by all visitors and never changed."""
    return Race(checkpoints.load(FILE.read_bytes()))


def matches(setup: Setup) -> bool:
    """Return whether a set-up is the one that was recorded."""
    return setup.configs == [run.config for run in race().runs]


def record() -> bytes:
    """Train the first screen's set-up to its end and return the file; `python -m playground.recorded` writes it."""
    setup, _ = read_setup({})
    made = Race.of(setup.configs)
    made.start()
    while made.status == "running":
        made.advance_one()
    return checkpoints.save(made.runs)


if __name__ == "__main__":
    FILE.write_bytes(record())
