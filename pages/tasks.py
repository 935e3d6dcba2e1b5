"""Tasks: every kind of sequence, by type, each with an example by its real generator."""

import streamlit as st

from playground.catalogue.gallery import gallery, search
from playground.session.faults import part

st.title("Every kind of sequence: what goes in, what comes out", anchor=False)
with part():
    gallery(*search())
