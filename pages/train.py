"""Train: pick a task and up to four cells, press Start, and watch real networks learn."""

import streamlit as st

from playground import desk, live, panels, problem, sidebar, transport
from playground.closer import closer
from playground.needed import needed_files
from playground.own_table import own_table
from playground.own_text import own_text
from playground.share import share_and_save
from rnncore.tasks import TASKS

setup = desk.open_desk()

st.title(TASKS[setup.config.task].question, anchor=False)
transport.transport(setup, live.button_status())
transport.main_choices(setup)
needed_files(setup)
own_table(setup)
own_text(setup)
panels.messages(setup)

with st.container(key="bench"):
    course, beside = st.container(key="course"), st.container(key="beside")
    live.watch(setup, course, beside)
    with course:
        transport.view_choices(setup)
        problem.reference_lines(setup)
closer(setup)

with st.sidebar:
    sidebar.drawers(setup)
    share_and_save(setup, live.on_screen(setup))
