"""The task itself: its question, one real example as a picture, and its reference lines with their reasons."""

from html import escape

import pyarrow as pa
import streamlit as st

from playground import words
from playground.charts import example_chart
from playground.live import is_dark
from playground.setup import Setup
from rnncore.randomness import generator
from rnncore.tasks import Shown


def example(setup: Setup) -> None:
    """Draw one example, made by the task's own generator from the seed of the set-up."""
    task = setup.config.build_task()
    shown = task.show(task.batch(1, generator(setup.config.seed, "example")))
    st.html(f"<b>An example</b>: {_line(shown)}")
    track = shown.tracks[0]
    if track.values and not isinstance(track.values[0], str):
        n = len(track.values)
        table = pa.table({"step": list(range(1, n + 1)), "value": [float(v) for v in track.values],
                          "marked": [i in track.marked for i in range(n)]})  # fmt: skip
        st.vega_lite_chart(
            table, example_chart(dark=is_dark()), key="train.example", alt=f"One example: {shown.question}"
        )


def _line(shown: Shown) -> str:
    return f"{escape(shown.question)} → {escape(shown.truth)}"


def reference_lines(setup: Setup) -> None:
    """Draw what the dashed lines of the chart mean, and why they lie where they do."""
    task = setup.config.build_task()
    with st.expander("What the reference lines mean"):
        for line, reason in words.bars(task.baselines(), task):
            st.markdown(f"**{line}**  \n{reason}")
