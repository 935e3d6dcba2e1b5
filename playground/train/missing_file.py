"""Handing over the text or table that a link could only name by its fingerprint."""

import streamlit as st

from playground.race import actions
from playground.race.setup import Setup, setup_settings
from playground.session import uploads
from playground.train import own_text
from rnncore.errors import PlaygroundError
from rnncore.text.decoding import MOST_BYTES, decode


def missing_files(setup: Setup) -> None:
    """Draw, for each text of the link that is not here, what is missing and an upload for it."""
    for name, mark in actions.visit.needed.items():
        described = setup_settings(setup.config.task)[name]
        with st.container(border=True, key=f"needed-{name}"):
            digits = mark.removeprefix("sha256:")
            st.markdown(
                f"**This link needs a file.** It was made with a {described.label.lower()} that is too long for "
                f"a link. Hand over the same one (fingerprint {digits}), and all its settings hold. Until then the "
                "built-in one is shown."
            )
            st.file_uploader("The same file", type=["csv", "tsv", "txt"], key=f"train.needed.{name}", on_change=_take,
                             args=(name, described.max_length or 0), max_upload_size=8)  # fmt: skip


def _take(name: str, most: int) -> None:
    data = uploads.taken(f"train.needed.{name}")
    if data is None:
        return
    try:
        largest = MOST_BYTES if name == own_text.SETTING else 4 * most
        if len(data) > largest:
            raise PlaygroundError(f"The file has {len(data) / 1e6:.0f} MB, more than fits here: choose another.")
        text = decode(data, largest).replace("\r\n", "\n").replace("\r", "\n")
        if name == own_text.SETTING:
            text = own_text.as_learned(text)
    except PlaygroundError as error:
        actions.visit.notices = [str(error)]
        return
    actions.put(**{name: text})
