"""Learning to write: a network learns a text, live, and keeps a record of what it wrote on the way."""

import streamlit as st

from playground import learning_parts
from playground.faults import part
from playground.learning_curve import state, watch
from playground.learning_next import next_buttons
from playground.learning_samples import samples, side_by_side
from playground.learning_setup import visit
from playground.notices import notices

visit.open()
setup = visit.setup()
before = state()  # a study may end while its page is drawn

st.title("Watch a network learn to write: noise, words, a play", anchor=False)
with part():
    learning_parts.transport(setup)
with part():
    notices(visit.notices)
with part():
    learning_parts.messages(setup)
with part():
    learning_parts.text_choice(setup)

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
        learning_parts.side(setup)
    with part():
        learning_parts.share(setup)
