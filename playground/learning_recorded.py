"""The recorded study that greets a visitor of Learning to write: a real one, trained earlier on the built-in play."""

from pathlib import Path

import streamlit as st

from playground.learning_setup import Learning, read_learning
from rnncore.text import records
from rnncore.text.corpora import play
from rnncore.text.opening import opening
from rnncore.text.study import Study

FILE = Path(__file__).with_name("learning_recorded.safetensors")


def fresh() -> Study:
    """Return a study of the settings that a visitor finds, at update 0."""
    setup, _ = read_learning({})
    return Study(setup.config, play(), setup.writing.model_copy(update={"prime": opening(play())}))


@st.cache_resource(show_spinner=False)
def study() -> Study:
    """Return the recorded study; shared by all visitors and never changed. Its network is that of update 0."""
    made = fresh()
    records.restore(made, str(FILE))
    return made


def matches(setup: Learning) -> bool:
    """Return whether a set-up is the one that was recorded."""
    found, _ = read_learning({})
    return setup.asked == found.asked and setup.lr == found.lr


def record() -> bytes:
    """Train to the end and return the file; `python -m playground.learning_recorded` writes it, in about a minute."""
    made = fresh()
    made.start()
    while made.status == "running":
        made.advance_one()
    return records.save(made)


if __name__ == "__main__":
    FILE.write_bytes(record())
