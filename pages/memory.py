"""Memory: what networks keep of what they read, where it lies, and what happens without it."""

import streamlit as st

from playground.components.notices import notices
from playground.inside.memory import controls
from playground.inside.memory.settings import visit
from playground.inside.memory.views import picture
from playground.session.faults import part

visit.open()
setup = visit.setup()

st.title("What do they remember?", anchor=False)
with part():
    controls.look_choices(setup)
with part():
    notices(visit.notices)
with part(), st.spinner("Measuring …"):
    picture(setup)

with st.sidebar, part():
    controls.share()
