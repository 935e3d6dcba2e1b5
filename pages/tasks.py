"""Tasks: every kind of sequence, by type, each with an example by its real generator."""

import streamlit as st

from playground.faults import part
from playground.gallery import gallery, search

st.title("Every kind of sequence: what goes in, what comes out", anchor=False)
with part():
    gallery(*search())
