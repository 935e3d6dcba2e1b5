"""Cell: a recurrent cell from outside and inside, with every number, and where its gradient goes."""

import streamlit as st

from playground.components.notices import notices
from playground.inside.cell import controls
from playground.inside.cell.settings import visit
from playground.inside.cell.views import picture
from playground.session.faults import part

visit.open()
view = visit.setup()

st.title("What happens inside a cell?", anchor=False)
with part():
    controls.looks(view)
with part():
    notices(visit.notices)
with part():
    controls.network(view)
with part():
    picture(view)

with st.sidebar, part():
    controls.share(view)
