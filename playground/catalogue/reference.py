"""The Reference page's parts, derived from the registries and the settings."""

import streamlit as st

from playground.components.templates import render
from playground.race import words
from playground.race.setup import setup_settings
from rnncore.cells import CELLS
from rnncore.config import RunConfig, expected
from rnncore.settings import settings
from rnncore.tasks import TASKS


def cells() -> None:
    """Draw every cell with its equations."""
    for name in CELLS:
        kind = CELLS[name]
        st.header(kind.label, anchor=name)
        st.markdown(kind.summary)
        st.html(render("catalogue/reference.html", "equations", kind.label, kind.equations))
        st.caption(f"Name in links: `{name}` · {kind.source}")


def tasks() -> None:
    """Draw every task with its reference lines and their reasons."""
    for name in TASKS:
        kind = TASKS[name]
        task = RunConfig(task=name).build_task()
        st.header(kind.label, anchor=name)
        st.markdown(f"{kind.summary}")
        st.caption(
            f"Name in links: `{name}` · {kind.sequence_type} · loss: {kind.loss_label} · metric: {kind.metric_label}"
        )
        for line, reason in words.bars(task.baselines(), task):
            st.markdown(f"- **{line}.** {reason}")


def settings_table() -> None:
    """Draw one row per setting: its name in links, range, default and meaning."""
    common = setup_settings("adding")
    own = {name: s for task in TASKS for name, s in settings(TASKS[task].Options).items()}
    rows = [
        {"Setting": s.label, "Name": name, "Values": expected(s) + (f" ({s.unit})" if s.unit else ""),
         "Changes": "at once" if s.live else "at Reset", "Meaning": s.help}
        for name, s in {**common, **own}.items()
    ]  # fmt: skip
    st.table(rows, hide_index=True)
