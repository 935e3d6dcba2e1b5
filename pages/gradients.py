"""Gradients: how much of the error at the last step reaches the steps before it, measured."""

import streamlit as st

from playground import flow_parts, panels
from playground.flow_pictures import picture
from playground.flow_setup import visit

visit.open()
setup = visit.setup()

st.title("How far back does the gradient reach?", anchor=False)
flow_parts.cells(setup)
panels.notices(visit.notices)
flow_parts.look_choices(setup)

left, right = st.columns([3.4, 1], gap="medium")
with left, st.spinner("Measuring …"):
    picture(setup)
with right:
    flow_parts.main_controls(setup)

with st.sidebar:
    flow_parts.more_controls(setup)
    flow_parts.share(setup)
