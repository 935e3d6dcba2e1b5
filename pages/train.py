"""Train: pick a task and up to four cells, press Start, and watch real networks learn."""

import streamlit as st

from playground import desk, live, panels, problem, sidebar, train_next, transport
from playground.closer import closer
from playground.curtain import curtain
from playground.faults import part
from playground.needed import needed_files
from playground.own_table import own_table
from playground.own_text import own_text
from playground.share import share_and_save
from rnncore.tasks import TASKS

setup = desk.open_desk()
before = live.state()  # a race may end while its page is drawn

with curtain(desk.PAGE, setup.config.task):
    st.title(TASKS[setup.config.task].question, anchor=False)
    with part():
        transport.transport(setup, live.button_status())
    with part():
        transport.main_choices(setup)
    with part():
        needed_files(setup)
    with part():
        own_table(setup)
    with part():
        own_text(setup)
    with part():
        panels.messages(setup)

    with st.container(key="bench"):
        course, beside = st.container(key="course"), st.container(key="beside")
        with part():
            live.watch(setup, course, beside, before)
        with course, part():
            transport.view_choices(setup)
        with course, part():
            problem.reference_lines(live.shown_config(setup))
with part():
    closer(setup)
with part():
    train_next.next_buttons(setup)

with st.sidebar:
    with part():
        sidebar.drawers(setup)
    with part():
        share_and_save(setup)
