"""Sentences that a page says once: what had to be changed, what could not be done."""

import streamlit as st


def notices(sentences: list[str]) -> None:
    """Say what had to be changed or could not be done."""
    if sentences:
        st.info("  \n".join(sentences), icon=":material/info:")
