"""The entry: `streamlit run playground/app.py`. Page config and navigation, nothing else."""

import streamlit as st

from playground import state
from playground.clicks import hear_every_click
from playground.pulse import pulse
from playground.server import page_turn
from playground.style import use_keys, use_style

st.set_page_config(page_title="RNN Playground", page_icon="playground/icon.svg", layout="wide")
hear_every_click()
use_style()
st.logo("playground/logo.svg", size="large")
# The first page answers at the root and, through its hidden twin, at /train.
train = st.Page("../pages/train.py", title="Train", icon=":material/play_circle:", default=True, url_path="home")
also_train = st.Page("../pages/train.py", title="Train", url_path="train", visibility="hidden")
page = st.navigation(
    {
        "Play": [
            train,
            also_train,
            st.Page("../pages/gradients.py", title="Gradients", icon=":material/trending_down:"),
            st.Page("../pages/shakespeare.py", title="Shakespeare", icon=":material/history_edu:"),
            st.Page("../pages/learning.py", title="Learning to write", icon=":material/child_care:"),
        ],
        "Learn": [
            st.Page("../pages/tasks.py", title="Tasks", icon=":material/apps:"),
            st.Page("../pages/reference.py", title="Reference", icon=":material/menu_book:"),
        ],
    }
)
with page_turn, state.page_run():
    pulse().end(state.session_id())
    page.run()
use_keys()
