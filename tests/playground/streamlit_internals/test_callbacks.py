"""Two clicks, one after the other, of which the second comes while the server is still at work on the first."""

import asyncio
import sys

import pytest

from tests.support.server import running
from tests.support.tab.client import Session

# A page with two buttons. What belongs to the first waits until a newer request has come, where it is told to.
PAGE = """
import sys
import time
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType
from streamlit.runtime.state import SafeSessionState

from playground.streamlit_internals.callbacks import defer_reruns_until_callbacks_done

defer_reruns_until_callbacks_done()


def wait_for_a_newer_request():
    Path(sys.argv[2]).touch()
    requests, deadline = get_script_run_ctx().script_requests, time.monotonic() + 30
    while requests._state is not ScriptRequestType.RERUN and time.monotonic() < deadline:
        time.sleep(0.01)


@st.cache_resource
def wait_before_it():
    begin = SafeSessionState.on_script_will_rerun

    def late(self, states, **settings):
        if any(state.trigger_value and "first" in state.id for state in states.widgets):
            wait_for_a_newer_request()
        begin(self, states, **settings)

    SafeSessionState.on_script_will_rerun = late


def press(name):
    if name == "first" and sys.argv[1] == "in the middle":
        wait_for_a_newer_request()
    st.session_state.pressed = [*st.session_state.get("pressed", []), name]


if sys.argv[1] == "before it":
    wait_before_it()
for name in ("first", "second"):
    st.button(name, key=name, on_click=press, args=(name,))
st.text(", ".join(st.session_state.get("pressed", [])))
"""


@pytest.mark.parametrize("when", ["before it", "in the middle"])
def test_a_click_is_not_lost_to_the_next(tmp_path, when):
    page = tmp_path / "page.py"
    page.write_text(PAGE)
    begun = tmp_path / "begun"
    start = (sys.executable, "-m", "streamlit", "run", str(page), "--server.headless", "true",
             "--server.port", "{port}", "--server.address", "127.0.0.1", "--", when, str(begun))  # fmt: skip

    async def visit():
        async with running(None, start) as server, Session(server.url, "/") as tab:
            first = asyncio.create_task(tab.click("first"))
            while not begun.exists():
                await asyncio.sleep(0.02)
            await tab.click("second")
            await first
            assert not tab.errors()
            return [node.proto.body for node in tab.elements.of_kind("text")]

    assert asyncio.run(asyncio.wait_for(visit(), 60)) == ["first, second"]
