"""Train: pick a task and up to four cells, press Start, and watch real networks learn."""

import streamlit as st

from playground import desk, live, panels, problem, sidebar, transport
from playground.answers import answers
from playground.share import share_and_save
from rnncore.tasks import TASKS

setup = desk.open_desk()
race = live.on_screen(setup)

st.title(TASKS[setup.config.task].question, anchor=False)
transport.transport(setup, live.button_status())
transport.main_choices(setup)
panels.messages(setup)

left, right = st.columns([1.65, 1], gap="medium")
with left:
    live.curve(setup)
    transport.view_choices(setup)
    live.spoken(setup)
with right:
    problem.example(setup)
    answers(setup)
    problem.reference_lines(setup)

with st.sidebar:
    sidebar.drawers(setup)
    share_and_save(setup, race)
