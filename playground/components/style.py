"""Style and scripts of every page: what Streamlit's theme has no setting for."""

import streamlit as st
from markupsafe import Markup

from playground.components import palette
from playground.components.files import file
from playground.components.templates import render

SHEETS = ("page.css", "answers.css", "writing.css", "next_steps_row.css", "terms.css",
          "unrolled_picture.css")  # fmt: skip
SCRIPTS = ("keys.js", "terms.js")


def use_style() -> None:
    """Apply the rules to the page."""
    st.html(style(f"{palette.variables()}\n{''.join(map(file, SHEETS))}"))


def style(rules: str) -> Markup:
    """Return rules of this project as an element of the page."""
    return render("components/style.html", "style", rules)


def use_scripts() -> None:
    """Keep Space for the control in focus, and explain words; called last, since a script takes a line of the page."""
    st.html(render("components/style.html", "script", "".join(map(file, SCRIPTS))), unsafe_allow_javascript=True)
