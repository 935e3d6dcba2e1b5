"""The only module that touches `st.session_state`: plain values, by page and name."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx


def session_id() -> str:
    """Return what tells this browser tab's session from all others."""
    context = get_script_run_ctx()
    return context.session_id if context else "no session"


def get(name: str, default: Any = None) -> Any:
    """Return a value of this session."""
    return st.session_state.get(name, default)


def put(name: str, value: Any) -> None:
    """Keep a plain value in this session."""
    st.session_state[name] = value


def put_all(values: Mapping[str, Any]) -> None:
    """Keep several plain values."""
    for name, value in values.items():
        st.session_state[name] = value


def take(name: str, default: Any = None) -> Any:
    """Return a value and forget it."""
    return st.session_state.pop(name, default)
