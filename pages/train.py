"""Train: pick a task and up to four cells, press Start, and watch real networks learn."""

import streamlit as st

from playground.components.page_change import hide_previous_subject
from playground.race import actions
from playground.session.faults import part, parts
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
    parts(setup, transport.transport, transport.main_choices, missing_files, own_table, own_text, messages.messages)
    with st.container(key="bench"):
        course, beside = st.container(key="course"), st.container(key="beside")
        with part():
            view.watch(setup, course, beside, before)
        with course:
            parts(setup, transport.view_choices, view.reference_lines)
parts(setup, inspect_drawer, suggestions.next_buttons)

with st.sidebar:
    parts(setup, sidebar.drawers, share_and_save)
