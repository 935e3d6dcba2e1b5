"""The task itself: one real example as a picture, and the reference lines with their reasons."""

from dataclasses import replace

import streamlit as st
from markupsafe import Markup

from playground.components.templates import render
from playground.live.process import page_turn
from playground.race import example_html, words
from playground.race.drawings import example_picture
from rnncore.caching.by_text import CacheByText, without_texts
from rnncore.config import RunConfig
from rnncore.seeding import generator
from rnncore.tasks import TASKS, Shown, Task
from rnncore.tasks.shuffle import shuffled

TEMPLATE = "race/task_example.html"
_EXAMPLES: CacheByText[Markup] = CacheByText(128)


def example(config: RunConfig) -> Markup:
    """Return one example as HTML, made by the task's own generator from the seed of the set-up."""
    own = {"task": config.task, "seq_len": config.seq_len, "seed": config.seed, "shuffle": config.shuffle}
    known = without_texts({**config.options, **own})
    # some tasks make or read all their data first
    return _EXAMPLES.get("", known, lambda: _example(config), meanwhile=page_turn.given_away)


def _example(config: RunConfig) -> Markup:
    drawn_from = generator(config.seed, "example")
    task = config.built_task
    task.baselines()  # what is measured for them is kept
    shown = task.show(shuffled(task.batch(1, drawn_from), config.shuffle, config.seed, drawn_from))
    return render(
        TEMPLATE, "example", TASKS[config.task].summary, _in_words(shown, task), example_picture(shown), shown.note
    )


def _in_words(shown: Shown, task: Task) -> Markup:
    """Return question and truth: side by side, or step under step."""
    layout = example_html.layout(shown, task)
    content = layout.content([replace(shown, pictures=(), clips=(), paintings=(), drawings=())])
    return render(TEMPLATE, "rows" if layout.name == "rows" else "brief", content.question, content.true, content.truth)


def reference_lines(config: RunConfig) -> None:
    """Say what the dashed lines of the chart mean, and why they lie where they do."""
    lines = st.expander("What the reference lines mean", key="train.drawer.lines", on_change="rerun")
    if not lines.open:
        return
    task = config.built_task
    with lines:
        for line, reason in words.bars(task.baselines(), task):
            st.markdown(f"**{line}**  \n{reason}")
