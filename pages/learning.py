"""Learning to write: a network learns a text, live, and keeps a record of what it wrote on the way."""

import streamlit as st

from playground import learning_parts, panels
from playground.learning_curve import watch
from playground.learning_samples import samples
from playground.learning_setup import visit

visit.open()
setup = visit.setup()

st.title("Watch a network learn to write: noise, words, a play", anchor=False)
learning_parts.transport(setup)
panels.notices(visit.notices)
learning_parts.messages(setup)
learning_parts.text_choice(setup)

left, right = st.columns(2, gap="large")
with left:
    watch()
with right:
    samples()

with st.sidebar:
    with st.expander("Network and samples", expanded=True):
        learning_parts.side(setup)
    learning_parts.share(setup)
