"""The entry: `streamlit run playground/app.py`. Page config and navigation, nothing else."""

from pathlib import Path

import streamlit as st

from playground.components.style import use_scripts, use_style
from playground.door.log import client_fault
from playground.live.process import page_turn
from playground.live.updater import live_updater
from playground.session import faults, state
from playground.streamlit_internals.callbacks import defer_reruns_until_callbacks_done
from playground.streamlit_internals.frames import ignore_unreadable_values

HERE = Path(__file__).parent
PAGES = "pages" if (HERE / "pages").is_dir() else "../pages"  # installed, they lie in this package

st.set_page_config(page_title="RNN Playground", page_icon=str(HERE / "icon.svg"), layout="wide")
defer_reruns_until_callbacks_done()
faults.guard()
ignore_unreadable_values(client_fault)
use_style()
st.logo(str(HERE / "logo.svg"), size="large")
# The first page answers at the root and, through its hidden twin, at /train.
train = st.Page(f"{PAGES}/train.py", title="Train", icon=":material/play_circle:", default=True, url_path="home")
also_train = st.Page(f"{PAGES}/train.py", title="Train", url_path="train", visibility="hidden")
page = st.navigation(
    {
        "Play": [
            train,
            also_train,
            st.Page(f"{PAGES}/gradients.py", title="Gradients", icon=":material/trending_down:"),
            st.Page(f"{PAGES}/shakespeare.py", title="Shakespeare", icon=":material/history_edu:"),
            st.Page(f"{PAGES}/learning.py", title="Learning to write", icon=":material/child_care:"),
        ],
        "Look inside": [
            st.Page(f"{PAGES}/cell.py", title="Cell", icon=":material/memory:"),
        ],
        "Learn": [
            st.Page(f"{PAGES}/tasks.py", title="Tasks", icon=":material/apps:"),
            st.Page(f"{PAGES}/reference.py", title="Reference", icon=":material/menu_book:"),
        ],
    }
)
with page_turn, state.page_run():
    live_updater().end(state.session_id())
    with faults.whole_page(page.url_path):
        page.run()
use_scripts()
