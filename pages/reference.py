"""Reference: every cell, task and setting, from the same descriptions that the program itself uses."""

import streamlit as st

from playground.catalogue import reference
from playground.session.faults import part

st.title("Reference", anchor=False)
st.markdown("Every cell, task and setting of this playground, with equations, reference lines and ranges.")
cells, tasks, settings = st.tabs(["Cells", "Tasks", "Settings"])
with cells, part():
    reference.cells()
with tasks, part():
    reference.tasks()
with settings, part():
    reference.settings_table()
