"""The task itself: one real example as a picture, and the reference lines with their reasons."""

from functools import lru_cache
from html import escape

import pyarrow as pa
import streamlit as st

from playground import words
from playground.charts import example_chart
from playground.live import is_dark
from playground.setup import Setup
from rnncore.config import RunConfig
from rnncore.randomness import generator
from rnncore.tasks import TASKS, Shown, Track

MOST_SYMBOLS = 64


def example(setup: Setup) -> None:
    """Draw one example, made by the task's own generator from the seed of the set-up."""
    config = setup.config
    shown = _shown(config.model_dump_json(include={"task", "seq_len", "options", "seed"}))
    summary = escape(TASKS[config.task].summary)
    st.html(f'<div class="example"><b>An example</b>: {escape(shown.question)} → <b>{escape(shown.truth)}</b></div>'
            f'<div class="note">{summary}</div>{_strips(shown)}')  # fmt: skip
    numbers = [track for track in shown.tracks if not isinstance(track.values[0], str)]
    if numbers:
        marked = any(track.marked for track in numbers)
        st.vega_lite_chart(_rows(numbers), example_chart(marked=marked, dark=is_dark()), key="train.example",
                           alt=f"One example: {shown.question}, answer {shown.truth}")  # fmt: skip


@lru_cache(maxsize=128)
def _shown(which: str) -> Shown:
    """Return the example that the task's generator makes from the seed; `which` is a config's part that decides it."""
    config = RunConfig.model_validate_json(which)
    task = config.build_task()
    return task.show(task.batch(1, generator(config.seed, "example")))


def _rows(tracks: list[Track]) -> pa.Table:
    steps, values, kinds = [], [], []
    for track in tracks:
        for i, value in enumerate(track.values):
            steps.append(track.start + i + 1)
            values.append(float(value))  # type: ignore[arg-type]
            kinds.append("marked" if i in track.marked else track.role)
    return pa.table({"step": steps, "value": values, "kind": kinds})


def _strips(shown: Shown) -> str:
    """Return rows of symbols, one above the other; the middle of long ones is left out."""
    rows = []
    for track in shown.tracks:
        symbols = [value for value in track.values if isinstance(value, str)]
        if symbols and all(len(symbol) == 1 for symbol in symbols):
            rows.append(f'<div class="strip"><span>{escape(track.name)}</span> {_symbols(symbols, track.marked)}</div>')
    return "".join(rows)


def _symbols(symbols: list[str], marked: tuple[int, ...]) -> str:
    half = MOST_SYMBOLS // 2
    drawn = [f"<mark>{escape(s)}</mark>" if i in marked else escape(s) for i, s in enumerate(symbols)]
    if len(drawn) > MOST_SYMBOLS:
        drawn = [*drawn[:half], " … ", *drawn[-half:]]
    return f"<code>{''.join(drawn)}</code>"


def reference_lines(setup: Setup) -> None:
    """Say what the dashed lines of the chart mean, and why they lie where they do."""
    lines = st.expander("What the reference lines mean", key="train.drawer.lines", on_change="rerun")
    if not lines.open:
        return
    task = setup.config.build_task()
    with lines:
        for line, reason in words.bars(task.baselines(), task):
            st.markdown(f"**{line}**  \n{reason}")
