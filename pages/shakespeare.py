"""Shakespeare: a network writes, one character at a time, and shows what it chose from."""

import streamlit as st

from playground.components.notices import notices
from playground.language_models import shipped_models
from playground.session.faults import part
from playground.shakespeare import settings, views
from playground.shakespeare.model_cards import cards

if not shipped_models.models():
    st.title("A network that writes", anchor=False)
    st.error("None of the models that come with this playground can be read: install it again. Other pages work.")
    st.stop()

settings.visit.open()
setup = settings.visit.setup()

st.title("A network that writes: which letter comes next?", anchor=False)
with part():
    notices(settings.visit.notices)
with part():
    views.transport(setup)

with part():
    views.paper(setup)
with part():
    views.side(setup)
with part():
    views.behind(setup)
with part():
    cards()

with st.sidebar, part():
    views.share(setup)
