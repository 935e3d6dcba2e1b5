"""A visitor's own text for the Train page: from a file or a paste to a set-up, and what the text is made of."""

from collections.abc import Callable
from functools import lru_cache

import streamlit as st

from playground.components.templates import render
from playground.race import actions
from playground.race.setup import Setup, setup_settings
from playground.session import state, uploads
from rnncore.errors import PlaygroundError
from rnncore.tasks.language.text import STORY, Text
from rnncore.text.decoding import encoding_of, read_as
from rnncore.text.own import MOST_BYTES, Report, changes, decode, tidy

TASK = Text.name
TEMPLATE = "train/own_text.html"
SETTING = "text"
BOX = 20_000  # characters of a text that the box shows; the page sends it at every run
KEY = f"{actions.PAGE}.{SETTING}"
MOST = setup_settings(TASK)[SETTING].max_length or 0


def own_text(setup: Setup) -> None:
    """Draw, for the task that learns a text, the upload, the box to paste into and the report."""
    if setup.config.task != TASK:
        return
    text = setup.config.options["text"]
    state.set_widget_value(KEY, state.get(f"{KEY}.draft") or (text if len(text) <= BOX else ""))
    with st.container(border=True, key="own-text"):
        left, right = st.columns([1, 2], gap="medium")
        left.file_uploader("A text file of your own", key=f"{KEY}.upload", on_change=_take_file,
                           max_upload_size=MOST_BYTES // 10**6,
                           help=f"Plain text, at most 2 MB; its first {MOST:,} characters are learned. It stays on "
                           "this server until you leave the page.")  # fmt: skip
        right.text_area("Or paste a text here", key=KEY, height=100, max_chars=MOST, on_change=_take_paste,
                        placeholder=f"A text of {len(text):,} characters is learned, too long to stand here. The box "
                        f"takes {MOST:,} characters and nothing longer.",
                        help=setup_settings(TASK)["text"].help)  # fmt: skip
        report = _report(text)
        lines = "one line" if report.lines == 1 else f"{report.lines:,} lines"
        remarks = [] if text == STORY or state.get(f"{KEY}.of") != hash(text) else state.get(f"{KEY}.said", [])
        st.html(render(TEMPLATE, "report", report, lines, text == STORY, remarks))
        if text != STORY:
            st.button("Back to the built-in story", key=f"{KEY}.story", on_click=_take_story)


@lru_cache(maxsize=16)
def _report(text: str) -> Report:
    return tidy(text)[1]


def as_learned(text: str) -> str:
    """Return a text as it is learned: tidied, and cut where it is too long."""
    return tidy(text)[0][:MOST]


def _take_file() -> None:
    data = uploads.taken(f"{KEY}.upload")
    if data is not None:
        state.take(f"{KEY}.draft")
        _take(lambda: decode(data), lambda: read_as(encoding_of(data)))


def _take_paste() -> None:
    pasted = state.get(KEY)
    if pasted:
        _take(lambda: str(pasted))
        # what was refused stays in the box, to be mended
        state.put(f"{KEY}.draft", str(pasted)[:MOST] if actions.notices() else None)


def _take_story() -> None:
    state.take(f"{KEY}.draft")
    actions.put(text=STORY)


def _take(read: Callable[[], str], remark: Callable[[], str] = str) -> None:
    """Learn another text; on any fault the last one stays."""
    try:
        whole, report = tidy(read()[:MOST_BYTES])
        remarks = [remark(), *changes(report)]
    except PlaygroundError as error:
        actions.visit.notices = [str(error)]
        return
    text = whole[:MOST]
    if len(whole) > MOST:
        remarks.append(f"Only the first {MOST:,} of its {len(whole):,} characters are learned here; the page Learning "
                       "to write takes more.")  # fmt: skip
    seq_len = actions.setup().config.seq_len
    fits = Text.longest_window(len(text))
    lowest = Text.seq_len_range[0]
    if lowest <= fits < seq_len:
        remarks.append(f"{Text.seq_len_label} is {fits} now, since the text's held-out tenth has no more room.")
        seq_len = fits
    actions.put(text=text, seq_len=seq_len)
    state.put(f"{KEY}.of", hash(text))
    state.put(f"{KEY}.said", [said for said in remarks if said])
