"""Learning to write: a network learns a text, live, and keeps a record of what it wrote on the way."""

import streamlit as st

from playground.components.notices import notices
from playground.learning import controls
from playground.learning.curve import state, watch
from playground.learning.samples import samples, side_by_side
from playground.learning.settings import visit
from playground.learning.suggestions import next_buttons
from playground.session.faults import part, parts

visit.open()
setup = visit.setup()
before = state()  # a study may end while its page is drawn

st.title("Watch a network learn to write: noise, words, a play", anchor=False)
parts(setup, controls.transport)
parts(visit.notices, notices)
parts(setup, controls.messages, controls.text_choice)
with part():
    side_by_side()
with part():
    next_buttons(setup)
left, right = st.columns(2, gap="large")
with left, part():
    watch(before)
with right, part():
    samples()

with st.sidebar:
    with part(), st.expander("Network and samples", expanded=True):
        controls.side(setup)
    with part():
        controls.share(setup)
