"""Train: pick a task and up to four cells, press Start, and watch real networks learn."""

import streamlit as st

from playground.components.page_change import hide_previous_subject
from playground.race import actions, task_example
from playground.session.faults import part
from playground.train import messages, sidebar, suggestions, transport, view
from playground.train.inside import open_wanted
from playground.train.inspect import inspect_drawer
from playground.train.missing_file import missing_files
from playground.train.own_table import own_table
from playground.train.own_text import own_text
from playground.train.share import share_and_save
from rnncore.tasks import TASKS

setup = actions.open_page()
with part():
    open_wanted()
before = view.state()  # a race may end while its page is drawn

with hide_previous_subject(actions.PAGE, setup.config.task):
    st.title(TASKS[setup.config.task].question, anchor=False)
    with part():
        transport.transport(setup, view.button_status())
    with part():
        transport.main_choices(setup)
    with part():
        missing_files(setup)
    with part():
        own_table(setup)
    with part():
        own_text(setup)
    with part():
        messages.messages(setup)

    with st.container(key="bench"):
        course, beside = st.container(key="course"), st.container(key="beside")
        with part():
            view.watch(setup, course, beside, before)
        with course, part():
            transport.view_choices(setup)
        with course, part():
            task_example.reference_lines(view.shown_config(setup))
with part():
    inspect_drawer(setup)
with part():
    suggestions.next_buttons(setup)

with st.sidebar:
    with part():
        sidebar.drawers(setup)
    with part():
        share_and_save(setup)
