"""Train: pick a task and up to four cells, press Start, and watch real networks learn."""

import streamlit as st

from playground import desk, live, panels, problem, sidebar, transport
from playground.share import share_and_save
from rnncore.tasks import TASKS

setup = desk.open_desk()

st.title(TASKS[setup.config.task].question, anchor=False)
transport.transport(setup, live.button_status())
transport.main_choices(setup)
panels.messages(setup)

left, right = st.columns([1.65, 1], gap="medium")
with right:
    problem.example(setup)
    answers = st.empty()
    problem.reference_lines(setup)
with left:
    picture = st.container()
    transport.view_choices(setup)
    words = st.empty()
    with picture:
        live.watch(setup, words, answers)

with st.sidebar:
    sidebar.drawers(setup)
    share_and_save(setup, live.on_screen(setup))
