"""Shakespeare: a network writes, one character at a time, and shows what it chose from."""

import streamlit as st

from playground import pen, pen_parts, shipped_models
from playground.cards import cards
from playground.faults import part
from playground.notices import notices

if not shipped_models.models():
    st.title("A network that writes", anchor=False)
    st.error("None of the models that come with this playground can be read: install it again. Other pages work.")
    st.stop()

pen.visit.open()
setup = pen.visit.setup()

st.title("A network that writes: which letter comes next?", anchor=False)
with part():
    notices(pen.visit.notices)
with part():
    pen_parts.transport(setup)

with part():
    pen_parts.paper(setup)
with part():
    pen_parts.side(setup)
with part():
    pen_parts.behind(setup)
with part():
    cards()

with st.sidebar, part():
    pen_parts.share(setup)
