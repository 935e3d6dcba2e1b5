"""Gradients: how much of the error at the last step reaches the steps before it, measured."""

import streamlit as st

from playground import flow_parts
from playground.faults import part
from playground.flow_pictures import picture
from playground.flow_setup import visit
from playground.notices import notices

visit.open()
setup = visit.setup()

st.title("How far back does the gradient reach?", anchor=False)
with part():
    flow_parts.cells(setup)
with part():
    notices(visit.notices)
with part():
    flow_parts.look_choices(setup)

left, right = st.columns([3.4, 1], gap="medium")
with left, part(), st.spinner("Measuring …"):
    picture(setup)
with right, part():
    flow_parts.main_controls(setup)

with st.sidebar:
    with part():
        flow_parts.more_controls(setup)
    with part():
        flow_parts.share(setup)
