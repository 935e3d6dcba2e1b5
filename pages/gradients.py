"""Gradients: how much of the error at the last step reaches the steps before it, measured."""

import streamlit as st

from playground.components.notices import notices
from playground.gradients import controls
from playground.gradients.settings import visit
from playground.gradients.views import picture
from playground.session.faults import part

visit.open()
setup = visit.setup()

st.title("How far back does the gradient reach?", anchor=False)
with part():
    controls.cells(setup)
with part():
    notices(visit.notices)
with part():
    controls.look_choices(setup)

left, right = st.columns([3.4, 1], gap="medium")
with left, part(), st.spinner("Measuring …"):
    picture(setup)
with right, part():
    controls.main_controls(setup)

with st.sidebar:
    with part():
        controls.more_controls(setup)
    with part():
        controls.share(setup)
