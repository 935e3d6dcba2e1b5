"""Style and scripts of every page: what Streamlit's theme has no setting for."""

import streamlit as st

from playground.components import palette
from playground.components.files import file

SHEETS = ("page.css", "answers.css", "writing.css", "next_steps_row.css", "terms.css")
SCRIPTS = ("keys.js", "terms.js")


def use_style() -> None:
    """Apply the rules to the page."""
    st.html(f"<style>{palette.variables()}\n{''.join(map(file, SHEETS))}</style>")


def use_scripts() -> None:
    """Keep Space for the control in focus, and explain words; called last, since a script takes a line of the page."""
    st.html(f"<script>{''.join(map(file, SCRIPTS))}</script>", unsafe_allow_javascript=True)
