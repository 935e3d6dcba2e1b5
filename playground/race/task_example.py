"""The task itself: one real example as a picture, and the reference lines with their reasons."""

from dataclasses import replace
from html import escape

import streamlit as st

from playground.live.process import page_turn
from playground.race import answers, example_html, words
from playground.race.drawings import drawn
from rnncore.caching.by_text import CacheByText, without_texts
from rnncore.config import RunConfig
from rnncore.seeding import generator
from rnncore.tasks import TASKS, Shown, Task
from rnncore.tasks.shuffle import shuffled

_EXAMPLES: CacheByText[str] = CacheByText(128)


def example(config: RunConfig) -> str:
    """Return one example as HTML, made by the task's own generator from the seed of the set-up."""
    own = {"task": config.task, "seq_len": config.seq_len, "seed": config.seed, "shuffle": config.shuffle}
    with page_turn.given_away():  # some tasks make or read all their data first
        return _EXAMPLES.get("", without_texts({**config.options, **own}), lambda: _example(config))


def _example(config: RunConfig) -> str:
    drawn_from = generator(config.seed, "example")
    task = config.built_task
    task.baselines()  # what is measured for them is kept
    shown = task.show(shuffled(task.batch(1, drawn_from), config.shuffle, config.seed, drawn_from))
    return (
        f'<div class="example"><b>An example</b><div class="note">{escape(TASKS[config.task].summary)}</div>'
        f"{_in_words(shown, task)}{drawn(shown)}{_note(shown)}</div>"
    )


def _in_words(shown: Shown, task: Task) -> str:
    """Return question and truth: side by side, or step under step."""
    layout = example_html.layout(shown, task)
    told = layout.content([replace(shown, pictures=(), clips=(), paintings=(), drawings=())])
    if layout.name == "rows":
        cell = f'<li class="truth"><span class="who"><b>true</b></span><span class="a">{told.truth}</span></li>'
        return f'<div class="rows-box"><ol class="answers rows">{answers.item(told.question, [cell])}</ol></div>'
    return f'<div class="asked">{told.question} → <b>{told.truth}</b></div>'


def _note(shown: Shown) -> str:
    return f'<div class="note">{escape(shown.note)}</div>' if shown.note else ""


def reference_lines(config: RunConfig) -> None:
    """Say what the dashed lines of the chart mean, and why they lie where they do."""
    lines = st.expander("What the reference lines mean", key="train.drawer.lines", on_change="rerun")
    if not lines.open:
        return
    task = config.built_task
    with lines:
        for line, reason in words.bars(task.baselines(), task):
            st.markdown(f"**{line}**  \n{reason}")
